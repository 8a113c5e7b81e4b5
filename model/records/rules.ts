import type { z } from "zod";

/** Numbers of the problems a records file can have. */
export type RecordProblemCode =
	| "REC-100"
	| "REC-101"
	| "REC-102"
	| "REC-103"
	| "REC-104"
	| "REC-105"
	| "REC-106"
	| "REC-107"
	| "REC-108"
	| "REC-120"
	| "REC-121";

/** A record before anything is known of it. Rules look at what is there and leave the rest to the field's own schema. */
export type Loose = Record<string, unknown>;

export interface RuleIssue {
	rec: RecordProblemCode;
	path: (string | number)[];
	message: string;
}

/** Adds rules that look at several fields. They run even where single fields are wrong, so that one pass finds every problem. */
export function withRules<T extends z.ZodObject>(schema: T, rules: (value: Loose) => RuleIssue[]): T {
	return schema.superRefine(
		(value, context) => {
			if (!isObject(value)) return;
			for (const { rec, path, message } of rules(value)) context.addIssue({ code: "custom", path, message, params: { rec } });
		},
		{ when: () => true },
	);
}

export function isObject(value: unknown): value is Loose {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list, with their index; anything else in it is the schema's business. */
export function objectsOf(value: unknown): [number, Loose][] {
	if (!Array.isArray(value)) return [];
	return [...value.entries()].filter((entry): entry is [number, Loose] => isObject(entry[1]));
}

export function stringsOf(value: unknown): [number, string][] {
	if (!Array.isArray(value)) return [];
	return [...value.entries()].filter((entry): entry is [number, string] => typeof entry[1] === "string");
}

/** REC-105 where `later` is before `earlier`; both are dates of the form YYYY-MM-DD, else nothing is said here. */
export function inOrder(value: Loose, earlier: string, later: string, path: (string | number)[] = []): RuleIssue[] {
	const [from, to] = [dateOf(value[earlier]), dateOf(value[later])];
	if (from === undefined || to === undefined || from <= to) return [];
	return [{ rec: "REC-105", path: [...path, later], message: `dates out of order: ${later} ${to} is before ${earlier} ${from}` }];
}

export function dateOf(value: unknown): string | undefined {
	return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

export function missing(path: (string | number)[], why: string): RuleIssue {
	return { rec: "REC-102", path, message: `required field missing: ${why}` };
}
