# METADATA
# title: The DNS records of every sending domain meet the baseline
# description: SES delivers mail of a domain without SPF and DMARC, and so does everybody else who writes that domain into From.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12, TEC-10, TEC-13]
#   reference: [SES-21]
#   evidence: [derived.identity_records]
#   expected: SPF that refuses others, DMARC with quarantine or reject and reports; with an MX record, MTA-STS and TLS reporting
#   remediation: |
#     CDKTF and Terraform: add aws_route53_record for the domain (v=spf1 include:amazonses.com -all), _dmarc (v=DMARC1; p=reject; rua=mailto:...), and with an MX record _mta-sts and _smtp._tls; MailDomainDns makes them.
#     DNS: publish the same TXT records where the zone is hosted.
package policies.sending.identity_records

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.identity_records")

deny contains evidence.finding(domain, path, message) if {
	some domain in resources
	some path, message in {
		"spf": "no single SPF record refuses other senders",
		"dmarc": "no enforced DMARC policy with reports is published",
	}
	not domain[path] == true
}

deny contains evidence.finding(domain, "receives", "whether the domain receives mail cannot be told") if {
	some domain in resources
	not evidence.is_set(domain, "receives")
}

deny contains evidence.finding(domain, path, message) if {
	some domain in resources
	domain.receives == true
	some path, message in {
		"mtaSts": "the domain receives mail without MTA-STS",
		"tlsReports": "the domain receives mail without TLS reporting",
	}
	not domain[path] == true
}
