# METADATA
# title: Exactly one SPF record is published
# description: None leaves the domain open to anyone; two or more make every check end in permerror.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-01]
#   evidence: [derived.spf]
#   expected: exactly one TXT record that begins with v=spf1
#   citations: ["RFC 7208 3.2", "RFC 7208 4.5"]
#   remediation: |
#     DNS: publish one TXT record at the domain itself, such as "v=spf1 include:amazonses.com -all"; merge several into one.
package policies.spf.single_record

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
}

deny contains evidence.finding(domain, "published.status", "the TXT records could not be read") if {
	some domain in resources
	not _told(domain)
}

deny contains evidence.finding(domain, "published.count", "the domain does not publish exactly one SPF record") if {
	some domain in resources
	_told(domain)
	not _single(domain)
}

_told(domain) if domain.published.status == "complete"

_single(domain) if domain.published.count == 1
