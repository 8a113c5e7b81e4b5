# METADATA
# title: Products that ride on another sender's network are declared
# description: The network that shows in DNS may be used by a product that nobody wrote down and that sees the mail first.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-05, BAA-04]
#   reference: [VENDOR-05]
#   evidence: [derived.carrier]
#   expected: a row that says whether the network is used directly or through a product, and covers the product
#   remediation: |
#     Ask who set the records up; name the network or the product among coveredServices of its agreement in records/baa/.
package policies.vendors.carriers_declared

import data.policies.lib.evidence

resources contains carrier if {
	some carrier in evidence.of("derived.carrier")
	carrier.sends
}

deny contains evidence.finding_with(
	carrier,
	"uncovered",
	"a product on this network is in the register without an agreement in force",
	{
		"observed": evidence.shown(carrier, "uncovered"),
	},
) if {
	some carrier in resources
	count(carrier.uncovered) > 0
}

deny contains evidence.finding_with(carrier, "declared", "the register does not say who uses the network", {
	"observed": evidence.shown(carrier, "possible"),
}) if {
	some carrier in resources
	not carrier.declared
}

deny contains evidence.finding(carrier, "uncovered", "not every row of the register could be read") if {
	some carrier in resources
	count(carrier.uncovered) == 0
	not carrier.registerRead
}
