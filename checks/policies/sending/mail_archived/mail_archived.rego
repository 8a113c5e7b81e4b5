# METADATA
# title: Mail that is sent is archived for six years under an own key
# description: >-
#   What was told to a patient must be shown again six years later. Sets that carry no health information, and sets of which
#   the mail is archived elsewhere, are declared.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-14, TEC-06, PRV-17]
#   reference: [SES-15]
#   evidence: [derived.set_archive]
#   expected: an active archive of Mail Manager with a customer managed key and the years of the parameter
#   parameters:
#     minYears: {default: 6, stricter: higher, description: Years that the archive keeps mail}
#     otherSets: {default: [], kind: declaration, description: Configuration sets that carry no health information or whose mail is archived elsewhere}
#   remediation: |
#     AWS CLI: aws mailmanager create-archive --archive-name NAME --kms-key-arn ARN --retention RetentionPeriod=SIX_YEARS, then
#     aws sesv2 put-configuration-set-archiving-options --configuration-set-name NAME --archive-arn ARN
package policies.sending.mail_archived

import data.policies.lib.evidence

resources contains set if {
	some set in evidence.of("derived.set_archive")
	not set.set in input.parameters.otherSets
}

deny contains evidence.finding(set, "archived", "mail sent with the configuration set is not archived") if {
	some set in resources
	not set.archived == true
}

deny contains evidence.finding(set, path, lack) if {
	some set in resources
	set.archived == true
	some path, lack in {
		"active": "the archive is not active",
		"ownKey": "the archive is under a key of AWS's",
	}
	not set[path] == true
}

deny contains evidence.finding_with(set, "years", "the archive forgets too early", {
	"expected": sprintf("%d years", [input.parameters.minYears]),
}) if {
	some set in resources
	set.archived == true
	not _kept(set)
}

_kept(set) if evidence.at_least(set, "years", input.parameters.minYears)

# For good.
_kept(set) if set.years == null
