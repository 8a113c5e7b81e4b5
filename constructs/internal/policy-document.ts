import {
	DataAwsIamPolicyDocument,
	type DataAwsIamPolicyDocumentStatement,
	type DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Construct } from "constructs";
import type { Account } from "./account.ts";

/** A policy that Terraform writes out: reviewable statement by statement in the synthesized stack. */
export function policyDocument(scope: Construct, id: string, statement: DataAwsIamPolicyDocumentStatement[]): DataAwsIamPolicyDocument {
	return new DataAwsIamPolicyDocument(scope, id, { statement });
}

/**
 * Trust of a role that one AWS service may take, for this account's resources only (the confused deputy). No conditions are
 * given where the service supplies none: then only iam:PassRole in this account hands it the role.
 */
export function serviceTrust(
	scope: Construct,
	id: string,
	service: string,
	conditions: DataAwsIamPolicyDocumentStatementCondition[] = [],
): DataAwsIamPolicyDocument {
	return policyDocument(scope, id, [
		{
			sid: "AssumeRole",
			actions: ["sts:AssumeRole"],
			principals: [{ type: "Service", identifiers: [service] }],
			...(conditions.length === 0 ? {} : { condition: conditions }),
		},
	]);
}

export function sourceAccount(account: Account): DataAwsIamPolicyDocumentStatementCondition {
	return { test: "StringEquals", variable: "aws:SourceAccount", values: [account.accountId] };
}
