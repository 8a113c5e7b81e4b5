# METADATA
# title: The MTA-STS id changes with the policy
# description: Senders fetch the policy again only when the id is another; without that they go on by the old one.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10]
#   reference: [STS-02]
#   evidence: [derived.mta_sts_change]
#   expected: a new id for every change of the policy text
#   citations: ["RFC 8461 3.1"]
#   remediation: |
#     DNS: set a new id at _mta-sts.<domain> whenever the policy changes; the time of the change is a good one.
package policies.mta_sts.id_follows_policy

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts_change")
	domain.receives
}

deny contains evidence.finding_with(domain, "followed", "the policy has changed under the same id", {
	"observed": evidence.shown(domain, "recordId"),
}) if {
	some domain in resources
	not _followed(domain)
}

_followed(domain) if domain.followed == true
