import { scanJson } from "../checks/adapters/terraform/json-text.ts";
import { InputError } from "../model/source.ts";

/** What nests deeper than this is no document of ours but an attack on readers that recurse. */
const maxDepth = 400;
const space = /^[ \t\r\n]*$/;

interface Position {
	line: number;
	column: number;
}

interface PartHandler {
	/** A member of the document that is no list, or an empty one. */
	member: (key: string, value: unknown) => void;
	/** One element of a member that is a list, and where it begins. */
	element: (key: string, value: unknown, at: Position) => void;
}

interface JsonParts {
	push: (chunk: Buffer) => void;
	end: () => void;
}

/**
 * Reads a JSON document that is one object, a member or list element at a time, so that a document with a hundred thousand rows never
 * stands in memory as text. Throws InputError with line and column at the first fault: a syntax error, octets that are not UTF-8, a member
 * that stands twice.
 */
export function jsonParts(file: string, handler: PartHandler): JsonParts {
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	const seen = new Set<string>();
	let depth = 0;
	let inString = false;
	let isEscaped = false;
	let isEnded = false;
	/** The member that is being read. */
	let key: string | null = null;
	/** Of a member that is a list: how many elements were read, null outside of one. */
	let elements: number | null = null;
	/** The member's list is closed: nothing but a comma may follow. */
	let isClosed = false;
	/** A comma went before: something must follow. */
	let expectsMore = false;
	/** Octets of the part that stood in earlier chunks, and where the part begins. */
	let held: Buffer[] = [];
	let begin = { line: 1, column: 1 };
	let line = 1;
	/** Octets before this chunk, and before this line. */
	let passed = 0;
	let lineStart = 0;

	const fault = (message: string, at = begin): InputError => new InputError([{ file, ...at, message: `not valid JSON: ${message}` }]);
	const textOf = (part: Buffer): string => {
		try {
			return decoder.decode(held.length === 0 ? part : Buffer.concat([...held, part]));
		} catch (error) {
			if (!(error instanceof TypeError)) throw error;
			throw new InputError([{ file, ...begin, message: "not UTF-8 in the value that begins here; save the file as UTF-8" }]);
		}
	};
	const parsed = (text: string): unknown => {
		if (space.test(text)) throw fault("expected a value");
		try {
			return JSON.parse(text);
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			try {
				scanJson(text, file);
			} catch (inner) {
				if (!(inner instanceof InputError)) throw inner;
				throw new InputError(
					inner.problems.map((problem) => ({
						...problem,
						line: begin.line + problem.line - 1,
						column: problem.line === 1 ? begin.column + problem.column - 1 : problem.column,
					})),
				);
			}
			throw fault("the value that begins here");
		}
	};

	/** Where the value begins in a part that begins with white space. */
	const valueIn = (text: string): Position => {
		const lines = text.slice(0, text.search(/[^ \t\r\n]/)).split("\n");
		const last = lines.at(-1) ?? "";
		return { line: begin.line + lines.length - 1, column: (lines.length === 1 ? begin.column : 1) + last.length };
	};

	/** What stands between two marks of the document's own structure. */
	const part = (octets: Buffer, mark: number): void => {
		const text = textOf(octets);
		const isBlank = space.test(mark === openBrace ? text.replace(/^\uFEFF/, "") : text);
		if (mark === colon) {
			const name = parsed(text);
			if (typeof name !== "string") throw fault("expected a key in double quotes");
			if (seen.has(name)) throw fault(`the key ${JSON.stringify(name.slice(0, 100))} stands twice; the first would be lost`);
			seen.add(name);
			key = name;
		} else if (mark === openBracket || mark === openBrace) {
			if (!isBlank) throw fault(mark === openBrace ? "expected an object" : "expected a comma");
		} else if (elements !== null && depth === 2) {
			if (key === null) throw fault("expected a key");
			if (!isBlank || elements > 0 || mark === comma) {
				handler.element(key, parsed(text), valueIn(text));
				elements += 1;
			}
			if (mark === closeBracket) {
				if (elements === 0) handler.member(key, []);
				elements = null;
				isClosed = true;
			}
		} else {
			if (key === null && (!isBlank || mark === comma || expectsMore)) throw fault("expected a key in double quotes and a colon");
			if (isClosed && !isBlank) throw fault("expected a comma or }");
			if (key !== null && !isClosed) handler.member(key, parsed(text));
			key = null;
			isClosed = false;
			expectsMore = mark === comma;
		}
	};

	/** Whether an octet outside of strings ends a part, with what follows it already counted. */
	const isMark = (octet: number): boolean => {
		if (depth === 0) return octet === openBrace;
		if (depth === 1)
			return octet === comma || octet === closeBrace || (octet === colon && key === null) || (octet === openBracket && key !== null && !isClosed);
		return depth === 2 && elements !== null && (octet === comma || octet === closeBracket);
	};

	return {
		push(chunk) {
			let start = 0;
			for (let index = 0; index < chunk.length; index++) {
				const octet = chunk[index] ?? 0;
				if (inString) {
					if (isEscaped) isEscaped = false;
					else if (octet === backslash) isEscaped = true;
					else if (octet === quote) inString = false;
					continue;
				}
				if (octet > 0x5d && octet < openBrace) continue;
				if (octet === lineFeed) {
					line += 1;
					lineStart = passed + index + 1;
					continue;
				}
				if (isEnded && octet > 0x20) throw fault("text follows the document", { line, column: passed + index - lineStart + 1 });
				if (octet === quote) {
					inString = true;
					continue;
				}
				const marks = isMark(octet);
				if (marks) {
					part(chunk.subarray(start, index), octet);
					held = [];
					start = index + 1;
					begin = { line, column: passed + start - lineStart + 1 };
					if (octet === openBracket) elements = 0;
				}
				if (octet === openBrace || octet === openBracket) depth += 1;
				else if (octet === closeBrace || octet === closeBracket) depth -= 1;
				if (depth > maxDepth) throw fault(`values are nested more than ${maxDepth} levels deep`);
				if (depth === 0 && marks && octet === closeBrace) isEnded = true;
			}
			if (start < chunk.length) held.push(Buffer.from(chunk.subarray(start)));
			passed += chunk.length;
		},
		end() {
			if (!isEnded) throw fault("the document ends in the middle; the file is cut short, or no JSON object", { line, column: passed - lineStart + 1 });
			if (!space.test(textOf(Buffer.alloc(0)))) throw fault("text follows the document");
		},
	};
}

const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
