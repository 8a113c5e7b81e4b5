import { isIPv6 } from "node:net";
import type { MacroToken } from "./macro.ts";
import { describeOctet, parseDomainSpec, parseMacroString, printable } from "./macro.ts";

export type SpfQualifier = "+" | "-" | "~" | "?";
type SpfMechanismName = "all" | "include" | "a" | "mx" | "ptr" | "ip4" | "ip6" | "exists";

/** One directive of a record (RFC 7208 4.6.1). */
export interface SpfMechanism {
	kind: "mechanism";
	name: SpfMechanismName;
	/** "+" when none is written. */
	qualifier: SpfQualifier;
	/** The term as written, qualifier included. */
	text: string;
	/** Index of the term's first character in the record. */
	position: number;
	/** domain-spec as written, without the CIDR lengths. Absent: the current domain. */
	domainSpec?: string;
	tokens?: MacroToken[];
	/** ip4, ip6: the network as written. */
	network?: string;
	/** ip4, a, mx: bits, 0 to 32; 32 when not written. */
	prefix4?: number;
	/** ip6, a, mx: bits, 0 to 128; 128 when not written. */
	prefix6?: number;
}

/** redirect, exp, or an unknown modifier, which is kept but has no effect (6). */
export interface SpfModifier {
	kind: "modifier";
	/** Lower case. */
	name: string;
	text: string;
	position: number;
	value: string;
	/** redirect and exp only. */
	tokens?: MacroToken[];
}

export interface SpfRecord {
	/** The record as published, strings joined. */
	text: string;
	/** All terms in the order of the record. */
	terms: (SpfMechanism | SpfModifier)[];
	mechanisms: SpfMechanism[];
	redirect?: SpfModifier;
	exp?: SpfModifier;
	unknownModifiers: SpfModifier[];
}

export interface SpfSyntaxError {
	message: string;
	/** Index of the first character of the term that holds the error; 0 when the version is wrong. */
	position: number;
	/** Index of the very character at which the ABNF is left, within the term or right behind it. */
	offset: number;
	/** The fault is in the syntax of a macro (7.1). */
	macro: boolean;
	/** The term that holds the error, at most 80 characters, octets outside printable ASCII as \xNN. */
	term: string;
}

export type SpfParse = { ok: true; record: SpfRecord } | { ok: false; error: SpfSyntaxError };

/** Is this TXT record an SPF record (RFC 7208 4.5)? "v=spf1" in any case, then a space or the end. */
export function isSpf(text: string): boolean {
	return /^v=spf1(?: |$)/i.test(text);
}

/**
 * Parses a whole record by the ABNF of RFC 7208 section 12. Octets are expected one to a character (latin1), so that
 * those above 127 are refused by position. Linear in the length; never throws.
 */
export function parseSpf(text: string): SpfParse {
	const { record, errors } = scanSpf(text);
	const error = errors[0];
	return error === undefined ? { ok: true, record } : { ok: false, error };
}

/** Like parseSpf, but goes on behind an error, so that a report can name every faulty term (at most 100). */
export function scanSpf(text: string): { record: SpfRecord; errors: SpfSyntaxError[] } {
	const record: SpfRecord = { text, terms: [], mechanisms: [], unknownModifiers: [] };
	const errors: SpfSyntaxError[] = [];
	if (!isSpf(text)) {
		const message = 'the record does not begin with "v=spf1" and a space';
		return { record, errors: [{ message, position: 0, offset: 0, macro: false, term: printable(text.slice(0, 80)) }] };
	}
	let at = 6;
	while (at < text.length && errors.length < 100) {
		if (text[at] === " ") {
			at += 1;
			continue;
		}
		const space = text.indexOf(" ", at);
		const end = space === -1 ? text.length : space;
		const term = text.slice(at, end);
		const problem = parseTerm(term, at, record);
		if (problem !== undefined) {
			errors.push({ message: problem.message, position: at, offset: at + problem.offset, macro: problem.macro === true, term: printable(term) });
		}
		at = end;
	}
	return { record, errors };
}

interface Problem {
	message: string;
	/** From the start of the term. */
	offset: number;
	macro?: boolean | undefined;
}

const modifierHead = /^([a-z][a-z0-9\-_.]*)=/i;
const mechanismHead = /^([+\-?~]?)([a-z][a-z0-9]*)(?=[:/]|$)/i;
const mechanismNames: readonly SpfMechanismName[] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];

function parseTerm(term: string, position: number, record: SpfRecord): Problem | undefined {
	// Before anything else, so that the message names the octet and not a mechanism that nobody wrote.
	const foreign = /[^\x21-\x7e]/.exec(term);
	if (foreign !== null) return { message: `character ${describeOctet(term.charCodeAt(foreign.index))} is not allowed`, offset: foreign.index };
	const modifier = modifierHead.exec(term);
	if (modifier?.[1] !== undefined) return parseModifier(modifier[1], term, position, record);
	const head = mechanismHead.exec(term);
	const name = mechanismNames.find((known) => known === head?.[2]?.toLowerCase());
	if (head === null || name === undefined) {
		const offset = /^[+\-?~]/.test(term) ? 1 : 0;
		const written = /^[^:/=]*/.exec(term.slice(offset))?.[0] ?? "";
		if (offset === 1 && modifierHead.test(term.slice(1))) return { message: "a modifier takes no qualifier", offset: 0 };
		return { message: `"${printable(written)}" is not a mechanism`, offset: Math.min(offset, term.length - 1) };
	}
	const mechanism: SpfMechanism = { kind: "mechanism", name, qualifier: (head[1] === "" ? "+" : head[1]) as SpfQualifier, text: term, position };
	const argumentAt = head[0].length;
	const problem = parseArguments(mechanism, term.slice(argumentAt));
	if (problem !== undefined) return { message: `${name}: ${problem.message}`, offset: argumentAt + problem.offset, macro: problem.macro };
	record.terms.push(mechanism);
	record.mechanisms.push(mechanism);
	return undefined;
}

function parseModifier(written: string, term: string, position: number, record: SpfRecord): Problem | undefined {
	const name = written.toLowerCase();
	const value = term.slice(written.length + 1);
	const known = name === "redirect" || name === "exp";
	const parsed = known ? parseDomainSpec(value) : parseMacroString(value, "any-letter");
	if (!parsed.ok) return { message: `${printable(name)}: ${parsed.message}`, offset: written.length + 1 + parsed.offset, macro: parsed.macro };
	const modifier: SpfModifier = { kind: "modifier", name, text: term, position, value, ...(known ? { tokens: parsed.tokens } : {}) };
	if (known) {
		// RFC 7208 section 6: both may stand once at most.
		if (record[name] !== undefined) return { message: `${name} stands more than once`, offset: 0 };
		record[name] = modifier;
	} else record.unknownModifiers.push(modifier);
	record.terms.push(modifier);
	return undefined;
}

/** `rest` is what follows the mechanism's name: empty, or beginning with ":" or "/". */
function parseArguments(mechanism: SpfMechanism, rest: string): Problem | undefined {
	switch (mechanism.name) {
		case "all":
			return rest === "" ? undefined : { message: "takes no argument", offset: 0 };
		case "include":
		case "exists":
			if (!rest.startsWith(":")) return { message: 'needs ":" and a domain name', offset: 0 };
			return readDomain(mechanism, rest.slice(1), 1);
		case "ptr":
			if (rest === "") return undefined;
			if (!rest.startsWith(":")) return { message: "takes no CIDR length", offset: 0 };
			return readDomain(mechanism, rest.slice(1), 1);
		case "ip4":
			return readIp4(mechanism, rest);
		case "ip6":
			return readIp6(mechanism, rest);
		case "a":
		case "mx":
			return readDual(mechanism, rest);
	}
}

function readDomain(mechanism: SpfMechanism, spec: string, offset: number): Problem | undefined {
	const parsed = parseDomainSpec(spec);
	if (!parsed.ok) return { message: parsed.message, offset: offset + parsed.offset, macro: parsed.macro };
	mechanism.domainSpec = spec;
	mechanism.tokens = parsed.tokens;
	return undefined;
}

function readDual(mechanism: SpfMechanism, rest: string): Problem | undefined {
	// dual-cidr-length stands at the end; a domain-spec may itself hold "/", so it is read from the right. The number of
	// digits is bounded here to keep the match linear; anything longer is out of range and fails as a domain name.
	const tail = /(?:\/(\d{1,20}))?(?:\/\/(\d{1,20}))?$/.exec(rest.slice(-44));
	const length = tail?.[0].length ?? 0;
	const cut = rest.length - length;
	const prefix4 = readPrefix(tail?.[1], 32);
	if (prefix4 === undefined) return { message: `"/${tail?.[1] ?? ""}" is not an IPv4 CIDR length (0 to 32)`, offset: cut };
	const prefix6 = readPrefix(tail?.[2], 128);
	if (prefix6 === undefined) return { message: `"//${tail?.[2] ?? ""}" is not an IPv6 CIDR length (0 to 128)`, offset: rest.lastIndexOf("//") };
	mechanism.prefix4 = prefix4;
	mechanism.prefix6 = prefix6;
	const spec = rest.slice(0, cut);
	if (spec === "") return undefined;
	if (!spec.startsWith(":")) return { message: "the CIDR length is malformed", offset: 0 };
	return readDomain(mechanism, spec.slice(1), 1);
}

/** A missing length means the whole address; leading zeros are not in the ABNF. */
function readPrefix(digits: string | undefined, width: 32 | 128): number | undefined {
	if (digits === undefined) return width;
	if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined;
	const value = Number(digits);
	return value <= width ? value : undefined;
}

const qnum = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ip4Network = new RegExp(`^${qnum}(?:\\.${qnum}){3}$`);

function readIp4(mechanism: SpfMechanism, rest: string): Problem | undefined {
	const split = splitNetwork(rest);
	if (split === undefined) return { message: 'needs ":" and an IPv4 address', offset: 0 };
	if (!ip4Network.test(split.network)) return { message: `"${printable(split.network)}" is not an IPv4 address`, offset: Math.min(1, rest.length) };
	const prefix = readPrefix(split.length, 32);
	if (prefix === undefined) return { message: `"/${printable(split.length ?? "")}" is not an IPv4 CIDR length (0 to 32)`, offset: split.slash };
	mechanism.network = split.network;
	mechanism.prefix4 = prefix;
	return undefined;
}

function readIp6(mechanism: SpfMechanism, rest: string): Problem | undefined {
	const split = splitNetwork(rest);
	if (split === undefined) return { message: 'needs ":" and an IPv6 address', offset: 0 };
	if (split.network.length > 45 || split.network.includes("%") || !isIPv6(split.network)) {
		return { message: `"${printable(split.network)}" is not an IPv6 address`, offset: Math.min(1, rest.length) };
	}
	const prefix = readPrefix(split.length, 128);
	if (prefix === undefined) return { message: `"/${printable(split.length ?? "")}" is not an IPv6 CIDR length (0 to 128)`, offset: split.slash };
	mechanism.network = split.network;
	mechanism.prefix6 = prefix;
	return undefined;
}

function splitNetwork(rest: string): { network: string; length: string | undefined; slash: number } | undefined {
	if (!rest.startsWith(":")) return undefined;
	const slash = rest.indexOf("/");
	if (slash === -1) return { network: rest.slice(1), length: undefined, slash: rest.length };
	return { network: rest.slice(1, slash), length: rest.slice(slash + 1), slash };
}
