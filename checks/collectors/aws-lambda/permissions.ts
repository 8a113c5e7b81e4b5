import { z } from "zod";
import { MalformedAnswer } from "../../aws/errors.ts";

/** A function's policy as AddPermission writes it; a statement of another form could not be said in aws_lambda_permission's words. */
const policySchema = z.object({
	Statement: z.array(
		z.object({
			Sid: z.string(),
			Effect: z.literal("Allow"),
			Action: z.string(),
			Principal: z.union([z.literal("*"), z.strictObject({ Service: z.string() }), z.strictObject({ AWS: z.string() })]),
			Condition: z.record(z.string(), z.record(z.string(), z.string())).optional(),
		}),
	),
});

/** Condition keys of AddPermission and the attribute that each is (Lambda API, AddPermission). */
const conditions: Record<string, string> = {
	"aws:sourceaccount": "source_account",
	"aws:sourcearn": "source_arn",
	"aws:principalorgid": "principal_org_id",
	"lambda:functionurlauthtype": "function_url_auth_type",
};

export type PermissionValues = Record<string, string>;

/** The statements of a function's policy in the words of aws_lambda_permission. Throws MalformedAnswer for one that has no such form. */
export function permissionsOf(policy: string): PermissionValues[] {
	const parsed = policySchema.safeParse(JSON.parse(policy));
	if (!parsed.success) throw new MalformedAnswer("the function's policy is of another form than AddPermission writes");
	return parsed.data.Statement.map(({ Sid, Action, Principal, Condition = {} }) => {
		const values: PermissionValues = { statement_id: Sid, action: Action, principal: principalOf(Principal) };
		for (const [key, value] of Object.values(Condition).flatMap((tests) => Object.entries(tests))) {
			const attribute = conditions[key.toLowerCase()];
			// lambda:InvokedViaFunctionUrl narrows a grant; left out, the grant reads wider and never narrower.
			if (attribute !== undefined) values[attribute] = value;
		}
		return values;
	});
}

function principalOf(principal: "*" | { Service: string } | { AWS: string }): string {
	if (principal === "*") return "*";
	return "Service" in principal ? principal.Service : principal.AWS;
}
