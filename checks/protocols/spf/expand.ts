import type { IpAddress } from "./address.ts";
import { dottedIp, formatIp } from "./address.ts";
import type { MacroExpansion, MacroToken } from "./macro.ts";
import { truncateName } from "./name.ts";

/** What the macros of RFC 7208 7.2 stand for in one evaluation. */
export interface MacroValues {
	ip: IpAddress;
	/** local-part@domain; "postmaster" when the local part is empty. */
	localPart: string;
	senderDomain: string;
	/** The current <domain>, which changes in include and redirect. */
	domain: string;
	helo: string;
	receiver: string;
	/** Seconds since the epoch. */
	timestamp: number;
	/** The validated name of the client, asked only when %{p} stands somewhere. */
	validatedName?: string;
}

/** A tail this long decides a name: at most 253 characters are kept, one more tells where a label ends. */
const decidingTail = 255;

/**
 * The target-name: expanded, without a trailing dot, cut from the left to 253 characters. It is built from its end and
 * only as far as it can matter, so that a 10 kB record of macros costs no more than its length.
 */
export function expandDomain(tokens: readonly MacroToken[], values: MacroValues): string {
	let name = "";
	for (let at = tokens.length - 1; at >= 0 && name.length <= decidingTail; at--) {
		const token = tokens[at];
		if (token !== undefined) name = expandToken(token, values) + name;
	}
	return truncateName(name);
}

/** An explanation (6.2), or undefined when it is longer than `limit` characters. */
export function expandText(tokens: readonly MacroToken[], values: MacroValues, limit: number): string | undefined {
	let text = "";
	for (const token of tokens) {
		text += expandToken(token, values);
		if (text.length > limit) return undefined;
	}
	return text;
}

function expandToken(token: MacroToken, values: MacroValues): string {
	if (token.kind === "literal") return token.text;
	const value = transform(letterValue(token, values), token);
	return token.escaped ? urlEscape(value) : value;
}

function letterValue(token: MacroExpansion, values: MacroValues): string {
	switch (token.letter) {
		case "s":
			return `${values.localPart}@${values.senderDomain}`;
		case "l":
			return values.localPart;
		case "o":
			return values.senderDomain;
		case "d":
			return values.domain;
		case "i":
			return dottedIp(values.ip);
		case "p":
			return values.validatedName ?? "unknown";
		case "h":
			return values.helo;
		case "v":
			return values.ip.family === 4 ? "in-addr" : "ip6";
		case "c":
			return formatIp(values.ip);
		case "r":
			return values.receiver;
		case "t":
			return String(values.timestamp);
	}
}

/** Split at the delimiters, reverse, keep the right-hand parts, rejoin with dots (7.3). */
function transform(value: string, token: Pick<MacroExpansion, "parts" | "reversed" | "delimiters">): string {
	if (token.parts === undefined && !token.reversed && token.delimiters === ".") return value;
	const parts: string[] = [];
	let start = 0;
	for (let at = 0; at <= value.length; at++) {
		if (at < value.length && !token.delimiters.includes(value.charAt(at))) continue;
		parts.push(value.slice(start, at));
		start = at + 1;
	}
	if (token.reversed) parts.reverse();
	const kept = token.parts === undefined || token.parts >= parts.length ? parts : parts.slice(parts.length - token.parts);
	return kept.join(".");
}

/** Everything outside the unreserved set of RFC 3986 as %XX of its UTF-8 octets. */
function urlEscape(value: string): string {
	let escaped = "";
	for (const octet of Buffer.from(value, "utf8")) {
		const char = String.fromCharCode(octet);
		escaped += /[A-Za-z0-9\-._~]/.test(char) ? char : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
	}
	return escaped;
}
