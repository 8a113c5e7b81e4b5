import { evaluateIam } from "./evaluate-iam.ts";
import type { IamAnswer, IamQuestion } from "./question.ts";
import type { Ternary } from "./ternary.ts";

export interface Identity {
	/** ARN of the user or role. */
	readonly principal: string;
	/** Its own policies and those of its groups: documents or parsed policies. */
	readonly policies: readonly unknown[];
	readonly boundary?: unknown;
	/** What else is known of its requests, such as tags. */
	readonly context?: Readonly<Record<string, string | string[]>>;
}

export interface CanDoQuestion {
	readonly action: string;
	readonly resource: string;
	readonly principals: readonly Identity[];
	readonly resourcePolicy?: unknown;
	readonly resourceAccount?: string;
	readonly scps?: readonly unknown[];
}

export interface CanDoAnswer {
	readonly principal: string;
	/** `unknown`: it depends on keys of the request or on placeholders, so that some requests may be allowed. */
	readonly can: Ternary;
	/** The same for requests without MFA: `no` means that MFA is asked for, or that it cannot at all. */
	readonly withoutMfa: Ternary;
	readonly dependsOn: readonly string[];
	readonly statements: readonly string[];
	/** Documents that are not policies: what they would say is not in the answer. */
	readonly problems: readonly { readonly where: string; readonly code: string; readonly message: string }[];
}

/** Who of the principals may do it, and who of them without MFA. A malformed document makes the answer about its owner unknown. */
export function canDo(question: CanDoQuestion): CanDoAnswer[] {
	return question.principals.map((identity) => {
		const ask = (context: Record<string, string | string[]>): IamAnswer => {
			const one: IamQuestion = {
				action: question.action,
				resource: question.resource,
				principal: identity.principal,
				identityPolicies: [...identity.policies],
				context: { ...identity.context, ...context },
			};
			if (identity.boundary !== undefined) one.boundary = identity.boundary;
			if (question.resourcePolicy !== undefined) one.resourcePolicy = question.resourcePolicy;
			if (question.resourceAccount !== undefined) one.resourceAccount = question.resourceAccount;
			if (question.scps !== undefined) one.scps = [...question.scps];
			return evaluateIam(one);
		};
		const any = ask({});
		const mfaFree = [
			ask({ "aws:MultiFactorAuthPresent": "false", "aws:MultiFactorAuthAge": [] }),
			ask({ "aws:MultiFactorAuthPresent": [], "aws:MultiFactorAuthAge": [] }),
		].map(asTernary);
		return {
			principal: identity.principal,
			can: asTernary(any),
			withoutMfa: mfaFree.includes("yes") ? "yes" : mfaFree.includes("unknown") ? "unknown" : "no",
			dependsOn: any.dependsOn ?? [],
			statements: any.statements,
			problems: any.problems ?? [],
		};
	});
}

function asTernary({ decision, problems }: IamAnswer): Ternary {
	if (decision === "explicit_deny") return "no";
	if (problems !== undefined) return "unknown";
	return decision === "allowed" ? "yes" : decision === "depends" ? "unknown" : "no";
}
