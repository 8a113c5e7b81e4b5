# METADATA
# title: Every include and redirect leads to an SPF record
# description: A target without a record, or with several, gives permerror for the domain itself.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-09]
#   evidence: [derived.spf]
#   expected: one valid SPF record at each target
#   citations: ["RFC 7208 5.2", "RFC 7208 6.1"]
#   remediation: |
#     DNS: remove the include of a service that is gone, or ask its owner to repair its record.
package policies.spf.include_targets_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.targets.status != "none"

deny contains evidence.finding(domain, "targets.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.targets.status == "complete"

deny contains evidence.finding_with(
	domain,
	"targets.targets",
	sprintf("%s has no single valid SPF record", [evidence.shown(target, "name")]),
	{"observed": object.filter(target, ["term", "at", "state"])},
) if {
	some domain in resources
	some target in domain.targets.targets
	target.state in {"none", "several", "invalid", "malformed_name", "loop"}
}
