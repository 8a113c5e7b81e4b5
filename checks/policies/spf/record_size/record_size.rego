# METADATA
# title: The SPF record is short and its answer arrives
# description: An answer that does not fit a datagram depends on TCP, which some networks do not let through.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-12]
#   evidence: [derived.spf, derived.zone_servers]
#   expected: at most 450 octets, and where the answer is truncated an answer over TCP
#   citations: ["RFC 7208 3.3", "RFC 7208 3.4"]
#   remediation: |
#     DNS: shorten the record, move verification tokens to other names, and let TCP port 53 through to the name servers.
package policies.spf.record_size

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.size.status != "none"

deny contains evidence.finding(domain, "size.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.size.status in {"complete", "none"}

deny contains evidence.finding_with(domain, "size.recordOctets", "the record is longer than 450 octets", {
	"observed": evidence.shown(domain, "size.recordOctets"),
}) if {
	some domain in resources
	domain.size.status == "complete"
	not evidence.at_most(domain, "size.recordOctets", 450)
}

deny contains evidence.finding_with(domain, "size.answerOctets", "the answer is truncated and does not come over TCP", {
	"observed": evidence.shown(zone, "truncated"),
}) if {
	some domain in resources
	some zone in evidence.of("derived.zone_servers")
	zone._id == domain._id
	count(zone.truncated) > 0
}
