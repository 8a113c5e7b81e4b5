import { attachment, type PolicySpec } from "./resource-policies.ts";

/** Where the policies of KMS keys stand. */
export const keyPolicies: PolicySpec = {
	subjects: [
		{ kind: "aws_kms_key", policy: "policy" },
		{ kind: "aws_kms_external_key", policy: "policy" },
		{ kind: "aws_kms_replica_key", policy: "policy" },
	],
	attachments: [attachment("aws_kms_key_policy", "key_id")],
};
