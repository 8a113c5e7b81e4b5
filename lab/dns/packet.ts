import { createRequire } from "node:module";

/** The parts of dns-packet that the lab uses; the package ships no types of its own. */
interface DnsPacket {
	decode(message: Buffer): { id: number; flags: number; additionals: { type: string; udpPayloadSize?: number; flag_do?: boolean }[] };
	/** Encoder of one record type; `encode` returns the RDATA with its two length octets in front. */
	record(type: string): { encode(data: unknown): Buffer };
	name: { encode(name: string): Buffer };
}

const require = createRequire(import.meta.url);
export const dnsPacket = require("dns-packet") as DnsPacket;

export const typeCodes: Readonly<Record<string, number>> = {
	A: 1,
	NS: 2,
	CNAME: 5,
	SOA: 6,
	PTR: 12,
	MX: 15,
	TXT: 16,
	AAAA: 28,
	SRV: 33,
	DS: 43,
	RRSIG: 46,
	NSEC: 47,
	DNSKEY: 48,
	NSEC3: 50,
	NSEC3PARAM: 51,
	TLSA: 52,
	SPF: 99,
	ANY: 255,
	CAA: 257,
};

const typeNames = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]));

/** "MX", or "TYPE65" for a type without a name here (RFC 3597). */
export function typeName(code: number): string {
	return typeNames.get(code) ?? `TYPE${code}`;
}

export function typeCode(name: string): number | undefined {
	const known = typeCodes[name];
	if (known !== undefined) return known;
	const match = /^TYPE(\d{1,5})$/.exec(name);
	const code = Number(match?.[1]);
	return code >= 1 && code <= 65535 ? code : undefined;
}
