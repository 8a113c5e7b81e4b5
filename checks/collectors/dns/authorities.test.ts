import { afterEach, describe, expect, it } from "vitest";
import { configSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { createResolver } from "../../network/create-resolver.ts";
import { type Reply, startDnsServer, type TestDnsServer } from "../../network/testing/dns-server.ts";
import { zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import { askAuthorities } from "./authorities.ts";

const at = "2026-11-01T00:00:00Z";
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of running.splice(0)) await one.close();
});

async function serve(answer: (type: string, name: string) => Reply | undefined, options: { tcp?: boolean } = {}): Promise<TestDnsServer> {
	const server = await startDnsServer((asked) => answer(asked.type, asked.name), options);
	running.push(server);
	return server;
}

const txt = (name: string, text: string): Reply => ({ flags: 0x0400, answers: [{ type: "TXT", name, ttl: 60, data: [text] }] });

/** A zone whose three servers are told apart by the connect map; `resolver` answers for what a resolver knows. */
async function collect(servers: Record<string, TestDnsServer>, selectors: string[] = []): Promise<Evidence[]> {
	const addresses = Object.keys(servers);
	const resolver = await serve((type, name) => {
		if (type === "NS" && name === "example.org") return { answers: addresses.map((_, index) => ({ type, name, ttl: 60, data: `ns${index + 1}.example.org` })) };
		const index = /^ns(\d)\.example\.org$/.exec(name)?.[1];
		if (type === "A" && index !== undefined) return { answers: [{ type, name, ttl: 60, data: addresses[Number(index) - 1] }] };
		if (type === "TXT" && name === "s1._domainkey.example.org") return { answers: [{ type: "CNAME", name, ttl: 60, data: "s1.vendor.example" }] };
		if (type === "TXT" && name === "s1.vendor.example") return txt(name, "v=DKIM1; p=");
		return { rcode: "NXDOMAIN" };
	});
	const { network, ...config } = configSchema.parse({
		version: 1,
		network: {
			resolvers: [resolver.address],
			connect: Object.fromEntries(addresses.map((address) => [`${address}:53`, servers[address]?.address ?? ""])),
			connectOnly: true,
			timeoutMs: { dns: 40 },
		},
	});
	const silent = (): undefined => undefined;
	const plain = createResolver(network);
	running.push(plain);
	const context: CollectContext = {
		config: { network, ...config },
		path: "",
		domain: () => undefined,
		resolver: plain,
		connector: createConnector(network, []),
		now: () => at,
		signal: new AbortController().signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
	const items = await askAuthorities("example.org", plain, selectors, context);
	return items.map((item) => evidenceSchema.parse(item) as Evidence);
}

describe("askAuthorities", () => {
	it("keeps the answer of each server apart, an alias as alias", async () => {
		const first = await serve((type, name) => (type === "TXT" && name === "example.org" ? txt(name, "v=spf1 -all") : { flags: 0x0400, rcode: "NXDOMAIN" }));
		const second = await serve((type, name) => (type === "TXT" && name === "example.org" ? txt(name, "v=spf1 +all") : { flags: 0x0400, rcode: "NXDOMAIN" }));
		const items = await collect({ "192.0.2.53": first, "192.0.2.54": second }, ["s1", "s2"]);
		const spf = items.filter((item) => item.id.endsWith("|TXT|example.org"));
		expect(spf.map((item) => [item.id, (item.values as { records: { data: unknown }[] }).records[0]?.data])).toEqual([
			["ns1.example.org|192.0.2.53|TXT|example.org", ["v=spf1 -all"]],
			["ns2.example.org|192.0.2.54|TXT|example.org", ["v=spf1 +all"]],
		]);
		expect(items.map((item) => item.id)).toContain("ns1.example.org|192.0.2.53|CNAME|s1._domainkey.example.org");
		expect(items.some((item) => item.id.includes("s2._domainkey"))).toBe(false);
		expect(items).toHaveLength(12);
	});

	it("asks a silent server one question and says for each that there was no answer", async () => {
		const silent = await serve(() => undefined);
		const items = await collect({ "192.0.2.53": silent });
		expect(items.map((item) => item.error?.code)).toEqual(new Array(5).fill("timeout"));
		expect(new Set(silent.asked.map((asked) => asked.name))).toEqual(new Set(["example.org"]));
	});

	it("tells a server that refuses, and one that truncates without TCP", async () => {
		const refusing = await serve(() => ({ rcode: "REFUSED" }));
		const cut = await serve(() => ({ truncate: true }), { tcp: false });
		const items = await collect({ "192.0.2.53": refusing, "192.0.2.54": cut });
		expect(new Set(items.slice(0, 5).map((item) => `${item.error?.code} ${item.error?.detail}`))).toEqual(new Set(["refused REFUSED"]));
		expect(new Set(items.slice(5).map((item) => item.error?.code))).toEqual(new Set(["truncated"]));
	});

	it("keeps to the rules of the network section", async () => {
		const server = await serve(() => ({ rcode: "NXDOMAIN" }));
		const items = await collect({ "169.254.169.254": server, "192.0.2.53": server });
		expect(items.filter((item) => item.id.includes("169.254")).every((item) => item.error?.code === "private_address")).toBe(true);
		expect(items.filter((item) => item.id.includes("192.0.2.53")).every((item) => item.status === "ok")).toBe(true);
	});

	it("has nobody to ask over a map of answers", async () => {
		const resolver = zoneResolver({ "example.org": { NS: ["ns1.example.org"] }, "ns1.example.org": { A: ["192.0.2.53"] } });
		expect(await askAuthorities("example.org", resolver, [], { resolver } as unknown as CollectContext)).toEqual([]);
	});
});
