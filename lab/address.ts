import { isIP } from "node:net";

/** One text per address: IPv6 in lower case and compressed as RFC 5952 asks. Throws on what is no address. */
export function canonicalAddress(text: string): string {
	const family = isIP(text);
	if (family === 4) return text;
	if (family === 6 && !text.includes("%")) return new URL(`http://[${text}]/`).hostname.slice(1, -1);
	throw new RangeError(`"${text}" is not an IP address`);
}

/** "192.0.2.1:25", "[2001:db8::1]:25". */
export function endpoint(address: string, port: number): string {
	const canonical = canonicalAddress(address);
	return canonical.includes(":") ? `[${canonical}]:${port}` : `${canonical}:${port}`;
}

/** Reads "192.0.2.1", "192.0.2.1:587", "2001:db8::1" or "[2001:db8::1]:587"; undefined when it is none of them. */
export function parseEndpoint(text: string, defaultPort: number): { address: string; port: number } | undefined {
	if (isIP(text)) return { address: canonicalAddress(text), port: defaultPort };
	const match = /^(?:\[([^\]]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
	const address = match?.[1] ?? match?.[2];
	const port = Number(match?.[3]);
	if (address === undefined || !isIP(address) || port < 1 || port > 65535) return undefined;
	return { address: canonicalAddress(address), port };
}

/** The name under which the PTR record of an address stands (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseName(address: string): string {
	const canonical = canonicalAddress(address);
	if (!canonical.includes(":")) return `${canonical.split(".").toReversed().join(".")}.in-addr.arpa`;
	return `${expandIpv6(canonical).replaceAll(":", "").split("").toReversed().join(".")}.ip6.arpa`;
}

function expandIpv6(address: string): string {
	const [head = "", tail] = address.split("::");
	const left = head === "" ? [] : head.split(":");
	const right = tail === undefined || tail === "" ? [] : tail.split(":");
	const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
	return [...left, ...zeros, ...right].map((group) => group.padStart(4, "0")).join(":");
}
