import { isIPv4, isIPv6 } from "node:net";
import { nameWire, readName, readNameAsIs } from "./name.ts";
import { typeNumber, typeText } from "./record-types.ts";

/**
 * Record data in wire form, written here and not with a message codec: a signature covers octets, so every one must be known.
 * `canonical` puts the names of NS, CNAME, PTR, DNAME, MX and SOA in lower case (RFC 4034 6.2 as amended by RFC 6840 5.1: the next
 * name of NSEC keeps its case). Undefined for data that is not of the type or has no unambiguous octets.
 */
export function encodeRdata(type: string, data: unknown, canonical: boolean): Buffer | undefined {
	switch (type) {
		case "A":
			return typeof data === "string" && isIPv4(data) ? Buffer.from(data.split(".").map(Number)) : undefined;
		case "AAAA":
			return ipv6Octets(data);
		case "NS":
		case "CNAME":
		case "PTR":
		case "DNAME":
			return nameOctets(data, canonical);
		case "TXT":
		case "SPF":
			return stringOctets(data);
		case "SOA":
		case "MX":
		case "TLSA":
		case "CAA":
		case "DS":
		case "DNSKEY":
		case "RRSIG":
		case "NSEC":
		case "NSEC3":
			return isObject(data) ? encodeFields(type, data, canonical) : undefined;
		default:
			return data instanceof Uint8Array ? Buffer.from(data) : undefined;
	}
}

type Fields = Record<string, unknown>;

function encodeFields(type: string, data: Fields, canonical: boolean): Buffer | undefined {
	switch (type) {
		case "MX":
			return joined(uint(data.preference, 2), nameOctets(data.exchange, canonical));
		case "SOA":
			return joined(
				nameOctets(data.mname, canonical),
				mailboxOctets(data.rname, canonical),
				...["serial", "refresh", "retry", "expire", "minimum"].map((key) => uint(data[key], 4)),
			);
		case "TLSA":
			return joined(uint(data.usage, 1), uint(data.selector, 1), uint(data.matchingType, 1), octets(data.certificate));
		case "CAA":
			return caaOctets(data);
		case "DS":
			return joined(uint(data.keyTag, 2), uint(data.algorithm, 1), uint(data.digestType, 1), octets(data.digest));
		case "DNSKEY":
			return joined(uint(data.flags, 2), Buffer.from([3]), uint(data.algorithm, 1), octets(data.key));
		case "RRSIG":
			return joined(signatureFields(data, canonical), octets(data.signature));
		case "NSEC":
			return joined(nameOctets(data.nextDomain, false), bitmap(data.rrtypes));
		default:
			return joined(uint(data.algorithm, 1), uint(data.flags, 1), uint(data.iterations, 2), counted(data.salt), counted(data.nextDomain), bitmap(data.rrtypes));
	}
}

/** RRSIG data up to the signature: what is signed before the records (RFC 4034 3.1.8.1, signer in lower case). */
export function signatureFields(data: Fields, canonical = true): Buffer | undefined {
	return joined(
		uint(typeNumber(data.typeCovered), 2),
		uint(data.algorithm, 1),
		uint(data.labels, 1),
		uint(data.originalTTL, 4),
		uint(data.expiration, 4),
		uint(data.inception, 4),
		uint(data.keyTag, 2),
		nameOctets(data.signersName, canonical),
	);
}

function isObject(value: unknown): value is Fields {
	return typeof value === "object" && value !== null;
}

function joined(...parts: readonly (Buffer | undefined)[]): Buffer | undefined {
	const known: Buffer[] = [];
	for (const part of parts) {
		if (part === undefined) return undefined;
		known.push(part);
	}
	return Buffer.concat(known);
}

function uint(value: unknown, size: number): Buffer | undefined {
	if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) return undefined;
	const out = Buffer.alloc(size);
	out.writeUIntBE(value, 0, size);
	return out;
}

function octets(value: unknown): Buffer | undefined {
	return value instanceof Uint8Array && value.length <= 0xffff ? Buffer.from(value) : undefined;
}

function counted(value: unknown): Buffer | undefined {
	const known = octets(value);
	return known === undefined || known.length > 255 ? undefined : Buffer.concat([Buffer.from([known.length]), known]);
}

function nameOctets(value: unknown, canonical: boolean): Buffer | undefined {
	const name = canonical ? readName(value) : readNameAsIs(value);
	return name === undefined ? undefined : nameWire(name);
}

/** The mailbox of an SOA: dots inside its first label are written \. by the decoder. */
function mailboxOctets(value: unknown, canonical: boolean): Buffer | undefined {
	if (typeof value !== "string" || !value.includes("\\.")) return nameOctets(value, canonical);
	const end = /(?<!\\)\./.exec(value)?.index ?? value.length;
	const local = value.slice(0, end).replaceAll("\\.", ".");
	const rest = nameOctets(value.slice(end + 1), canonical);
	if (rest === undefined || local.length === 0 || local.length > 63 || /[^\0-~]/.test(local)) return undefined;
	return Buffer.concat([Buffer.from([local.length]), Buffer.from(canonical ? local.toLowerCase() : local, "latin1"), rest]);
}

/** Character-strings of TXT (RFC 1035 3.3.14), unjoined. A lone string is one; text code points are octets. */
function stringOctets(data: unknown): Buffer | undefined {
	const list: unknown[] = Array.isArray(data) ? data : [data];
	const parts = list.map((part) => counted(typeof part === "string" ? latin1(part) : part));
	return list.length === 0 ? undefined : joined(...parts);
}

function latin1(text: string): Buffer | undefined {
	return /[^\0-\xff]/.test(text) ? undefined : Buffer.from(text, "latin1");
}

/** RFC 8659 4.1.1. */
function caaOctets(data: Fields): Buffer | undefined {
	if (typeof data.tag !== "string") return undefined;
	const value = typeof data.value === "string" ? latin1(data.value) : octets(data.value);
	return joined(uint(data.flags, 1), counted(latin1(data.tag)), value);
}

function ipv6Octets(data: unknown): Buffer | undefined {
	if (typeof data !== "string" || !isIPv6(data) || data.includes("%")) return undefined;
	const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(data);
	const text =
		dotted === null
			? data
			: `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
	const [head = "", tail] = text.split("::");
	const left = head === "" ? [] : head.split(":");
	const right = tail === undefined || tail === "" ? [] : tail.split(":");
	const groups = [...left, ...new Array<string>(tail === undefined ? 0 : 8 - left.length - right.length).fill("0"), ...right];
	const out = Buffer.alloc(16);
	for (const [index, group] of groups.entries()) out.writeUInt16BE(Number.parseInt(group, 16), index * 2);
	return out;
}

/** Type bitmap, RFC 4034 4.1.2: windows without trailing zero octets. */
function bitmap(types: unknown): Buffer | undefined {
	if (!Array.isArray(types)) return undefined;
	const windows = new Map<number, Buffer>();
	for (const type of types as unknown[]) {
		const number = typeNumber(type);
		if (number === undefined) return undefined;
		const window = windows.get(number >> 8) ?? Buffer.alloc(32);
		const place = (number & 0xff) >> 3;
		window[place] = (window[place] ?? 0) | (0x80 >> (number & 7));
		windows.set(number >> 8, window);
	}
	const parts: Buffer[] = [];
	for (const [window, bits] of [...windows].sort(([a], [b]) => a - b)) {
		let length = 32;
		while (length > 0 && bits[length - 1] === 0) length -= 1;
		parts.push(Buffer.from([window, length]), bits.subarray(0, length));
	}
	return Buffer.concat(parts);
}

export function typesOfBitmap(octetsOfMap: Buffer): string[] | undefined {
	const types: string[] = [];
	for (let at = 0; at < octetsOfMap.length; ) {
		const window = octetsOfMap[at];
		const length = octetsOfMap[at + 1];
		if (window === undefined || length === undefined || length === 0 || length > 32 || at + 2 + length > octetsOfMap.length) return undefined;
		for (let index = 0; index < length * 8; index++) {
			if (((octetsOfMap[at + 2 + (index >> 3)] ?? 0) & (0x80 >> (index & 7))) !== 0) types.push(typeText(window * 256 + index));
		}
		at += 2 + length;
	}
	return types;
}
