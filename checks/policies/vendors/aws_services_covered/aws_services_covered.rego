# METADATA
# title: Every AWS service in use is one that the agreement with AWS covers
# description: The addendum of AWS lets PHI into eligible services alone. The register names the services that it covers, with the day on which that was looked up; what is in use beside them is outside the agreement.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, BAA-01]
#   reference: [ABA-02]
#   evidence: [derived.agreement_service]
#   expected: each service in use among the coveredServices of an agreement in force, and among the excludedServices of none
#   remediation: |
#     Look the service up in the HIPAA Eligible Services Reference of AWS and add it to coveredServices with source and checkedOn; move mail data out of a service that is not eligible.
package policies.vendors.aws_services_covered

import data.policies.lib.evidence

resources contains service if some service in evidence.of("derived.agreement_service")

deny contains evidence.finding(service, "agreement", "no agreement with AWS is in force") if {
	some service in resources
	not service.agreement == true
}

deny contains evidence.finding_with(service, "covered", "the service is not among those that the agreement covers", {
	"observed": evidence.shown(service, "service"),
}) if {
	some service in resources
	service.agreement == true
	not service.covered == true
}

deny contains evidence.finding(service, "excludedBy", "an agreement in force leaves the service out") if {
	some service in resources
	count(service.excludedBy) > 0
}
