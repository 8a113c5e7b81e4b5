import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";

/** One problem of an input file, in the form every command prints: file:line:column, code, field, text, remedy. */
export interface Problem {
	file: string;
	line: number;
	column: number;
	/** REC-104 and the like where the input has numbered problems. */
	code?: string | undefined;
	/** Dotted path of the field, such as records[0].effectiveOn. */
	field?: string | undefined;
	message: string;
}

export function formatProblem(problem: Problem): string {
	const code = problem.code === undefined ? "" : ` ${problem.code}`;
	const field = problem.field === undefined || problem.field === "" ? "" : ` ${problem.field}:`;
	return `${problem.file}:${problem.line}:${problem.column}: error${code}${field} ${problem.message}`;
}

/** Wrong input of the user's: every command turns it into exit code 2 and prints the problems, never a stack trace. */
export class InputError extends Error {
	override readonly name = "InputError";
	readonly problems: readonly Problem[];
	constructor(problems: readonly Problem[]) {
		super(problems.map(formatProblem).join("\n"));
		this.problems = problems;
	}
}

export type PathSegment = string | number;

export interface YamlSource {
	file: string;
	value: unknown;
	/** Line and column (1-based) of the value at a path, or of its nearest ancestor; with onKey, of the key itself. */
	locate(path: readonly PathSegment[], onKey?: boolean): { line: number; column: number };
}

/** Inputs beyond this are refused before parsing: no file that people write by hand comes near it. */
export const maxYamlBytes = 8 * 1024 * 1024;

/** Octets to text, strictly UTF-8 (a byte-order mark is dropped). Throws InputError with the position of the first bad octet. */
export function decodeUtf8(octets: Uint8Array, file: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(octets);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		const { line, column, offset } = firstBadOctet(octets);
		throw new InputError([{ file, line, column, message: `not UTF-8: bad octet at offset ${offset}; save the file as UTF-8` }]);
	}
}

function firstBadOctet(octets: Uint8Array): { line: number; column: number; offset: number } {
	let low = 0;
	let high = octets.length;
	// The longest prefix that decodes (in streaming mode, so that a cut sequence at its end is no fault) ends at the bad octet.
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (decodes(octets.subarray(0, middle))) low = middle;
		else high = middle - 1;
	}
	let line = 1;
	let lineStart = 0;
	for (let index = 0; index < low; index++) {
		if (octets[index] === 0x0a) {
			line += 1;
			lineStart = index + 1;
		}
	}
	return { line, column: low - lineStart + 1, offset: low };
}

function decodes(octets: Uint8Array): boolean {
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(octets, { stream: true });
		return true;
	} catch (error) {
		if (error instanceof TypeError) return false;
		throw error;
	}
}

/** Parses one YAML document of the core schema. Duplicate keys, unknown tags, alias bombs and syntax errors are problems with a position. */
export function parseYamlSource(octets: Uint8Array, file: string, code?: string): YamlSource {
	if (octets.length > maxYamlBytes) {
		throw new InputError([{ file, line: 1, column: 1, code, message: `file has ${octets.length} bytes; at most ${maxYamlBytes} are read` }]);
	}
	const text = decodeUtf8(octets, file);
	const lineCounter = new LineCounter();
	const document = parseBounded(text, lineCounter, file, code);
	const faults: { pos: readonly [number, number]; message: string }[] = [...document.errors, ...document.warnings, ...duplicateKeys(document)];
	if (faults.length > 0) {
		throw new InputError(
			faults.map((fault) => {
				const { line, col } = lineCounter.linePos(fault.pos[0]);
				return { file, line: Math.max(line, 1), column: Math.max(col, 1), code, message: `not valid YAML: ${fault.message.split("\n")[0]?.slice(0, 200)}` };
			}),
		);
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		if (!(error instanceof ReferenceError)) throw error;
		throw new InputError([{ file, line: 1, column: 1, code, message: "not valid YAML here: aliases expand beyond the limit" }]);
	}
	return { file, value, locate: (path, onKey = false) => locate(document, lineCounter, path, onKey) };
}

/** The parser recurses: brackets nested by the thousand end in its own stack, which is the file's fault and not ours. */
function parseBounded(text: string, lineCounter: LineCounter, file: string, code: string | undefined): Document {
	try {
		// The parser's own search for duplicate keys is quadratic in the keys of one map; ours is linear.
		return parseDocument(text, { lineCounter, strict: true, uniqueKeys: false, prettyErrors: false, version: "1.2" });
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new InputError([{ file, line: 1, column: 1, code, message: "not valid YAML here: nested too deeply" }]);
	}
}

function duplicateKeys(document: Document): { pos: readonly [number, number]; message: string }[] {
	const found: { pos: readonly [number, number]; message: string }[] = [];
	const open: unknown[] = [document.contents];
	while (open.length > 0) {
		const node = open.pop();
		if (isSeq(node)) for (const item of node.items) open.push(item);
		if (!isMap(node)) continue;
		const seen = new Set<string>();
		for (const { key, value } of node.items) {
			open.push(value);
			if (!isScalar(key)) continue;
			const name = String(key.value);
			const start = rangeStart(key) ?? 0;
			if (seen.has(name)) found.push({ pos: [start, start], message: "Map keys must be unique" });
			seen.add(name);
		}
	}
	return found;
}

function locate(document: Document, lineCounter: LineCounter, path: readonly PathSegment[], onKey: boolean): { line: number; column: number } {
	let node: unknown = document.contents;
	let offset = rangeStart(node) ?? 0;
	for (const [depth, segment] of path.entries()) {
		let next: unknown;
		if (isMap(node)) {
			const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment));
			if (pair === undefined) break;
			next = pair.value;
			const last = depth === path.length - 1;
			offset = (last && onKey ? rangeStart(pair.key) : (rangeStart(pair.value) ?? rangeStart(pair.key))) ?? offset;
		} else if (isSeq(node)) {
			next = node.items[Number(segment)];
			if (next === undefined) break;
			offset = rangeStart(next) ?? offset;
		} else break;
		node = next;
	}
	const { line, col } = lineCounter.linePos(offset);
	return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function rangeStart(node: unknown): number | undefined {
	return (node as Node | null | undefined)?.range?.[0];
}

export function formatPath(path: readonly PropertyKey[]): string {
	let text = "";
	for (const segment of path) text += typeof segment === "number" ? `[${segment}]` : text === "" ? String(segment) : `.${String(segment)}`;
	return text;
}

/** Zod's issues as problems with positions. Unknown keys get the nearest valid key; values are never printed unless `showValue` allows it. */
export function problemsOf(
	error: z.ZodError,
	source: YamlSource,
	schema: z.ZodType,
	options: { codeOf?: (issue: z.core.$ZodIssue) => string | undefined } = {},
): Problem[] {
	const problems: Problem[] = [];
	for (const issue of error.issues) {
		const path = issue.path.filter((segment) => typeof segment !== "symbol") as PathSegment[];
		const code = options.codeOf?.(issue);
		if (issue.code === "unrecognized_keys") {
			const known = keysAt(schema, path);
			for (const key of issue.keys) {
				const near = nearestKey(key, known);
				const { line, column } = source.locate([...path, key], true);
				problems.push({
					file: source.file,
					line,
					column,
					code,
					field: formatPath([...path, key]),
					message: `unknown field${near === undefined ? "" : `; did you mean ${near}?`}`,
				});
			}
			continue;
		}
		const { line, column } = source.locate(path);
		problems.push({ file: source.file, line, column, code, field: formatPath(path), message: messageOf(issue, valueAt(source.value, path)) });
	}
	return problems;
}

/** What a schema says itself, or in the place of zod's own words the type or the values that are expected. */
function messageOf(issue: z.core.$ZodIssue, given: unknown): string {
	if (!/^Invalid (?:input|option)\b/.test(issue.message)) return issue.message;
	const expected = expectationOf(issue);
	if (given === undefined) return `required field missing${expected === undefined ? "" : `; expected ${expected}`}`;
	const got = given === null ? "nothing" : Array.isArray(given) ? "a list" : typeName(typeof given);
	return expected === undefined ? `wrong type: ${got}` : `expected ${expected}${issue.code === "invalid_type" ? `, got ${got}` : ""}`;
}

function expectationOf(issue: z.core.$ZodIssue): string | undefined {
	if (issue.code === "invalid_value") return `${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
	return issue.code === "invalid_type" ? typeName(issue.expected) : undefined;
}

/** A type in the words of who writes YAML. */
export function typeName(type: string): string {
	const names: Record<string, string> = {
		string: "text",
		object: "a map",
		record: "a map",
		array: "a list",
		number: "a number",
		int: "a whole number",
		boolean: "true or false",
	};
	return names[type] ?? type;
}

/** What stands at a path, undefined where nothing does. */
export function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
	let current = value;
	for (const segment of path) {
		if (typeof current !== "object" || current === null || !Object.hasOwn(current, segment)) return undefined;
		current = (current as Record<PathSegment, unknown>)[segment];
	}
	return current;
}

/** The keys that a schema knows at a path, looking through defaults, optionals, unions, arrays and records. */
function keysAt(schema: z.ZodType, path: readonly PathSegment[]): string[] {
	let candidates: unknown[] = [schema];
	for (const segment of path) {
		const next: unknown[] = [];
		for (const candidate of candidates.flatMap(unwrap)) {
			const def = definitionOf(candidate);
			if (def.type === "object" && def.shape !== undefined && Object.hasOwn(def.shape, segment)) next.push(def.shape[String(segment)]);
			else if (def.type === "array") next.push(def.element);
			else if (def.type === "record") next.push(def.valueType);
		}
		candidates = next;
	}
	return candidates.flatMap(unwrap).flatMap((candidate) => Object.keys(definitionOf(candidate).shape ?? {}));
}

interface SchemaDefinition {
	type: string;
	shape?: Record<string, unknown>;
	element?: unknown;
	valueType?: unknown;
	innerType?: unknown;
	options?: unknown[];
	in?: unknown;
}

function definitionOf(schema: unknown): SchemaDefinition {
	return (schema as { def: SchemaDefinition }).def;
}

function unwrap(schema: unknown): unknown[] {
	const def = definitionOf(schema);
	if (def.innerType !== undefined) return unwrap(def.innerType);
	if (def.type === "pipe" && def.in !== undefined) return unwrap(def.in);
	if (def.options !== undefined && def.type === "union") return def.options.flatMap(unwrap);
	return [schema];
}

/** The known key at the least edit distance, if it is near enough to be a slip of the hand. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
	let best: string | undefined;
	let bestDistance = Math.max(2, Math.floor(key.length / 3)) + 1;
	for (const candidate of known) {
		const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			current[j] = Math.min((previous[j] as number) + 1, (current[j - 1] as number) + 1, (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
		}
		previous = current;
	}
	return previous[b.length] as number;
}
