# METADATA
# title: Exactly one valid MTA-STS record is published
# description: Senders look for the policy only when this record tells them to.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10]
#   reference: [STS-01, STS-02]
#   evidence: [derived.mta_sts]
#   expected: one TXT record at _mta-sts.<domain> with v=STSv1 and a valid id
#   citations: ["RFC 8461 3.1", "RFC 8461 3.4"]
#   remediation: |
#     DNS: publish "v=STSv1; id=YYYYMMDDhhmmss" as the one TXT record at _mta-sts.<domain> and change the id with every change of the policy.
package policies.mta_sts.record_published

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
}

deny contains evidence.finding_with(domain, "record", _message(domain), {
	"observed": evidence.shown(domain, "record.count"),
}) if {
	some domain in resources
	not _valid(domain)
}

_valid(domain) if {
	domain.record.valid
	domain.record.count == 1
}

_message(domain) := domain.record.error if is_string(domain.record.error)

else := "there is no MTA-STS record"
