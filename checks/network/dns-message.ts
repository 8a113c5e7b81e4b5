import type { Rcode, RecordType } from "../protocols/resolver.ts";

/** Numbers of the record types that can be asked for (IANA, DNS parameters). */
export const typeNumbers: Readonly<Record<RecordType, number>> = {
	A: 1,
	NS: 2,
	CNAME: 5,
	SOA: 6,
	PTR: 12,
	MX: 15,
	TXT: 16,
	AAAA: 28,
	DS: 43,
	RRSIG: 46,
	NSEC: 47,
	DNSKEY: 48,
	NSEC3: 50,
	TLSA: 52,
	SPF: 99,
	CAA: 257,
};

const recursionDesired = 0x0100;
const checkingDisabled = 0x0010;
export const headerSize = 12;
/** EDNS buffer size that avoids fragments (DNS Flag Day 2020). */
const ednsSize = 1232;
const optSize = 11;

/**
 * A question in wire form with EDNS (RFC 6891) behind it. The first `plainLength` octets with ARCOUNT set to 0 are the same
 * question without EDNS. `id` is written in place for each attempt.
 */
export interface Query {
	octets: Buffer;
	plainLength: number;
}

/**
 * Writes a question. Returns undefined for names that have no unambiguous wire form here: labels over 63 octets, names over
 * 255, empty labels, and octets outside printable ASCII (they would not survive the text form of names, so they fail closed).
 */
export function encodeQuery(name: string, type: RecordType, dnssec: boolean): Query | undefined {
	const root = name === "" || name === ".";
	const length = root ? 0 : name.length - (name.charCodeAt(name.length - 1) === 0x2e ? 1 : 0);
	// Text of n characters takes n + 2 octets with the first length octet and the root label: 255 at most (RFC 1035 2.3.4).
	if (length > 253) return undefined;
	const nameSize = length === 0 ? 1 : length + 2;
	const plainLength = headerSize + nameSize + 4;
	const octets = Buffer.allocUnsafe(plainLength + optSize);
	octets[0] = 0;
	octets[1] = 0;
	const flags = recursionDesired | (dnssec ? checkingDisabled : 0);
	octets[2] = flags >> 8;
	octets[3] = flags & 255;
	octets[4] = 0;
	octets[5] = 1;
	octets.fill(0, 6, 11);
	octets[11] = 1;
	let labelAt = headerSize;
	let at = headerSize + 1;
	for (let index = 0; index < length; index++) {
		const code = name.charCodeAt(index);
		if (code === 0x2e) {
			if (at - labelAt - 1 === 0) return undefined;
			octets[labelAt] = at - labelAt - 1;
			labelAt = at;
			at += 1;
			continue;
		}
		if (code < 0x20 || code > 0x7e || at - labelAt > 63) return undefined;
		octets[at] = code;
		at += 1;
	}
	if (length > 0) {
		if (at - labelAt - 1 === 0) return undefined;
		octets[labelAt] = at - labelAt - 1;
	} else at = headerSize;
	octets[at] = 0;
	octets.writeUInt16BE(typeNumbers[type], at + 1);
	octets.writeUInt16BE(1, at + 3);
	at += 5;
	octets[at] = 0;
	octets.writeUInt16BE(41, at + 1);
	octets.writeUInt16BE(ednsSize, at + 3);
	octets.writeUInt32BE(dnssec ? 0x8000 : 0, at + 5);
	octets.writeUInt16BE(0, at + 9);
	return { octets, plainLength };
}

/** The octets to send: a copy when the same question is sent again, since the socket may still hold the first. */
export function packetOf(query: Query, id: number, edns: boolean): Buffer {
	const octets = Buffer.from(edns ? query.octets : query.octets.subarray(0, query.plainLength));
	octets[0] = id >> 8;
	octets[1] = id & 255;
	if (!edns) octets[11] = 0;
	return octets;
}

/** match: this is an answer to the question; other: it answers something else; unreadable: it is too short to tell. */
export function matchReply(reply: Buffer, query: Query): "match" | "other" | "unreadable" {
	if (reply.length < headerSize) return "unreadable";
	if (((reply[2] as number) & 0xf8) !== 0x80) return "other";
	if (reply.readUInt16BE(4) !== 1) return "unreadable";
	if (reply.length < query.plainLength) return "unreadable";
	const asked = query.octets;
	for (let index = headerSize; index < query.plainLength; index++) {
		const a = asked[index] as number;
		const b = reply[index] as number;
		if (a === b) continue;
		// Names compare without case (RFC 4343); of the length octets none is in the range of letters.
		if ((a ^ b) !== 0x20 || (a | 0x20) < 0x61 || (a | 0x20) > 0x7a) return "other";
	}
	return "match";
}

export function replyId(reply: Buffer): number {
	return reply.length < 2 ? -1 : reply.readUInt16BE(0);
}

export function isTruncated(reply: Buffer): boolean {
	return ((reply[2] as number) & 0x02) !== 0;
}

/** RCODE of the header; undefined for codes that no answer to a plain question should have. */
export function replyRcode(reply: Buffer): Rcode | undefined {
	return rcodes[(reply[3] as number) & 0x0f];
}

const rcodes: readonly (Rcode | undefined)[] = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

const flagNames: readonly (readonly [number, string])[] = [
	[0x0400, "AA"],
	[0x0200, "TC"],
	[0x0100, "RD"],
	[0x0080, "RA"],
	[0x0020, "AD"],
	[0x0010, "CD"],
];
const flagLists = new Map<number, string[]>();

/** Names of the header flags that are set. Lists are shared: there are few combinations. */
export function replyFlags(reply: Buffer): string[] {
	const bits = reply.readUInt16BE(2) & 0x07b0;
	let names = flagLists.get(bits);
	if (names === undefined) {
		names = flagNames.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
		flagLists.set(bits, names);
	}
	return names;
}
