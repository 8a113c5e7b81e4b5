import { isIPv4, isIPv6 } from "node:net";

/** The name under in-addr.arpa (RFC 1035 3.5) or ip6.arpa (RFC 3596 2.5). Undefined for what is no address. */
export function arpaName(address: string): string | undefined {
	const labels = reversedLabels(address);
	return labels === undefined ? undefined : `${labels}.${isIPv4(address) ? "in-addr" : "ip6"}.arpa`;
}

/** The name that a DNS block list is asked for about an address, RFC 5782 2.1 and 2.4. */
export function blocklistName(address: string, list: string): string | undefined {
	const labels = reversedLabels(address);
	return labels === undefined ? undefined : `${labels}.${list}`;
}

function reversedLabels(address: string): string | undefined {
	if (isIPv4(address)) return address.split(".").reverse().join(".");
	if (!isIPv6(address) || address.includes("%")) return undefined;
	return nibbles(address).split("").reverse().join(".");
}

/** 32 hex digits. */
function nibbles(address: string): string {
	const [head = "", tail] = withoutDottedTail(address.toLowerCase()).split("::");
	const left = head === "" ? [] : head.split(":");
	const right = tail === undefined || tail === "" ? [] : tail.split(":");
	const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
	return [...left, ...new Array<string>(zeros).fill("0"), ...right].map((group) => group.padStart(4, "0")).join("");
}

function withoutDottedTail(address: string): string {
	const match = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
	if (match === null) return address;
	const [, prefix = "", a, b, c, d] = match;
	const group = (high: string | undefined, low: string | undefined): string => ((Number(high) << 8) | Number(low)).toString(16);
	return `${prefix}${group(a, b)}:${group(c, d)}`;
}
