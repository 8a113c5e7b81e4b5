import { domainToASCII, domainToUnicode } from "node:url";

/**
 * Characters that show nothing, move the cursor or reorder their neighbours: controls, format characters (bidirectional
 * overrides and isolates, zero width, byte order mark, tags), line and paragraph separators, lone surrogates,
 * noncharacters and the other default-ignorable code points such as Hangul fillers and variation selectors.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
/** A tower of combining marks paints over the lines around it. */
const tower = /(\p{M}{4})(\p{M}+)/gu;
/** Letters, digits and hyphens around at least one A-label (RFC 5890, 2.3.2.1). Labels are short, so the search stays linear. */
const aLabelName = /(?<![a-z0-9_.-])(?:[a-z0-9_-]{1,63}\.){0,126}?xn--[a-z0-9-]{1,59}(?:\.[a-z0-9_-]{1,63}){0,126}/gi;
const nonAscii = /[^\x00-\x7f]/;

/** Text as it may be printed anywhere: what cannot be seen is written as a code, A-labels are followed by their U-label form. */
export function visible(text: string): string {
	const both = /xn--/i.test(text) ? text.replace(aLabelName, withULabel) : text;
	return showUnseen(both);
}

/** A domain name, or "host|ip|port", such that visible() shows an internationalized name in both forms, whichever it came in. */
export function nameText(name: string): string {
	if (!nonAscii.test(name)) return name;
	const parts: string[] = [];
	for (const part of name.split("|")) {
		const ascii = nonAscii.test(part) ? domainToASCII(part) : "";
		if (ascii === "" || ascii === part) parts.push(part);
		else parts.push(domainToUnicode(ascii) === part ? ascii : `${part} = ${ascii}`);
	}
	return parts.join("|");
}

/** The code that stands for one unseen character: ␛ for C0 controls and DEL, [U+202E] for the rest. */
function code(character: string): string {
	const point = character.codePointAt(0) ?? 0;
	if (point < 0x20) return String.fromCodePoint(0x2400 + point);
	if (point === 0x7f) return "\u2421";
	return `[U+${point.toString(16).toUpperCase().padStart(4, "0")}]`;
}

function showUnseen(text: string): string {
	return text.replace(unseen, code).replace(tower, (_whole, kept: string, rest: string) => `${kept}[+${[...rest].length} combining marks]`);
}

function withULabel(name: string): string {
	const unicode = domainToUnicode(name.toLowerCase());
	if (unicode === "" || unicode === name.toLowerCase()) return name;
	return `${name} (${unicode})`;
}

/** One value as text: strings as they are, everything else as JSON. Null and undefined give null: there is nothing to show. */
export function shown(value: unknown): string | null {
	if (value === null || value === undefined) return null;
	if (typeof value === "string") return value;
	return JSON.stringify(value) ?? null;
}

/** Cuts long text and says how much is missing, so that one value cannot fill a report. */
export function cut(text: string, limit: number): string {
	const points = text.length <= limit ? null : [...text];
	if (points === null || points.length <= limit) return text;
	return `${points.slice(0, limit).join("")} … (${points.length - limit} more characters; in full in result.json)`;
}

/** 2026-11-24 06:45:12 UTC; text that is no RFC 3339 time is returned as it is. */
export function utc(time: string): string {
	if (!/^\d{4}-\d{2}-\d{2}T/.test(time)) return time;
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return time;
	return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "1 check", "2 checks". Numbers have no thousands separator: one form in every locale. */
export function count(n: number, one: string, many: string = `${one}s`): string {
	return `${n} ${n === 1 ? one : many}`;
}

/** A CSS string: everything but plain letters, digits and spaces as an escape, so that nothing can end the string or the style element. */
export function cssString(text: string): string {
	let out = "";
	for (const character of visible(text)) {
		out += /[A-Za-z0-9 ]/.test(character) ? character : `\\${(character.codePointAt(0) ?? 0).toString(16)} `;
	}
	return `"${out}"`;
}
