import { type Policy, parsePolicy } from "./index.ts";

export type Json = Record<string, unknown>;

export const own = "111122223333";
export const other = "999999999999";

export function read(document: unknown): Policy {
	const parsed = parsePolicy(document);
	if (!parsed.ok) throw new Error(parsed.error.message);
	return parsed.policy;
}

export function policy(...statements: Json[]): Policy {
	return read({ Version: "2012-10-17", Statement: statements });
}

/** A statement that lets everyone read, but for its condition and what else is given. */
export function open(condition?: Json, rest: Json = {}): Json {
	return {
		Effect: "Allow",
		Principal: "*",
		Action: "s3:GetObject",
		Resource: "arn:aws:s3:::b/*",
		...(condition === undefined ? {} : { Condition: condition }),
		...rest,
	};
}
