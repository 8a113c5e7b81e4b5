import { typeCodes } from "../dns/packet.ts";
import { nameWire } from "./names.ts";

/** Algorithm 13, ECDSA P-256 with SHA-256 (RFC 6605). */
export const algorithm = 13;
const sha256Digest = 2;

const { NS = 2, CNAME = 5, SOA = 6, PTR = 12, MX = 15, SRV = 33 } = typeCodes;

/** RDATA as it is signed: the names in it in lower case (RFC 4034 6.2 with RFC 6840 5.1). Other types are signed as they are. */
export function canonicalRdata(type: number, rdata: Buffer): Buffer {
	if (type === NS || type === CNAME || type === PTR) return lowerCase(rdata, 0, rdata.length);
	if (type === MX) return lowerCase(rdata, 2, rdata.length);
	if (type === SRV) return lowerCase(rdata, 6, rdata.length);
	// Two names, then five numbers.
	if (type === SOA) return lowerCase(rdata, 0, rdata.length - 20);
	return rdata;
}

/** Octets of a wire name that are letters; a length octet is at most 63 and no letter. */
function lowerCase(rdata: Buffer, from: number, to: number): Buffer {
	const lower = Buffer.from(rdata);
	for (let index = from; index < to; index += 1) {
		const octet = lower[index] ?? 0;
		if (octet >= 0x41 && octet <= 0x5a) lower[index] = octet + 0x20;
	}
	return lower;
}

/** RFC 4034 2.1: flags 257 for the key that the parent vouches for, 256 for the one that signs the zone. */
export function dnskeyRdata(flags: 256 | 257, point: Buffer): Buffer {
	return Buffer.concat([Buffer.from([flags >> 8, flags & 0xff, 3, algorithm]), point]);
}

/** RFC 4034 appendix B. */
export function keyTag(dnskey: Buffer): number {
	let sum = 0;
	for (const [index, octet] of dnskey.entries()) sum += index % 2 === 0 ? octet << 8 : octet;
	return (sum + (sum >>> 16)) & 0xffff;
}

/** RFC 4034 5.1 and RFC 4509. */
export function dsRdata(tag: number, digest: Buffer): Buffer {
	return Buffer.concat([Buffer.from([tag >> 8, tag & 0xff, algorithm, sha256Digest]), digest]);
}

/** RFC 4034 4.1. */
export function nsecRdata(next: string, types: readonly number[]): Buffer {
	const windows = new Map<number, Buffer>();
	for (const type of types.toSorted((left, right) => left - right)) {
		const bits = windows.get(type >> 8) ?? Buffer.alloc(32);
		windows.set(type >> 8, bits);
		const low = type & 0xff;
		bits[low >> 3] = (bits[low >> 3] ?? 0) | (0x80 >> (low & 7));
	}
	const parts = [nameWire(next)];
	for (const [window, bits] of windows) {
		const length = bits.findLastIndex((octet) => octet !== 0) + 1;
		parts.push(Buffer.from([window, length]), bits.subarray(0, length));
	}
	return Buffer.concat(parts);
}

export interface SignatureFields {
	typeCovered: number;
	labels: number;
	ttlSeconds: number;
	/** Seconds since 1970. */
	expiration: number;
	inception: number;
	keyTag: number;
	zone: string;
}

/** RDATA of an RRSIG without the signature, which is what is signed first (RFC 4034 3.1.8.1). */
export function signatureHead(fields: SignatureFields): Buffer {
	const head = Buffer.alloc(18);
	head.writeUInt16BE(fields.typeCovered, 0);
	head.writeUInt8(algorithm, 2);
	head.writeUInt8(fields.labels, 3);
	head.writeUInt32BE(fields.ttlSeconds, 4);
	// Serial numbers (RFC 4034 3.1.5), so that they may wrap.
	head.writeUInt32BE(fields.expiration >>> 0, 8);
	head.writeUInt32BE(fields.inception >>> 0, 12);
	head.writeUInt16BE(fields.keyTag, 16);
	return Buffer.concat([head, nameWire(fields.zone)]);
}
