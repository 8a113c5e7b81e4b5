import type { Caller } from "./caller.ts";
import type { Policy } from "./policy.ts";

export interface IamQuestion {
	/** `s3:GetObject`. */
	action: string;
	/** ARN of the resource, `*` for actions that know none. */
	resource: string;
	/** See readCaller. Left out: unknown, so that only a Principal of everyone certainly includes it. */
	principal?: string;
	/**
	 * Condition keys, in any case. A key that is not given is unknown; one given as [] is certainly not in the request.
	 * Keys that follow from the principal and the resource need not be given (aws:PrincipalArn, aws:username ...).
	 */
	context?: Record<string, string | string[]>;
	/** Policies of the user and its groups, or of the role: documents as text or object, or parsed policies. */
	identityPolicies?: unknown[];
	/** The resource's policy (bucket, key, topic, trust policy); a list where a resource has several, as SES identities do. */
	resourcePolicy?: unknown;
	/** The permissions boundary of the user or role. */
	boundary?: unknown;
	/** One entry per level from the root to the account, each a policy or a list of the policies at that level; each level must allow. */
	scps?: unknown[];
	/** Owner of the resource where its ARN does not say; left out, it is the principal's own account. */
	resourceAccount?: string;
}

export type IamDecision = "allowed" | "explicit_deny" | "implicit_deny" | "depends";

export interface IamAnswer {
	decision: IamDecision;
	/** With `depends`: keys that were not given, and placeholders of a plan, on which it hinges. */
	dependsOn?: string[];
	/** Sids, or places such as `identityPolicies[0].Statement[1]`: what decided; with `depends`, what may. */
	statements: string[];
	/** Documents that are not policies; they allow and deny nothing. */
	problems?: { where: string; code: "malformed" | "too_large"; message: string }[];
}

export interface Source {
	readonly where: string;
	readonly policy: Policy;
}

export interface Prepared {
	readonly question: IamQuestion;
	readonly caller: Caller;
	readonly identity: readonly Source[];
	readonly resource: readonly Source[] | undefined;
	readonly boundary: readonly Source[] | undefined;
	readonly scps: readonly (readonly Source[])[];
	readonly sameAccount: boolean;
	readonly resourceAccount: string | undefined;
	readonly problems: readonly { where: string; code: "malformed" | "too_large"; message: string }[];
}
