# METADATA
# title: Messages of every sending stream are aligned
# description: Only what is aligned with From passes DMARC; a stream that is not gets lost under an enforced policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12, CSP-01]
#   reference: [DMARC-13]
#   evidence: [derived.message]
#   expected: one From domain, aligned with a passing DKIM signature or MAIL FROM
#   citations: ["RFC 9989 4.4"]
#   remediation: |
#     Have the service sign with d= of your domain, or use a MAIL FROM domain under it; give a sample message of each stream.
package policies.dmarc.messages_aligned

import data.policies.lib.evidence

resources contains message if {
	some message in evidence.of("derived.message")
	message.sends
}

deny contains evidence.finding(message, "sampled", "no sample message was given") if {
	some message in resources
	not message.sampled
}

deny contains evidence.finding_with(message, "aligned", "neither DKIM nor SPF is aligned with From", {
	"observed": evidence.shown(message, "stream"),
}) if {
	some message in resources
	message.sampled
	not message.aligned
}

deny contains evidence.finding_with(message, "fromDomains", "From does not hold exactly one domain", {
	"observed": evidence.shown(message, "fromDomains"),
}) if {
	some message in resources
	message.sampled
	count(message.fromDomains) != 1
}
