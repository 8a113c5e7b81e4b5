# METADATA
# title: Agreements tied to a plan are backed by proof of the plan
# description: Many vendors sign for some editions only; on another edition the agreement covers nothing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, BAA-01]
#   reference: [VENDOR-03]
#   evidence: [derived.vendor]
#   expected: edition and a dated document with its hash in the register row
#   remediation: |
#     Record edition and acceptedOn in the row and add a dated invoice or screenshot of the plan with its SHA-256 under evidence.
package policies.vendors.plan_proven

import data.policies.lib.evidence

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.outcome in {"plan_gated_needs_proof", "edition_excluded", "edition_open"}
}

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.outcome == "covered"
	vendor.verdict.baa == "plan"
}

# Without a register that could be read it stays open whether the question arises.
resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.outcome == null
}

deny contains evidence.finding_with(
	vendor,
	"outcome",
	"the vendor signs for some plans only, and the row does not prove the plan in use",
	{"observed": evidence.shown(vendor, "verdict.note")},
) if {
	some vendor in resources
	not _proven(vendor)
	not _about_edition(vendor)
}

deny contains evidence.finding_with(
	vendor,
	"outcome",
	"the vendor signs none for the edition in the row",
	{"observed": evidence.shown(vendor, "verdict.edition")},
) if {
	some vendor in resources
	vendor.outcome == "edition_excluded"
}

deny contains evidence.finding(
	vendor,
	"verdict.edition",
	"the vendor data does not settle whether the edition has one",
) if {
	some vendor in resources
	vendor.outcome == "edition_open"
}

_about_edition(vendor) if vendor.outcome in {"edition_excluded", "edition_open"}

_proven(vendor) if vendor.outcome == "covered"
