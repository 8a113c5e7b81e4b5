import type { DataAwsIamPolicyDocument, DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Construct } from "constructs";
import { policyDocument } from "./policy-document.ts";
import { isWholeNumber, type PropRule } from "./prop-checks.ts";

/** An hour: the oldest MFA that a mail administrator may act on. */
const oldestMfaSeconds = 3600;

export const mfaAgeRule: PropRule = {
	wanted: `a whole number of seconds from 60 to ${oldestMfaSeconds}`,
	remedy: "leave it out for an hour",
};

export function isMfaAge(seconds: number): boolean {
	return isWholeNumber(seconds, 60, oldestMfaSeconds);
}

export const principalRule: PropRule = {
	wanted: "the ARN of an IAM user or role",
	remedy: 'name each, such as "arn:aws:iam::111122223333:user/a.person"',
};

/** Trust of a role that people take: with MFA, and with recent MFA (45 CFR 164.312(d)). */
export function mfaTrust(scope: Construct, id: string, principals: readonly string[], maxMfaAgeSeconds = oldestMfaSeconds): DataAwsIamPolicyDocument {
	return policyDocument(scope, id, [
		{
			sid: "WithRecentMfa",
			actions: ["sts:AssumeRole"],
			principals: [{ type: "AWS", identifiers: [...principals] }],
			condition: [
				{ test: "Bool", variable: "aws:MultiFactorAuthPresent", values: ["true"] },
				{ test: "NumericLessThanEquals", variable: "aws:MultiFactorAuthAge", values: [String(maxMfaAgeSeconds)] },
			],
		},
	]);
}

/** Whatever else is allowed: nothing of the mail system is changed without MFA. */
export const noChangeWithoutMfa: DataAwsIamPolicyDocumentStatement = {
	sid: "NoChangeWithoutMfa",
	effect: "Deny",
	actions: ["ses:*", "kms:*", "s3:Create*", "s3:Put*", "s3:Delete*", "s3:BypassGovernanceRetention"],
	resources: ["*"],
	// IfExists: a request signed with a long-term key carries no such value, and is just what this is for.
	condition: [{ test: "BoolIfExists", variable: "aws:MultiFactorAuthPresent", values: ["false"] }],
};
