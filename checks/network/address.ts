import { BlockList, isIP, SocketAddress } from "node:net";

/** An address and a port, the address in canonical text form (lower case, zeros compressed, IPv4-mapped IPv6 as IPv4). */
export interface Endpoint {
	address: string;
	port: number;
}

/**
 * forbidden: never contacted, whatever the configuration says (link-local, metadata services, multicast, unspecified,
 * reserved). private: contacted only when the user allows it. public: everything else.
 */
export type AddressClass = "public" | "private" | "forbidden";

/** Canonical text of an IP address, or undefined when the text is no IP address or carries a zone (fe80::1%eth0). */
export function canonicalAddress(text: string): string | undefined {
	const version = isIP(text);
	if (version === 4) return text;
	if (version !== 6 || text.includes("%")) return undefined;
	const canonical = new SocketAddress({ address: text, family: "ipv6" }).address.toLowerCase();
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
	return mapped ?? canonical;
}

/** Reads "192.0.2.1:25", "[2001:db8::1]:25", and with a default port "192.0.2.1", "2001:db8::1" and "[2001:db8::1]". */
export function parseEndpoint(text: string, defaultPort?: number): Endpoint | undefined {
	const match = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text) ?? /^([0-9.]+)(?::(\d{1,5}))?$/.exec(text);
	const host = match?.[1] ?? (defaultPort === undefined ? undefined : text);
	if (host === undefined) return undefined;
	const address = canonicalAddress(host);
	const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
	if (address === undefined || port === undefined || port < 1 || port > 65535) return undefined;
	return { address, port };
}

export function formatEndpoint(endpoint: Endpoint): string {
	return endpoint.address.includes(":") ? `[${endpoint.address}]:${endpoint.port}` : `${endpoint.address}:${endpoint.port}`;
}

// IANA special-purpose address registries (RFC 6890). The metadata services of the clouds live in the link-local range,
// at fd00:ec2::254 (AWS), 100.100.100.200 (inside 100.64.0.0/10) and 192.0.0.192 (inside 192.0.0.0/24).
const forbidden = new BlockList();
forbidden.addSubnet("0.0.0.0", 8, "ipv4");
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("224.0.0.0", 4, "ipv4");
forbidden.addSubnet("240.0.0.0", 4, "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("192.0.0.192", "ipv4");
forbidden.addAddress("::", "ipv6");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("ff00::", 8, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("fd20:ce::254", "ipv6");

const internal = new BlockList();
internal.addSubnet("10.0.0.0", 8, "ipv4");
internal.addSubnet("100.64.0.0", 10, "ipv4");
internal.addSubnet("127.0.0.0", 8, "ipv4");
internal.addSubnet("172.16.0.0", 12, "ipv4");
internal.addSubnet("192.0.0.0", 24, "ipv4");
internal.addSubnet("192.168.0.0", 16, "ipv4");
internal.addSubnet("198.18.0.0", 15, "ipv4");
internal.addAddress("::1", "ipv6");
internal.addSubnet("fc00::", 7, "ipv6");
internal.addSubnet("fec0::", 10, "ipv6");

/** Class of an address. What is no address is forbidden. An IPv6 address that carries an IPv4 one takes the stricter class of both. */
export function classifyAddress(text: string): AddressClass {
	const address = canonicalAddress(text);
	if (address === undefined) return "forbidden";
	const family = address.includes(":") ? "ipv6" : "ipv4";
	if (forbidden.check(address, family)) return "forbidden";
	const embedded = family === "ipv6" ? embeddedIpv4(address) : undefined;
	const inner = embedded === undefined ? "public" : classifyAddress(embedded);
	if (inner !== "public") return inner;
	return internal.check(address, family) ? "private" : "public";
}

/** The IPv4 address inside ::/96 (RFC 4291 2.5.5.1), 64:ff9b::/96 (RFC 6052) or 2002::/16 (RFC 3056): translators would take us there. */
function embeddedIpv4(address: string): string | undefined {
	const groups = ipv6Groups(address);
	const at = (index: number): number => groups[index] ?? 0;
	const zero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
	if (at(0) === 0x2002) return dotted(at(1), at(2));
	if (at(0) === 0x64 && at(1) === 0xff9b && zero(2, 6)) return dotted(at(6), at(7));
	if (zero(0, 6) && at(6) !== 0) return dotted(at(6), at(7));
	return undefined;
}

function dotted(high: number, low: number): string {
	return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** The eight groups of a canonical IPv6 address; a dotted tail counts as two. */
function ipv6Groups(address: string): number[] {
	const [head = "", tail] = address.split("::");
	const left = groupsOf(head);
	if (tail === undefined) return left;
	const right = groupsOf(tail);
	return [...left, ...new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}

function groupsOf(text: string): number[] {
	const groups: number[] = [];
	for (const part of text.split(":")) {
		if (part === "") continue;
		if (!part.includes(".")) {
			groups.push(Number.parseInt(part, 16));
			continue;
		}
		const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
		groups.push((a << 8) | b, (c << 8) | d);
	}
	return groups;
}
