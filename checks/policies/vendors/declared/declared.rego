# METADATA
# title: Every vendor that DNS reveals is in the register
# description: A vendor that handles mail and has no agreement on file is an impermissible disclosure waiting to be found.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [BAA-05, BAA-01]
#   reference: [VENDOR-01]
#   evidence: [derived.vendor]
#   expected: a register row that answers for the vendor
#   remediation: |
#     Ask the vendor for its agreement and record it in records/baa/, or remove its records from DNS if it is no longer used.
package policies.vendors.declared

import data.policies.lib.evidence

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.match.shows in {"mail_flow", "reports"}
}

deny contains evidence.finding_with(vendor, "outcome", "the vendor shows in DNS and no agreement is on file", {
	"observed": [signal.record | some signal in vendor.match.signals],
}) if {
	some vendor in resources
	not _declared(vendor)
}

# Whether the row holds is judged by the checks on the register.
_declared(vendor) if vendor.outcome in {
	"covered",
	"contradiction",
	"edition_excluded",
	"edition_open",
	"plan_gated_needs_proof",
	"excluded",
	"document_faulty",
	"not_in_force",
	"ended",
}
