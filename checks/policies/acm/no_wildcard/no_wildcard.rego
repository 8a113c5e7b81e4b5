# METADATA
# title: Certificates of mail hosts name their hosts
# description: >-
#   A wildcard speaks for every host of the domain: whoever has its key speaks for the MTA-STS policy too.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-11]
#   reference: [EDG-04]
#   evidence: [aws_acm_certificate]
#   expected: no name that begins with *.
#   parameters:
#     allowWildcard: {default: false, kind: declaration, description: Wildcards are wanted here}
#   remediation: |
#     CDKTF and Terraform: name the hosts in domain_name and subject_alternative_names of the aws_acm_certificate.
#     AWS CLI: aws acm request-certificate --domain-name mta-sts.example.org
package policies.acm.no_wildcard

import data.policies.lib.evidence

resources contains certificate if {
	some certificate in evidence.of("aws_acm_certificate")
	not _unused(certificate)
	not input.parameters.allowWildcard == true
}

# A live account says by what a certificate is used; a plan does not.
_unused(certificate) if count(certificate.in_use_by) == 0

deny contains evidence.finding(certificate, "domain_name", "the certificate is a wildcard") if {
	some certificate in resources
	not _plain_name(certificate)
}

deny contains evidence.finding(certificate, "subject_alternative_names", "the certificate is a wildcard") if {
	some certificate in resources
	not _plain_names(certificate)
}

_plain_name(certificate) if _plain(certificate.domain_name)

_plain(name) if {
	is_string(name)
	not startswith(name, "*.")
}

_plain_names(certificate) if evidence.unset(certificate, "subject_alternative_names")

_plain_names(certificate) if {
	every name in certificate.subject_alternative_names {
		_plain(name)
	}
}
