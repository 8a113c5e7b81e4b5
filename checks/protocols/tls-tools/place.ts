import { isIP, SocketAddress } from "node:net";

/** Host, address and port as a report gives them, in the forms that evidence uses; undefined when one of them is missing or no such thing. */
export function placeOf(host: unknown, address: unknown, port: unknown): { host: string; address: string; port: number } | undefined {
	if (typeof host !== "string" || typeof address !== "string") return undefined;
	const name = host.toLowerCase().replace(/\.$/, "");
	const number = typeof port === "string" && /^\d{1,5}$/.test(port) ? Number(port) : port;
	if (name === "" || name.length > 253 || typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > 65_535) return undefined;
	const bare = address.replace(/^\[(.*)\]$/, "$1");
	const version = isIP(bare);
	if (version === 0 || bare.includes("%")) return undefined;
	return { host: name, address: version === 4 ? bare : new SocketAddress({ address: bare, family: "ipv6" }).address, port: number };
}
