import { domainToASCII, domainToUnicode } from "node:url";
import { visible } from "../../model/visible-text.ts";

export { visible };

const nonAscii = /[^\x00-\x7f]/;

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
