import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Evidence } from "./evidence.ts";

/** Canonical JSON, RFC 8785. Undefined members are left out. Throws on what JSON cannot say (NaN, lone surrogates). */
export function canonicalJson(value: unknown): string {
	const text = canonicalize(value);
	if (text === undefined) throw new TypeError("value has no JSON form");
	return text;
}

export function sha256Hex(data: string | Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
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
	// JSON.stringify escapes a lone surrogate and nothing else in this range.
	const line = canonicalJson(/\\ud[89a-f]/.test(JSON.stringify(item)) ? wellFormed(item) : item);
	return { line, sha256: sha256Hex(line) };
}

/** Code-unit order, as RFC 8785 sorts keys: the only order used in outputs; no locale changes it. */
export function byCodeUnit(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
