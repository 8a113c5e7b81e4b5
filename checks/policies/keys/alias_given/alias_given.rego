# METADATA
# title: Keys have an alias
# description: A key without a name is the one that somebody schedules for deletion.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-04]
#   reference: [KMS-06]
#   evidence: [aws_kms_key, aws_kms_alias]
#   expected: an aws_kms_alias of the key
#   remediation: |
#     CDKTF and Terraform: add an aws_kms_alias with target_key_id of the aws_kms_key.
#     AWS CLI: aws kms create-alias --alias-name alias/NAME --target-key-id ID
package policies.keys.alias_given

import data.policies.lib.evidence

resources contains key if some key in evidence.of("aws_kms_key")

deny contains evidence.finding_with(key, "alias", "no alias names the key", {
	"restsOn": [rest | some rest in _candidates],
}) if {
	some key in resources
	not _named(key)
}

_candidates := [{"id": alias._id, "path": "target_key_id"} |
	some alias in evidence.of("aws_kms_alias")
	evidence.may_refer(alias, "target_key_id")
	not alias._references.target_key_id
]

_named(key) if {
	some name in evidence.identities(key)
	_aliased[name]
}

_named(key) if _aliased[["value", key.key_id]]

_aliased contains name if {
	some alias in evidence.of("aws_kms_alias")
	some path in ["target_key_id", "target_key_arn"]
	some name in evidence.names_at(alias, path)
}
