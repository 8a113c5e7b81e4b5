import { isIPv4, isIPv6 } from "node:net";
import { canonicalAddress } from "../address.ts";
import { dnsPacket, typeCode } from "./packet.ts";

/** A value of a record as the YAML file gives it. */
export type RecordValue = string | boolean | readonly string[] | Readonly<Record<string, string | number>>;

/** One record ready to be sent. */
export interface LabRecord {
	/** Lower case, no trailing dot; "." is the root. */
	name: string;
	type: number;
	ttlSeconds: number;
	rdata: Buffer;
	/** Where a CNAME leads. */
	target?: string;
}

/** Lower case, no trailing dot. The root is ".". */
export function canonicalName(name: string): string {
	const lower = name.toLowerCase();
	return lower.length > 1 && lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

/** Why a name cannot stand in a zone, or undefined. Labels of 1 to 63 octets, at most 253 in all (RFC 1035 2.3.4). */
export function nameFault(name: string): string | undefined {
	const canonical = canonicalName(name);
	if (canonical === ".") return undefined;
	if (canonical.length > 253) return `the name has ${canonical.length} characters, at most 253 are possible`;
	for (const label of canonical.split(".")) {
		if (label === "") return `"${name}" has an empty label`;
		if (label.length > 63) return `a label of "${name.slice(0, 80)}" has ${label.length} characters, at most 63 are possible`;
	}
	if (!/^[\x21-\x7e]+$/.test(canonical)) return `"${name}" holds characters outside printable ASCII; write A-labels`;
	return undefined;
}

/**
 * RDATA of one value. Throws a RangeError whose message says what was expected.
 * Text forms are those of a zone file: MX "10 mx.example", CAA '0 issue "ca.example"', TLSA "3 1 1 <hex>",
 * SOA "mname rname serial refresh retry expire minimum", SRV "priority weight port target", and for every type
 * the form of RFC 3597, "\# <length> <hex>".
 */
export function encodeRdata(type: string, value: RecordValue): Buffer {
	if (typeCode(type) === undefined || type === "ANY")
		throw new RangeError(`unknown record type "${type}"; use one such as MX, or TYPE65 with "\\# <length> <hex>"`);
	if (typeof value === "string" && value.startsWith("\\#")) return genericRdata(value);
	switch (type) {
		case "A":
			if (typeof value !== "string" || !isIPv4(value)) throw expected("an IPv4 address", value);
			return Buffer.from(value.split(".").map(Number));
		case "AAAA":
			if (typeof value !== "string" || !isIPv6(value)) throw expected("an IPv6 address", value);
			return rdataOf("AAAA", canonicalAddress(value));
		case "CNAME":
		case "NS":
		case "PTR":
			return domainName(value);
		case "MX":
			return mailExchange(value);
		case "TXT":
		case "SPF":
			return characterStrings(value);
		case "CAA":
			return certificationAuthority(value);
		case "TLSA":
			return tlsAssociation(value);
		case "SOA":
			return startOfAuthority(value);
		case "SRV":
			return service(value);
		default:
			throw expected('the form "\\# <length> <hex>" (RFC 3597)', value);
	}
}

/** RDATA of a TXT record: a text is cut at 255 octets, a list is kept string by string. */
function characterStrings(value: RecordValue): Buffer {
	if (typeof value !== "string" && !Array.isArray(value)) throw expected("a text, or a list of texts for explicit strings", value);
	const strings: Buffer[] = [];
	if (typeof value === "string") {
		const octets = latin1(value);
		for (let start = 0; start === 0 || start < octets.length; start += 255) strings.push(octets.subarray(start, start + 255));
	} else {
		for (const text of value as readonly string[]) strings.push(latin1(text));
	}
	const parts: Buffer[] = [];
	for (const octets of strings) {
		if (octets.length > 255) throw new RangeError(`a string of ${octets.length} octets does not fit; at most 255 (RFC 1035 3.3)`);
		parts.push(Buffer.from([octets.length]), octets);
	}
	const rdata = Buffer.concat(parts);
	if (rdata.length > 65_535) throw new RangeError(`the record has ${rdata.length} octets, at most 65535 are possible`);
	return rdata;
}

function latin1(text: string): Buffer {
	for (const character of text) {
		if ((character.codePointAt(0) ?? 0) > 255) throw new RangeError(`"${character}" is no octet; write the bytes of UTF-8 as \\xNN escapes in double quotes`);
	}
	return Buffer.from(text, "latin1");
}

function domainName(value: RecordValue): Buffer {
	if (typeof value !== "string") throw expected("a domain name", value);
	const fault = nameFault(value);
	if (fault !== undefined) throw new RangeError(fault);
	return Buffer.from(dnsPacket.name.encode(value === "." ? "." : value.replace(/\.$/, "")));
}

function mailExchange(value: RecordValue): Buffer {
	const match = typeof value === "string" ? /^(\d{1,5})\s+(\S+)$/.exec(value) : null;
	const preference = Number(match?.[1] ?? (isFields(value) ? value.preference : Number.NaN));
	const exchange = match?.[2] ?? (isFields(value) ? value.exchange : undefined);
	if (!(preference >= 0 && preference <= 65535) || typeof exchange !== "string") throw expected('"<preference> <host>", such as "10 mx.example"', value);
	return Buffer.concat([uint16(preference), domainName(exchange)]);
}

function certificationAuthority(value: RecordValue): Buffer {
	const match = typeof value === "string" ? /^(\d{1,3})\s+([A-Za-z0-9]{1,15})\s+(?:"([^"]*)"|(\S*))$/.exec(value) : null;
	const flags = Number(match?.[1]);
	if (!match || flags > 255) throw expected('"<flags> <tag> <value>", such as \'0 issue "ca.example"\'', value);
	const tag = Buffer.from(match[2] ?? "", "latin1");
	return Buffer.concat([Buffer.from([flags, tag.length]), tag, latin1(match[3] ?? match[4] ?? "")]);
}

function tlsAssociation(value: RecordValue): Buffer {
	const match = typeof value === "string" ? /^(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9A-Fa-f]*)$/.exec(value) : null;
	const fields = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
	const hex = match?.[4] ?? "";
	if (!match || hex.length % 2 !== 0 || fields.some((field) => field > 255)) throw expected('"<usage> <selector> <matching type> <hex>"', value);
	return Buffer.concat([Buffer.from(fields), Buffer.from(hex, "hex")]);
}

function startOfAuthority(value: RecordValue): Buffer {
	const match = typeof value === "string" ? /^(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)$/.exec(value) : null;
	const numbers = (match?.slice(3) ?? []).map(Number);
	if (!match || numbers.some((number) => number > 0xffff_ffff)) throw expected('"<mname> <rname> <serial> <refresh> <retry> <expire> <minimum>"', value);
	return Buffer.concat([domainName(match[1] ?? ""), domainName(match[2] ?? ""), ...numbers.map(uint32)]);
}

function service(value: RecordValue): Buffer {
	const match = typeof value === "string" ? /^(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s+(\S+)$/.exec(value) : null;
	const numbers = (match?.slice(1, 4) ?? []).map(Number);
	if (!match || numbers.some((number) => number > 65535)) throw expected('"<priority> <weight> <port> <target>"', value);
	return Buffer.concat([...numbers.map(uint16), domainName(match[4] ?? "")]);
}

function genericRdata(text: string): Buffer {
	const match = /^\\#\s+(\d{1,5})((?:\s+[0-9A-Fa-f]+)*)$/.exec(text);
	const hex = (match?.[2] ?? "").replace(/\s+/g, "");
	if (!match || hex.length !== Number(match[1]) * 2) throw expected('"\\# <length> <hex>" with as many octets as the length says', text);
	return Buffer.from(hex, "hex");
}

function rdataOf(type: string, data: unknown): Buffer {
	return Buffer.from(dnsPacket.record(type).encode(data).subarray(2));
}

function uint16(value: number): Buffer {
	const octets = Buffer.alloc(2);
	octets.writeUInt16BE(value);
	return octets;
}

function uint32(value: number): Buffer {
	const octets = Buffer.alloc(4);
	octets.writeUInt32BE(value);
	return octets;
}

function isFields(value: RecordValue): value is Readonly<Record<string, string | number>> {
	return typeof value === "object" && !Array.isArray(value);
}

function expected(what: string, value: unknown): RangeError {
	return new RangeError(`expected ${what}, got ${JSON.stringify(value)?.slice(0, 100)}`);
}
