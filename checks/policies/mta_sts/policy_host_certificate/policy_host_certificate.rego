# METADATA
# title: The policy host serves HTTPS with a valid certificate
# description: Senders refuse a policy behind a certificate that is expired, untrusted or for another name.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-11]
#   reference: [STS-03]
#   evidence: [derived.mta_sts]
#   expected: a trusted certificate in date for mta-sts.<domain>
#   citations: ["RFC 8461 3.3"]
#   remediation: |
#     Renew the certificate of mta-sts.<domain>: it must chain to a public root, be in date and hold that name.
package policies.mta_sts.policy_host_certificate

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
}

deny contains evidence.finding_with(domain, "fetch.certificateFaults", _message(domain), {
	"observed": evidence.shown(domain, "fetch.certificateFaults"),
}) if {
	some domain in resources
	not _good(domain)
}

deny contains evidence.finding_with(domain, "fetch", "the policy host does not exist, though the record does", {
	"observed": evidence.shown(domain, "fetch.reason"),
}) if {
	some domain in resources
	domain.fetch.reason in {"host_not_found", "cname_loop"}
}

_good(domain) if count(domain.fetch.certificateFaults) == 0

_message(domain) := sprintf("senders refuse the certificate: %s", [domain.fetch.detail]) if {
	is_string(domain.fetch.detail)
} else := "the certificate could not be judged"
