# METADATA
# title: Both the filter and the mailbox host are covered
# description: The filter in front and the mailboxes behind see the same mail; an agreement with one does not cover the other.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05]
#   reference: [VENDOR-04]
#   evidence: [derived.mail_path]
#   expected: a register row for the filter and one for the mailbox host
#   remediation: |
#     Record the agreement with the mailbox host in records/baa/ beside that of the filter.
package policies.vendors.mailbox_behind_filter

import data.policies.lib.evidence

resources contains path if {
	some path in evidence.of("derived.mail_path")
	path.receives
	count(path.filters) > 0
}

deny contains evidence.finding_with(path, "rows", "a service on the path of the mail has no row of its own", {
	"observed": missing,
}) if {
	some path in resources
	missing := array.concat(path.filtersWithoutRow, path.withoutRow)
	count(missing) > 0
}

deny contains evidence.finding_with(path, "mailboxes", "the mailbox host behind the filter does not show", {
	"observed": evidence.shown(path, "filters"),
}) if {
	some path in resources
	count(path.mailboxes) == 0
}
