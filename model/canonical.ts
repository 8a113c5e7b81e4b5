import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Evidence } from "./evidence.ts";

/**
 * Canonical JSON, RFC 8785. Undefined members are left out. Throws TypeError on what JSON cannot say (NaN, functions).
 * JSON.stringify writes strings and numbers as the RFC asks; only the order of keys is ours to make.
 */
export function canonicalJson(value: unknown): string {
	const sorted = sortKeys(value);
	const text = sorted === undefined ? canonicalize(value) : JSON.stringify(sorted);
	if (text === undefined) throw new TypeError("value has no JSON form");
	return text;
}

/** A copy whose keys stand in order, or undefined where an object cannot hold them so: keys such as "10" always come first. */
function sortKeys(value: unknown): unknown {
	if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("a number has no JSON form");
	if (value === null || typeof value !== "object") return value;
	if (Array.isArray(value)) {
		const items: unknown[] = [];
		for (const item of value) {
			const sorted = sortKeys(item);
			if (sorted === undefined) return undefined;
			items.push(sorted);
		}
		return items;
	}
	const members = value as Record<string, unknown>;
	const copy: Record<string, unknown> = {};
	for (const key of inOrder(Object.keys(members))) {
		const member = members[key];
		if (member === undefined) continue;
		if (startsLikeIndex(key) || key === "__proto__") return undefined;
		const sorted = sortKeys(member);
		if (sorted === undefined) return undefined;
		copy[key] = sorted;
	}
	return copy;
}

/** Sorts in place. The few keys of most objects are put in order without the copies that sort() makes: it is called for every object of every item. */
function inOrder(keys: string[]): string[] {
	if (keys.length > 24) return keys.sort();
	for (let end = 1; end < keys.length; end++) {
		const key = keys[end] as string;
		let at = end;
		for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
		keys[at] = key;
	}
	return keys;
}

function startsLikeIndex(key: string): boolean {
	const first = key.charCodeAt(0);
	return first >= 0x30 && first <= 0x39;
}

export function sha256Hex(data: string | Uint8Array): string {
	return hash("sha256", data, "hex");
}

/**
 * Text from outside may hold lone surrogates ("\\ud800" in a JSON file), which RFC 8785 has no form for: they become U+FFFD,
 * here, so that no hostile file can stop a run.
 */
function wellFormed(value: unknown): unknown {
	if (typeof value === "string") return value.toWellFormed();
	if (Array.isArray(value)) return value.map(wellFormed);
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]));
}

/** The line of an item in evidence/<kind>.jsonl, without the newline, and its hash, which names the item in results. */
export function evidenceLine(item: Evidence): { line: string; sha256: string } {
	const text = canonicalJson(item);
	const line = holdsSurrogate(text) ? canonicalJson(wellFormed(item)) : text;
	return { line, sha256: sha256Hex(line) };
}

/**
 * The same, and the item as its line reads: what is judged at once is what a later reader of the line judges. Most items are put in order
 * for their line anyway; the few that no object can hold in order are read back.
 */
export function writtenEvidence(item: Evidence): { line: string; sha256: string; item: Evidence } {
	const sorted = sortKeys(item);
	const line = sorted === undefined ? "" : JSON.stringify(sorted);
	if (line !== "" && !holdsSurrogate(line)) return { line, sha256: sha256Hex(line), item: sorted as Evidence };
	const written = evidenceLine(item);
	return { ...written, item: JSON.parse(written.line) as Evidence };
}

/** JSON.stringify escapes a lone surrogate, and nothing else in this range. */
function holdsSurrogate(text: string): boolean {
	return text.includes("\\ud");
}

/** Code-unit order, as RFC 8785 sorts keys: the only order used in outputs; no locale changes it. */
export function byCodeUnit(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
