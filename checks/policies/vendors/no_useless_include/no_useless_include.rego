# METADATA
# title: No SPF include is useless
# description: A service that sends with a return path of its own gains nothing from the include; the domain is opened for it and pays a lookup.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [VENDOR-08]
#   evidence: [derived.vendor]
#   expected: includes of services that send with the return path of the domain
#   citations: ["RFC 7208 4.6.4", "RFC 9989 4.4"]
#   remediation: |
#     DNS: remove the include, and set up DKIM at the service instead.
package policies.vendors.no_useless_include

import data.policies.lib.evidence

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	_included(vendor)
}

_included(vendor) if {
	some signal in vendor.match.signals
	signal.signal == "spfDirect"
}

deny contains evidence.finding_with(
	vendor,
	"match.uselessInclude",
	"the service sends with a return path of its own, so SPF never aligns",
	{
		"observed": records,
	},
) if {
	some vendor in resources
	vendor.match.uselessInclude
	records := [signal.record | some signal in vendor.match.signals; signal.signal == "spfDirect"]
}
