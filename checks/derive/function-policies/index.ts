import type { Evidence } from "../../../model/evidence.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown, textAt, unknownText } from "../policy-documents.ts";
import { type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.function_policy",
	subjects: [{ kind: "aws_lambda_function" }],
	attachments: [{ kind: "aws_lambda_permission", link: "function_name", document: permissionStatement }],
	// Each permission is a statement of the one policy.
	several: true,
};

/** derived.function_policy, one per function: who may call it by its permissions. */
const derivation: Derivation = {
	id: "function-policies",
	target: "plan",
	needs: ["aws_lambda_function", "aws_lambda_permission"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;

/** The statement that Lambda makes of a permission (Lambda Developer Guide, AddPermission). */
function permissionStatement(item: Evidence): unknown {
	const principal = attributeOf(item, "principal") ?? unknownText;
	const conditions: Record<string, Record<string, string>> = {};
	const condition = (path: string, operator: string, key: string): void => {
		const value = attributeOf(item, path);
		if (value !== undefined) conditions[operator] = { ...conditions[operator], [key]: value };
	};
	condition("source_arn", "ArnLike", "aws:SourceArn");
	condition("source_account", "StringEquals", "aws:SourceAccount");
	condition("principal_org_id", "StringEquals", "aws:PrincipalOrgID");
	condition("function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType");
	return {
		Version: "2012-10-17",
		Statement: [
			{
				Sid: item.id,
				Effect: "Allow",
				Principal: principal === "*" || principal === unknownText ? principal : { [isService(principal) ? "Service" : "AWS"]: principal },
				Action: attributeOf(item, "action") ?? unknownText,
				Resource: "*",
				...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
			},
		],
	};
}

/** A source that the plan itself manages is one thing, however its ARN will read; anything else that is not known may be a wildcard. */
function attributeOf(item: Evidence, path: string): string | undefined {
	const value = textAt(item, path);
	if (value !== undefined || !isUnknown(item, path)) return value;
	const managed = (item.references?.[path] ?? []).find((id) => /(?:^|\.)aws_[^.]+\.[^.]+$/.test(id) && !/(?:^|\.)data\./.test(id));
	if (managed !== undefined) return `\${${managed}.arn}`;
	const own = (item.references?.[path] ?? []).find((id) => /(?:^|\.)data\.aws_caller_identity\.[^.]+$/.test(id));
	return own === undefined ? unknownText : `\${${own}.account_id}`;
}

function isService(principal: string): boolean {
	return /\.(?:amazonaws\.com|amazon\.com|amazonaws\.com\.cn)$|\.\$\{[^}]*dns_suffix\}$/i.test(principal);
}
