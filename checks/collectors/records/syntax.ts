import { type CST, Parser } from "yaml";
import { InputError, type Problem, parseYamlSource, type YamlSource } from "../../../model/source.ts";
import type { RegisterFile } from "./files.ts";
import { duplicateKeyOffset, shapeOf } from "./json-line.ts";

/** A record's file, or a line of one, as a value with positions. */
export interface Parsed {
	schema: unknown;
	/** undefined: the file has no such field. */
	records: unknown;
	/** Fields of the file beside schema and records. */
	extra: Record<string, unknown>;
	source: YamlSource;
}

// Generous for what people write, and small enough that a hostile file costs milliseconds: the parser compares every key
// of a map with every other one, and goes down recursively.
const maxNodes = 200_000;
const maxNesting = 50;
const maxKeysPerMap = 500;
const maxLineBytes = 1024 * 1024;
const maxLines = 200_000;

/** The file as a value, or the problems that kept it from being read. Text of the file never enters a message. */
export function parseRegisterFile(file: RegisterFile): { parsed?: Parsed; problems: Problem[] } {
	const fault = octetFault(file);
	if (fault !== undefined) return { problems: [fault] };
	return file.format === "jsonl" ? parseJsonLines(file) : parseYaml(file);
}

function octetFault({ label, octets }: RegisterFile): Problem | undefined {
	const at = (offset: number, message: string): Problem => {
		const { line, column } = positionOf(octets, offset);
		return { file: label, line, column, code: "REC-100", message };
	};
	if ((octets[0] === 0xff && octets[1] === 0xfe) || (octets[0] === 0xfe && octets[1] === 0xff)) return at(0, "file is UTF-16; save it as UTF-8");
	const zero = octets.indexOf(0);
	if (zero >= 0) return at(zero, "NUL octet: the file is binary or UTF-16; save it as UTF-8 text");
	return undefined;
}

function positionOf(octets: Uint8Array, offset: number): { line: number; column: number } {
	let line = 1;
	let start = 0;
	for (let index = octets.indexOf(0x0a); index >= 0 && index < offset; index = octets.indexOf(0x0a, index + 1)) {
		line += 1;
		start = index + 1;
	}
	return { line, column: offset - start + 1 };
}

function parseYaml(file: RegisterFile): { parsed?: Parsed; problems: Problem[] } {
	const oversize = shapeFault(file);
	if (oversize !== undefined) return { problems: [oversize] };
	const read = safeSource(file.octets, file.label);
	if (Array.isArray(read)) return { problems: read };
	return fromValue(read.value, read);
}

function fromValue(value: unknown, source: YamlSource): { parsed?: Parsed; problems: Problem[] } {
	const say = (message: string, code: string): { problems: Problem[] } => ({ problems: [{ file: source.file, line: 1, column: 1, code, message }] });
	if (value === null || value === undefined) return say("file is empty; expected schema: mailward/<kind>/v1 and records: [...]", "REC-107");
	if (typeof value !== "object" || Array.isArray(value)) return say("expected a map with schema and records", "REC-107");
	const { schema, records, ...extra } = value as Record<string, unknown>;
	return { parsed: { schema, records, extra, source }, problems: [] };
}

/**
 * JSON Lines: the first line is {"schema": "mailward/<kind>/v1"}, every other one a record. Empty lines are passed over.
 * Each line is strict JSON; the YAML reader, which reads JSON too, gives the positions, and only where one is asked for.
 */
function parseJsonLines(file: RegisterFile): { parsed?: Parsed; problems: Problem[] } {
	const problems: Problem[] = [];
	const lines: Line[] = [];
	let start = 0;
	for (let number = 1; start < file.octets.length; number++) {
		const found = file.octets.indexOf(0x0a, start);
		const end = found < 0 ? file.octets.length : found;
		const octets = file.octets.subarray(start, end);
		start = end + 1;
		if (isBlank(octets)) continue;
		lines.push({ number, octets });
		if (lines.length > maxLines)
			return { problems: [{ file: file.label, line: number, column: 1, code: "REC-100", message: `more than ${maxLines} lines; split the file` }] };
	}
	const values: unknown[] = [];
	for (const { number, octets } of lines) {
		const result = parseJsonLine(file.label, number, octets);
		if ("problem" in result) problems.push(result.problem);
		else values.push(result.value);
	}
	if (problems.length > 0) return { problems };
	const [header, ...records] = values;
	const source = lineSource(file.label, lines);
	if (typeof header !== "object" || header === null || Array.isArray(header)) return fromValue(header, source);
	return fromValue({ ...header, records: (header as Record<string, unknown>).records ?? records }, source);
}

interface Line {
	number: number;
	octets: Buffer;
}

/** Positions in JSON Lines: the header's fields on the first line, each record on its own. */
function lineSource(file: string, lines: readonly Line[]): YamlSource {
	let last: { line: Line; source: YamlSource | undefined } | undefined;
	return {
		file,
		value: undefined,
		locate(path, onKey) {
			const record = path[0] === "records" && typeof path[1] === "number" ? lines[path[1] + 1] : undefined;
			const line = record ?? lines[0];
			if (line === undefined) return { line: 1, column: 1 };
			const rest = record === undefined ? path : path.slice(2);
			if (rest.length === 0) return { line: line.number, column: line.octets.findIndex((octet) => octet !== 0x20 && octet !== 0x09) + 1 };
			if (last?.line !== line) {
				const source = safeSource(line.octets, file);
				// What JSON allows and YAML does not, such as a key of more than 1024 characters, is placed at the start of its line.
				last = { line, source: Array.isArray(source) ? undefined : source };
			}
			return { line: line.number, column: last.source?.locate(rest, onKey).column ?? 1 };
		},
	};
}

function parseJsonLine(label: string, number: number, octets: Buffer): { value: unknown } | { problem: Problem } {
	const say = (message: string, column = 1): { problem: Problem } => ({ problem: { file: label, line: number, column, code: "REC-100", message } });
	if (octets.length > maxLineBytes) return say(`line has ${octets.length} bytes; at most ${maxLineBytes} are read`);
	let text: string;
	let value: unknown;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
		value = JSON.parse(text);
	} catch (error) {
		// The message of JSON.parse quotes the text: it is not passed on.
		if (error instanceof SyntaxError) return say("not valid JSON: one record a line");
		if (error instanceof TypeError) return say("not UTF-8; save the file as UTF-8");
		throw error;
	}
	const shape = shapeOf(value, { nesting: maxNesting, keysPerMap: maxKeysPerMap, nodes: maxNodes });
	if (shape !== undefined) return say(shape);
	const duplicate = duplicateKeyOffset(text);
	return duplicate < 0 ? { value } : say("not valid JSON: duplicate key", duplicate + 1);
}

function isBlank(octets: Uint8Array): boolean {
	return octets.every((octet) => octet === 0x20 || octet === 0x09 || octet === 0x0d);
}

/** parseYamlSource with messages of a closed list: the YAML reader's own quote the file, and a file may hold what must not be shown. */
function safeSource(octets: Uint8Array, label: string): YamlSource | Problem[] {
	try {
		return parseYamlSource(octets, label, "REC-100");
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const seen = new Set<string>();
		const problems: Problem[] = [];
		for (const problem of error.problems) {
			const message = problem.message.startsWith("not UTF-8") ? "not UTF-8; save the file as UTF-8" : plainMessage(problem.message);
			const key = `${problem.line}:${problem.column}:${message}`;
			if (seen.has(key) || problems.length >= maxSyntaxProblems) continue;
			seen.add(key);
			problems.push({ ...problem, code: "REC-100", message });
		}
		return problems;
	}
}

/** One slip leads to many faults further on; the first hundred tell enough. */
const maxSyntaxProblems = 100;

const plainMessages: readonly (readonly [RegExp, string])[] = [
	[/Map keys must be unique/, "duplicate key"],
	[/Tabs are not allowed/, "tab used as indentation; use spaces"],
	[/Missing closing/, "a quote is not closed"],
	[/Unresolved tag|Unresolved alias|at most one tag|at most one anchor/, "unknown tag, or an alias without its anchor"],
	[/aliases expand/, "an alias without its anchor, or aliases that expand beyond the limit"],
	[/multiple documents/, "more than one document; keep one in a file"],
	[/Nested mappings are not allowed/, "two fields on one line, or a value with a colon that needs quotes"],
	[/Invalid escape/, "unknown escape sequence in a quoted text"],
	[/Plain value cannot start/, "a value that begins with this character needs quotes"],
	[/same column|indent/i, "wrong indentation"],
	[/must end with|must be sufficiently indented|Missing , |Missing space after/, "a bracket is not closed, or a comma is missing"],
	[/Implicit (?:map )?keys/, "a field needs a colon and a value"],
];

function plainMessage(message: string): string {
	for (const [pattern, text] of plainMessages) if (pattern.test(message)) return `not valid YAML: ${text}`;
	return "not valid YAML here";
}

/** Limits on the shape, checked on the tokens, before anything recursive or quadratic sees the file. */
function shapeFault({ label, octets }: { label: string; octets: Uint8Array }): Problem | undefined {
	const text = new TextDecoder("utf-8").decode(octets);
	const fault = (offset: number, message: string): Problem => {
		const before = text.slice(0, offset);
		return { file: label, line: before.split("\n").length, column: offset - before.lastIndexOf("\n"), code: "REC-100", message };
	};
	let nodes = 0;
	const pending: { token: CST.Token | null | undefined; depth: number }[] = [];
	for (const document of new Parser().parse(text)) {
		pending.push({ token: document.type === "document" ? document.value : document, depth: 1 });
		for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
			const { token, depth } = next;
			if (token === undefined || token === null) continue;
			nodes += 1;
			if (nodes > maxNodes) return fault(token.offset, `more than ${maxNodes} values; split the file or use JSON Lines, one record a line`);
			if (token.type !== "block-map" && token.type !== "block-seq" && token.type !== "flow-collection") continue;
			if (depth > maxNesting) return fault(token.offset, `nested deeper than ${maxNesting} levels`);
			const isMap = token.type === "block-map" || (token.type === "flow-collection" && token.start.source === "{");
			if (isMap && token.items.length > maxKeysPerMap) return fault(token.offset, `a map with more than ${maxKeysPerMap} fields`);
			for (const item of token.items) {
				pending.push({ token: item.value, depth: depth + 1 });
				if (item.key !== undefined) pending.push({ token: item.key, depth: depth + 1 });
			}
		}
	}
	return undefined;
}
