# METADATA
# title: Exactly one TLS reporting record is published
# description: Without reports nobody learns that senders fail to reach the domain over TLS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10, ADM-04]
#   reference: [RPT-01]
#   evidence: [derived.tls_rpt]
#   expected: one TXT record at _smtp._tls.<domain> that begins with v=TLSRPTv1
#   citations: ["RFC 8460 3"]
#   remediation: |
#     DNS: publish "v=TLSRPTv1; rua=mailto:ADDRESS" as the one TXT record at _smtp._tls.<domain>.
package policies.tls_rpt.record_published

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.tls_rpt")
	domain.receives
}

deny contains evidence.finding(domain, "count", "no TLS report is asked for") if {
	some domain in resources
	not _single(domain)
}

_single(domain) if domain.count == 1
