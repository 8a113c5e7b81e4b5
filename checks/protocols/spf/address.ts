import { isIPv4, isIPv6 } from "node:net";

export interface IpAddress {
	family: 4 | 6;
	/** The address as an unsigned number of 32 or 128 bits. */
	bits: bigint;
}

const mappedPrefix = 0xffffn;

/** Parses one address. An IPv4-mapped IPv6 address (::ffff:192.0.2.1) is the IPv4 address, as RFC 7208 section 5 has it. A zone index is dropped. */
export function parseIp(text: string): IpAddress | undefined {
	const percent = text.indexOf("%");
	const bare = percent === -1 ? text : text.slice(0, percent);
	if (bare.length > 45) return undefined;
	if (isIPv4(bare)) return { family: 4, bits: ipv4Bits(bare) };
	if (!isIPv6(bare)) return undefined;
	const bits = ipv6Bits(bare);
	return bits >> 32n === mappedPrefix ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

/** The bits of an ip6-network as written; mapped addresses stay IPv6 here. */
export function ipv6Bits(text: string): bigint {
	const lastColon = text.lastIndexOf(":");
	let groups = text;
	if (text.includes(".")) {
		const low = ipv4Bits(text.slice(lastColon + 1));
		groups = `${text.slice(0, lastColon + 1)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
	}
	const [head = "", tail] = groups.split("::");
	const left = head === "" ? [] : head.split(":");
	const right = tail === undefined || tail === "" ? [] : tail.split(":");
	const missing = tail === undefined ? 0 : 8 - left.length - right.length;
	let bits = 0n;
	for (const group of left) bits = (bits << 16n) | BigInt(Number.parseInt(group, 16));
	bits <<= 16n * BigInt(missing);
	for (const group of right) bits = (bits << 16n) | BigInt(Number.parseInt(group, 16));
	return bits;
}

export function ipv4Bits(text: string): bigint {
	let bits = 0n;
	for (const octet of text.split(".")) bits = (bits << 8n) | BigInt(Number(octet));
	return bits;
}

export const widthOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

/** Do the first `prefix` bits agree? Different families never match. */
export function inNetwork(ip: IpAddress, network: IpAddress, prefix: number): boolean {
	if (ip.family !== network.family) return false;
	const shift = BigInt(widthOf(ip.family) - prefix);
	return ip.bits >> shift === network.bits >> shift;
}

/** Canonical text: dotted quad, or RFC 5952 lower case with the longest run of zero groups compressed. */
export function formatIp(ip: IpAddress): string {
	if (ip.family === 4) return octets(ip.bits).join(".");
	const groups = hexGroups(ip.bits);
	let best = { start: -1, length: 1 };
	for (let at = 0; at < 8; at++) {
		let length = 0;
		while (at + length < 8 && groups[at + length] === "0") length += 1;
		if (length > best.length) best = { start: at, length };
		if (length > 0) at += length - 1;
	}
	if (best.start === -1) return groups.join(":");
	return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** The value of %{i}: dotted quad, or 32 nibbles with dots between them (RFC 7208 7.3). */
export function dottedIp(ip: IpAddress): string {
	if (ip.family === 4) return formatIp(ip);
	return [...ip.bits.toString(16).padStart(32, "0")].join(".");
}

/** The name that holds the PTR records of an address. */
export function reverseName(ip: IpAddress): string {
	return `${dottedIp(ip).split(".").reverse().join(".")}.${ip.family === 4 ? "in-addr" : "ip6"}.arpa`;
}

function octets(bits: bigint): string[] {
	return [24n, 16n, 8n, 0n].map((shift) => ((bits >> shift) & 0xffn).toString());
}

function hexGroups(bits: bigint): string[] {
	const groups: string[] = [];
	for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((bits >> shift) & 0xffffn).toString(16));
	return groups;
}
