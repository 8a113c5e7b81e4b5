# METADATA
# title: Registered vendors without a trace in DNS are explained
# description: A row that nothing in DNS answers to may be a service that was never set up, or one that hides.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [BAA-05, TEC-17]
#   reference: [VENDOR-11]
#   evidence: [derived.vendor_unseen]
#   expected: a note on the row that says why the vendor does not show
#   remediation: |
#     Write into notes of the row why the vendor does not show, for example internal use or not yet live.
package policies.vendors.unseen_explained

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.vendor_unseen")
	row.standing != "ended"
}

# For information: many services leave no sign in DNS, and another domain of the client may show this one.
deny contains evidence.finding_with(row, "note", "the vendor does not show in DNS and the row does not say why", {
	"observed": evidence.shown(row, "party"),
	"severity": "info",
}) if {
	some row in resources
	not _explained(row)
}

_explained(row) if is_string(row.note)
