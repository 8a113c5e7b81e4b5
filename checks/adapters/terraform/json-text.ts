import type { InputError } from "../../../model/source.ts";
import { fault } from "./octets.ts";

/** Plans nest a few levels per module; what goes deeper than this is no plan but an attack on readers that recurse. */
export const maxDepth = 400;

/**
 * Parses JSON. On a syntax error throws InputError with line and column; the message never quotes the text, which may hold
 * secrets, as the engine's own message would. Keys that stand twice are found by scanJson: JSON.parse would
 * keep the last and silently drop a resource.
 */
export function parseJsonText(text: string, file: string): unknown {
	return parseCounted(text, file).value;
}

export interface Counted {
	value: unknown;
	/** How many keys stand in the objects of the text. */
	keys: number;
}

/** The same, and how many keys the text has: see refuseRepeatedKeys. */
export function parseCounted(text: string, file: string): Counted {
	const { keys, deep } = shapeOf(text);
	if (deep) throw fault(file, `values are nested more than ${maxDepth} levels deep; this is no Terraform document`);
	try {
		return { value: JSON.parse(text), keys };
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		scanJson(text, file);
		throw fault(file, "not valid JSON");
	}
}

/** Throws InputError where an object names a key twice: the value has then fewer keys than the text, which is read again to say where. */
export function refuseRepeatedKeys({ value, keys }: Counted, text: string, file: string): void {
	if (keysIn(value) !== keys) scanJson(text, file);
}

/** Over-estimates for text that is no JSON, which is refused anyway. */
export function tooDeep(text: string): boolean {
	return shapeOf(text).deep;
}

/** How many keys the objects of a JSON text have, each as often as it stands there; and whether it nests too deep. */
function shapeOf(text: string): { keys: number; deep: boolean } {
	let [depth, keys] = [0, 0];
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x22) {
			index = endOfString(text, index);
			if (index === -1) break;
		} else if (code === 0x3a) keys += 1;
		else if (code === 0x7b || code === 0x5b) {
			depth += 1;
			if (depth > maxDepth) return { keys, deep: true };
		} else if (code === 0x7d || code === 0x5d) depth -= 1;
	}
	return { keys, deep: false };
}

function keysIn(value: unknown): number {
	if (value === null || typeof value !== "object") return 0;
	const members = Object.values(value);
	let keys = Array.isArray(value) ? 0 : members.length;
	for (const member of members) keys += keysIn(member);
	return keys;
}

/** Position of the closing quote, or -1. */
function endOfString(text: string, start: number): number {
	let index = text.indexOf('"', start + 1);
	while (index !== -1) {
		let slashes = 0;
		while (text.charCodeAt(index - 1 - slashes) === 0x5c) slashes += 1;
		// The opening quote is no backslash, so that the count stops there.
		if (slashes % 2 === 0) return index;
		index = text.indexOf('"', index + 1);
	}
	return -1;
}

const literal = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;

/**
 * Walks JSON text without recursion and throws InputError at the first fault: a syntax error, the end of the text inside a
 * value, or a key that an object names twice.
 */
export function scanJson(text: string, file: string): void {
	// One entry per open container: the keys of an object, undefined for an array.
	const open: (Set<string> | undefined)[] = [];
	let index = skipSpace(text, 0);
	let expect: "value" | "key" | "first" | "comma" = "value";
	const fail = (message: string, at = index): InputError => {
		const { line, column } = positionOf(text, at);
		if (at >= text.length) return fault(file, "the JSON ends in the middle of a value; the file is cut short", line, column);
		return fault(file, `not valid JSON: ${message}`, line, column);
	};
	for (;;) {
		index = skipSpace(text, index);
		const top = open.at(-1);
		if (expect === "comma") {
			if (open.length === 0) {
				if (index < text.length) throw fail(text[index] === "{" ? "a second value follows the first; give one document per file" : "text follows the value");
				return;
			}
			const code = text[index];
			if (code === (top === undefined ? "]" : "}")) {
				open.pop();
				index += 1;
			} else if (code === ",") {
				index += 1;
				expect = top === undefined ? "value" : "key";
			} else throw fail(`expected a comma or ${top === undefined ? "]" : "}"}`);
			continue;
		}
		if (top !== undefined && (expect === "key" || expect === "first")) {
			if (expect === "first" && text[index] === "}") {
				open.pop();
				index += 1;
				expect = "comma";
				continue;
			}
			const start = index;
			const end = matchString(text, index);
			if (end === -1) throw fail("expected a key in double quotes", faultOfString(text, index));
			const key = text.slice(start, end);
			if (top.has(key)) throw fail("this key stands twice in one object; the first would be lost", start);
			top.add(key);
			index = skipSpace(text, end);
			if (text[index] !== ":") throw fail("expected a colon after the key");
			index += 1;
			expect = "value";
			continue;
		}
		const code = text[index];
		if (code === "{") {
			open.push(new Set());
			index += 1;
			expect = "first";
		} else if (code === "[") {
			open.push(undefined);
			index += 1;
			expect = "first";
		} else if (expect === "first" && code === "]") {
			open.pop();
			index += 1;
			expect = "comma";
		} else if (code === '"') {
			const end = matchString(text, index);
			if (end === -1) throw fail("a string that is not closed, or holds a bad escape or a control character", faultOfString(text, index));
			index = end;
			expect = "comma";
		} else {
			literal.lastIndex = index;
			const match = literal.exec(text);
			if (match === null) throw fail("expected a value");
			index += match[0].length;
			expect = "comma";
		}
	}
}

function skipSpace(text: string, start: number): number {
	let index = start;
	for (;;) {
		const code = text.charCodeAt(index);
		if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return index;
		index += 1;
	}
}

/** Position after a well-formed string, or -1. */
function matchString(text: string, start: number): number {
	if (text[start] !== '"') return -1;
	const end = endOfString(text, start);
	if (end === -1) return -1;
	// Most strings are plain; checked by hand, since a pattern would recurse on long ones.
	for (let index = start + 1; index < end; index++) {
		const code = text.charCodeAt(index);
		if (code < 0x20) return -1;
		if (code === 0x5c) {
			const next = text[index + 1] ?? "";
			if (next === "u" ? !/^[0-9a-fA-F]{4}$/.test(text.slice(index + 2, index + 6)) : !'"\\/bfnrt'.includes(next)) return -1;
			index += next === "u" ? 5 : 1;
		}
	}
	return end + 1;
}

/** Where a string goes wrong: the end of the text when it is not closed, else its first character. */
function faultOfString(text: string, start: number): number {
	return text[start] === '"' && endOfString(text, start) === -1 ? text.length : start;
}

function positionOf(text: string, index: number): { line: number; column: number } {
	let line = 1;
	let start = 0;
	for (let next = text.indexOf("\n"); next !== -1 && next < index; next = text.indexOf("\n", next + 1)) {
		line += 1;
		start = next + 1;
	}
	return { line, column: Math.min(index, text.length) - start + 1 };
}
