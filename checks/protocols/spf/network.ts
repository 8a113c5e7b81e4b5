import type { IpAddress } from "./address.ts";
import { ipv4Bits, ipv6Bits } from "./address.ts";
import type { SpfMechanism } from "./record.ts";

/** The network of an ip4 or ip6 term. It matches its own family only; an ip6 network inside ::ffff:0:0/96 is the IPv4 network it maps. */
export function networkOf(mechanism: SpfMechanism): { address: IpAddress; prefix: number } | undefined {
	if (mechanism.network === undefined) return undefined;
	if (mechanism.name === "ip4") return { address: { family: 4, bits: ipv4Bits(mechanism.network) }, prefix: mechanism.prefix4 ?? 32 };
	const bits = ipv6Bits(mechanism.network);
	const prefix = mechanism.prefix6 ?? 128;
	if (prefix >= 96 && bits >> 32n === 0xffffn) return { address: { family: 4, bits: bits & 0xffffffffn }, prefix: prefix - 96 };
	return { address: { family: 6, bits }, prefix };
}
