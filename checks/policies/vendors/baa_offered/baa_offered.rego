# METADATA
# title: No agreement is claimed that the vendor does not offer
# description: A row that says executed for a vendor that signs no agreement on any plan is a contradiction to be settled.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [BAA-05, BAA-01]
#   reference: [VENDOR-02]
#   evidence: [derived.vendor]
#   expected: a vendor that signs agreements, by vendor data of the last 180 days
#   remediation: |
#     Compare the signed paper with the vendor's current terms; if the vendor signs none, move the mail to one that does.
package policies.vendors.baa_offered

import data.policies.lib.evidence

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.outcome in {"covered", "contradiction", "plan_gated_needs_proof", "excluded", "document_faulty"}
}

# Without a register that could be read it stays open whether the question arises.
resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.outcome == null
}

deny contains evidence.finding(vendor, "outcome", "the register could not be read") if {
	some vendor in resources
	vendor.outcome == null
}

deny contains evidence.finding_with(vendor, "outcome", "the vendor signs no agreement on any plan", {
	"observed": object.filter(vendor.verdict, ["baa", "note", "source", "asOf"]),
}) if {
	some vendor in resources
	vendor.outcome == "contradiction"
	vendor.verdict.conclusive
}

deny contains evidence.finding(vendor, "verdict.conclusive", "the vendor data does not settle it; ask the vendor") if {
	some vendor in resources
	not vendor.verdict.conclusive
}

deny contains evidence.finding(vendor, "verdict.baa", "the vendor data says nothing of an agreement") if {
	some vendor in resources
	vendor.verdict.conclusive
	not _offers(vendor)
	vendor.outcome != "contradiction"
}

_offers(vendor) if vendor.verdict.baa in {"yes", "plan"}
