import { type NetworkConfig, networkConfigSchema } from "../../../model/config.ts";
import type { DnsAnswer, RecordType } from "../../protocols/resolver.ts";
import { createResolver, type NetworkResolver, type ResolverOptions } from "../create-resolver.ts";
import { type Asked, type Reply, startDnsServer, type TestDnsServer } from "./dns-server.ts";

const open: { close(): Promise<void> }[] = [];
/** Closes every server and resolver that was opened here. */
export async function closeOpened(): Promise<void> {
	for (const item of open.splice(0)) await item.close();
}

/** Long enough for a busy machine; where silence is the point, `brief` keeps the wait short. */
const timeoutMs = { dns: 2000, smtp: 1, https: 1 };
export const brief = { timeoutMs: { dns: 100, smtp: 1, https: 1 } };

export async function server(answer: (asked: Asked) => Reply | undefined, options?: { tcp?: boolean; maxTcp?: number }): Promise<TestDnsServer> {
	const started = await startDnsServer(answer, options);
	open.push(started);
	return started;
}

export function client(servers: readonly { address: string }[], options?: ResolverOptions, network: Partial<NetworkConfig> = {}): NetworkResolver {
	const resolvers = servers.map((item) => item.address);
	const resolver = createResolver(networkConfigSchema.parse({ resolvers, timeoutMs, ...network }), options);
	open.push(resolver);
	return resolver;
}

export const a = (name: string, data: string, ttl = 300): unknown => ({ name, type: "A", ttl, data });
export const cname = (name: string, data: string): unknown => ({ name, type: "CNAME", ttl: 300, data });
export const soa = (name: string, ttl = 900, minimum = 60): unknown => ({
	name,
	type: "SOA",
	ttl,
	data: { mname: "ns.example.org", rname: "host.master.example.org", serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
});

export async function ask(
	reply: Reply | ((asked: Asked) => Reply | undefined),
	name = "example.org",
	type: RecordType = "A",
	network = {},
): Promise<DnsAnswer> {
	const one = await server(typeof reply === "function" ? reply : () => reply);
	return client([one], {}, network).resolve(name, type);
}
