import { quote } from "../dmarc/text.ts";

export interface DkimTag {
	name: string;
	value: string;
}

export type DkimTagList = { ok: true; tags: DkimTag[] } | { ok: false; error: string };

/**
 * tag-list of RFC 6376 section 3.2: name=value pairs between semicolons, folding white space around names and values,
 * names case-sensitive, values printable ASCII. One error makes the whole list invalid, a repeated name too.
 */
export function parseTagList(text: string): DkimTagList {
	if (!isFolded(text)) return { ok: false, error: "there is a line break that is not folding white space" };
	const elements = text.split(";");
	// The semicolon after the last tag is optional; white space after it is what zone editors leave behind.
	if (elements.length > 1 && trimFws(elements.at(-1) ?? "") === "") elements.pop();
	const tags: DkimTag[] = [];
	const names = new Set<string>();
	for (const element of elements) {
		const trimmed = trimFws(element);
		if (trimmed === "") return { ok: false, error: elements.length === 1 ? "the record is empty" : "there is an empty element between semicolons" };
		const equals = trimmed.indexOf("=");
		const name = equals < 0 ? "" : trimFws(trimmed.slice(0, equals));
		if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return { ok: false, error: `${quote(trimmed)} is not of the form name=value` };
		const value = trimFws(trimmed.slice(equals + 1));
		if (/[^\x20-\x7e\t\r\n]/.test(value)) return { ok: false, error: `the tag ${quote(name)} holds octets that are not printable ASCII` };
		if (names.has(name)) return { ok: false, error: `the tag ${quote(name)} is repeated, which makes the record invalid` };
		names.add(name);
		tags.push({ name, value });
	}
	return { ok: true, tags };
}

/** FWS at both ends off. A loop: a regular expression anchored at the end is quadratic on long runs of white space. */
function trimFws(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && isFws(text.charCodeAt(start))) start += 1;
	while (end > start && isFws(text.charCodeAt(end - 1))) end -= 1;
	return text.slice(start, end);
}

function isFws(code: number): boolean {
	return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** A line break is CRLF followed by a space or tab (RFC 6376 section 2.8). */
function isFolded(text: string): boolean {
	for (let index = 0; index < text.length; index += 1) {
		const code = text.charCodeAt(index);
		if (code === 0x0a) return false;
		if (code !== 0x0d) continue;
		const next = text.charCodeAt(index + 2);
		if (text.charCodeAt(index + 1) !== 0x0a || (next !== 0x20 && next !== 0x09)) return false;
		index += 1;
	}
	return true;
}

/** The parts of a colon-separated list (h=, s=, t=), white space around them taken off. */
export function colonList(value: string): string[] {
	return value.split(":").map((part) => trimFws(part));
}
