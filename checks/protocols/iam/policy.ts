import type { Operator } from "./operators.ts";
import type { PolicyText } from "./text.ts";

/** A policy document after parsing: element names in any case, one or several statements and values, in any order. */
export interface Policy {
	/** 2008-10-17 where the document says none: policy variables are then plain text. */
	readonly version: "2008-10-17" | "2012-10-17";
	readonly id?: string;
	readonly statements: readonly Statement[];
}

export interface Statement {
	readonly index: number;
	readonly sid?: string;
	/** `unknown` where only apply will tell, as for a statement that is a placeholder as a whole. */
	readonly effect: "Allow" | "Deny" | "unknown";
	/** Absent in identity policies, boundaries and SCPs. */
	readonly principal?: PrincipalElement;
	readonly action: Matcher;
	/** Absent in trust policies and some others: the resource that the policy is attached to. */
	readonly resource?: Matcher;
	readonly conditions: readonly Clause[];
}

/** Action or NotAction, Resource or NotResource. */
export interface Matcher {
	readonly negated: boolean;
	readonly patterns: readonly PolicyText[];
}

/** Principal or NotPrincipal. */
export interface PrincipalElement {
	readonly negated: boolean;
	readonly entries: readonly PrincipalEntry[];
}

export type PrincipalType = "*" | "AWS" | "Service" | "Federated" | "CanonicalUser" | "unknown";

export interface PrincipalEntry {
	/** `*` for a bare "*" and for {"AWS": "*"}, which mean the same; `unknown` for a placeholder in the place of the element. */
	readonly type: PrincipalType;
	readonly value: PolicyText;
}

/** One key under one operator of a Condition; all clauses of a statement must hold. */
export interface Clause {
	/** As written: `ForAllValues:StringLike`. */
	readonly operatorText: string;
	/** Undefined for an operator that is a placeholder. */
	readonly operator?: Operator;
	/** As written; compared without regard to case. */
	readonly key: string;
	readonly values: readonly PolicyText[];
}

export interface PolicyError {
	readonly code: "malformed" | "too_large";
	/** Names the element, never quotes values. */
	readonly message: string;
	/** `Statement[2].Condition`, or "" for the document. */
	readonly path: string;
}

export type ParsedPolicy = { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly error: PolicyError };
