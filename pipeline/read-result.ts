import { join } from "node:path";
import type { z } from "zod";
import { readInputChunks } from "../model/input-file.ts";
import { type ResultDocument, resultDocumentSchema } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { jsonParts } from "./json-parts.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

/** The lists that grow with what is scanned: checked row by row while the file is read. */
const { results, controls, evidence } = resultDocumentSchema.shape;
const rowSchemas: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
	["results", results.element],
	["controls", controls.element],
	["evidence", evidence.element],
]);

/** Reads result.json of a bundle. Throws InputError. */
export async function readResult(dir: string): Promise<ResultDocument> {
	return readResultFile(join(dir, "result.json"));
}

/**
 * Reads a result document. Rows repeat each other's words, so that each text stands in memory once: a hundred thousand results take a
 * third of what they would (docs/decisions/0143-large-results-are-read-row-by-row.md). Throws InputError.
 */
export async function readResultFile(file: string): Promise<ResultDocument> {
	const remedy = "mailward evaluate writes it";
	await refuseNamedPipe(file, file, remedy);
	const document: Record<string, unknown> = {};
	const rows: Record<string, unknown[]> = {};
	const once = sharing();
	const checked = (schema: z.ZodType, value: unknown, at: readonly PropertyKey[], place = { line: 1, column: 1 }): unknown => {
		const parsed = schema.safeParse(value);
		if (parsed.success) return parsed.data;
		const issue = parsed.error.issues[0];
		const field = [...at, ...(issue?.path ?? [])].join(".");
		throw new InputError([{ file, ...place, field, message: `not a result of a known version: ${issue?.message ?? ""}` }]);
	};
	const parts = jsonParts(file, {
		member(key, value) {
			document[key] = value;
		},
		element(key, value, place) {
			const schema = rowSchemas.get(key);
			rows[key] ??= [];
			rows[key].push(schema === undefined ? value : once(checked(schema, value, [key, rows[key].length], place)));
		},
	});
	await readInputChunks(file, file, { remedy }, (chunk) => parts.push(chunk));
	parts.end();
	const frame: Record<string, unknown> = { ...document };
	for (const [key, list] of Object.entries(rows)) frame[key] = rowSchemas.has(key) ? [] : list;
	const whole = checked(resultDocumentSchema, frame, []) as ResultDocument;
	// The order of the members is the document's own, as if it had been parsed whole.
	for (const key of rowSchemas.keys()) if (rows[key] !== undefined) Object.assign(whole, { [key]: rows[key] });
	return whole;
}

/** Makes equal texts, and equal lists of texts, one within a value and with all that went before, in place: a copy made key by key would be larger. */
function sharing(): (value: unknown) => unknown {
	const texts = new Map<string, string>();
	const lists = new Map<string, readonly string[]>();
	const text = (value: string): string => {
		const known = texts.get(value);
		if (known !== undefined) return known;
		texts.set(value, value);
		return value;
	};
	const list = (value: readonly string[]): readonly string[] => {
		// Most rows rest on evidence of their own: lists of one are not worth remembering.
		if (value.length === 1) return value.map(text);
		const key = JSON.stringify(value);
		const known = lists.get(key);
		if (known !== undefined) return known;
		const own = Object.freeze(value.map(text));
		lists.set(key, own);
		return own;
	};
	const once = (value: unknown): unknown => {
		if (typeof value === "string") return text(value);
		if (typeof value !== "object" || value === null) return value;
		if (Array.isArray(value)) return value.every((one) => typeof one === "string") ? list(value) : value.map(once);
		const members = value as Record<string, unknown>;
		for (const key in members) members[key] = once(members[key]);
		return members;
	};
	return once;
}
