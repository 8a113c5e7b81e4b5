# METADATA
# title: SPF does not let other customers of a shared service send as the domain
# description: On a shared network any customer passes SPF for the domain unless the service ties domains to their owners.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [SPF-15]
#   evidence: [derived.shared_sender]
#   expected: services that verify the domain of each customer, or aligned signatures under an enforced DMARC policy
#   citations: ["RFC 7208 11.4"]
#   remediation: |
#     Tie the domain to your account at the service (at MailChannels by a TXT record at _mailchannels.<domain>), or remove the include and rely on aligned DKIM signatures under DMARC.
package policies.spf.shared_senders

import data.policies.lib.evidence

resources contains sender if {
	some sender in evidence.of("derived.shared_sender")
	sender.sends
	not sender.own
}

deny contains evidence.finding_with(sender, path, "other customers of the service may be able to send as the domain", {
	"observed": evidence.shown(sender, "name"),
}) if {
	some sender in resources
	not _verified(sender)
	not _exempt(sender)
	path := _open(sender)
}

_verified(sender) if sender.verifies == true

_exempt(sender) if sender.exempt == true

# Where nothing is known of the service that is what leaves the verdict open, else the signatures of messages.
_open(sender) := "verifies" if {
	sender.verifies == null
} else := "exempt"
