import type { Evidence } from "../../../model/evidence.ts";

/** What a document form yields, before listings: items, and what could not be counted. */
export interface Reading {
	/** Items of allow-listed types, in the document's order. */
	items: Iterable<Evidence>;
	/** Resource types that the document holds, allow-listed or not, with the number of instances. */
	types: Map<string, number>;
	/** Types of which not every instance is known, with the reason; the key "*" stands for all. */
	gaps: Map<string, { code: "unknown_until_apply" | "input_not_supplied"; detail: string; message: string }>;
}

export function countType(types: Map<string, number>, type: string): void {
	types.set(type, (types.get(type) ?? 0) + 1);
}

export interface OutputItem {
	name: string;
	sensitive: boolean;
	references: readonly string[];
	/** Attributes it is made from, by name only: aws_iam_access_key.smtp.secret. Undefined where the document does not tell. */
	reads: readonly string[] | undefined;
}
