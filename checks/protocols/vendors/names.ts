import { domainToASCII } from "node:url";
import { getPublicSuffix } from "tldts";

/** Lower case, no trailing dot, A-labels. undefined: no name at all. */
export function asName(text: string): string | undefined {
	const lower = text.trim().toLowerCase().replace(/\.$/, "");
	if (lower === "" || lower.length > 1000) return undefined;
	if (/^[\x00-\x7f]*$/.test(lower)) return lower;
	const ascii = domainToASCII(lower);
	return ascii === "" ? undefined : ascii;
}

/** How names of parties and of products are compared: case, width and blanks aside. */
export function foldName(name: string): string {
	return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * How many labels of a name a suffix covers, 0 for no match. It matches the whole name or at a label boundary:
 * example.net covers mx1.example.net, never badexample.net. `*` in the suffix is exactly one label.
 */
export function suffixLabels(name: string, suffix: string): number {
	// Almost no suffix fits: the labels after its last asterisk are the end of the name.
	if (!name.endsWith(suffix.slice(suffix.lastIndexOf("*") + 1))) return 0;
	const nameLabels = name.split(".");
	const suffixParts = suffix.split(".");
	if (suffixParts.length > nameLabels.length || suffix === "") return 0;
	const offset = nameLabels.length - suffixParts.length;
	for (const [index, part] of suffixParts.entries()) {
		const label = nameLabels[offset + index];
		if (label === undefined || label === "") return 0;
		if (part !== "*" && part !== label) return 0;
	}
	return suffixParts.length;
}

/**
 * The part of an SPF target that stands for itself: after the last macro (RFC 7208 7.1), without the label that a macro
 * leaves unfinished. `%{i}._spf.example.net` gives _spf.example.net. undefined: nothing literal is left to compare.
 */
export function literalTail(target: string): string | undefined {
	let end = 0;
	for (let at = target.indexOf("%"); at >= 0; at = target.indexOf("%", end)) {
		const next = target[at + 1];
		const close = next === "{" ? target.indexOf("}", at) : next === "%" || next === "_" || next === "-" ? at + 1 : -1;
		if (close < 0) return undefined;
		end = close + 1;
	}
	if (end === 0) return asName(target);
	const dot = target.indexOf(".", end);
	return dot < 0 ? undefined : asName(target.slice(dot + 1));
}

/** A name that one party can answer for: at least two labels, and no public suffix such as co.uk. */
export function isOwnName(name: string): boolean {
	return name.includes(".") && getPublicSuffix(name, { allowPrivateDomains: false }) !== name;
}
