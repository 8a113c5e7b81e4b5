import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { defaultConfig } from "../../../model/config.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { http, type Identity, identity, labNetwork, labNow, labRoot, type PolicyHost, startPolicyHost } from "../../protocols/mta-sts/testing/policy-lab.ts";
import { type Zone, zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import bimi from "./index.ts";
import { type BimiFetch, bimiFetchSchema } from "./schema.ts";

const hosts: PolicyHost[] = [];
afterEach(async () => {
	for (const host of hosts.splice(0)) await host.close();
});

async function start(answer: (socket: TLSSocket, connection: number) => void, who: Identity = identity("logo.good.loc")): Promise<PolicyHost> {
	const host = await startPolicyHost(who, answer);
	hosts.push(host);
	return host;
}

const record = (text = "v=BIMI1; l=https://logo.good.loc/a.svg?x=1"): Zone => ({
	"default._bimi.good.loc": { TXT: [text] },
	"logo.good.loc": { A: ["192.0.2.1"] },
});

async function collect(zone: Zone, connect: Record<string, number> = {}, timeoutMs?: number): Promise<Evidence[]> {
	const context: CollectContext = {
		config: defaultConfig,
		path: "",
		domain: () => undefined,
		resolver: zoneResolver(zone),
		connector: createConnector(labNetwork(connect, timeoutMs), [labRoot.pem]),
		now: () => labNow.toISOString(),
		signal: new AbortController().signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	};
	const items: Evidence[] = [];
	for await (const item of bimi.collect({ id: "good.loc", type: "domain" }, context)) items.push(evidenceSchema.parse(item));
	return items;
}

function fetchOf(items: readonly Evidence[]): { item: Evidence | undefined; values: BimiFetch } {
	const item = items.find((one) => one.kind === "https.bimi");
	return { item, values: bimiFetchSchema.strict().parse(item?.values) };
}

const listed = (items: readonly Evidence[]) => items.find((item) => item.id === "https.bimi@good.loc");
const redirect = (to: string) => (socket: TLSSocket) => void socket.end(http(302, "", { Location: to }));

describe("the bimi collector", () => {
	it("keeps the logo and the mark certificate as they were served, and the user's anchors", async () => {
		const host = await start((socket, connection) => void socket.end(http(200, connection === 1 ? "<svg/>" : "-----BEGIN")));
		const items = await collect(record("v=BIMI1; l=https://logo.good.loc/a.svg?x=1; a=https://logo.good.loc/vmc.pem"), { "192.0.2.1:443": host.port });
		const { item, values } = fetchOf(items);
		expect(item?.status).toBe("ok");
		expect(values.logo).toMatchObject({ httpStatus: 200, body: "<svg/>", bytes: 6, host: "logo.good.loc", redirects: [], error: null });
		expect(values.logo.chain).toHaveLength(2);
		expect(values.mark).toMatchObject({ body: "-----BEGIN", uri: "https://logo.good.loc/vmc.pem" });
		expect(host.requests.map((request) => request.split("\r\n", 1)[0])).toEqual(["GET /a.svg?x=1 HTTP/1.1", "GET /vmc.pem HTTP/1.1"]);
		expect(listed(items)?.values).toMatchObject({ count: 1, complete: true });
		expect(items.filter((one) => one.kind === "config.trust_anchor")).toHaveLength(1);
	});

	it("asks for nothing where there is no record, or one that declines or is not valid", async () => {
		for (const zone of [
			{},
			record("v=BIMI1; l=; a=;"),
			record("v=BIMI1; l=http://logo.good.loc/a"),
			{ "default._bimi.good.loc": { CNAME: ["default._bimi.good.loc"] } },
		]) {
			const items = await collect(zone);
			expect(items.some((item) => item.kind === "https.bimi")).toBe(false);
			expect(listed(items)?.values).toMatchObject({ count: 0, complete: true });
		}
	});

	it("says that it could not look where the record or the host gives no answer", async () => {
		expect(listed(await collect({ "default._bimi.good.loc": "SERVFAIL" }))).toMatchObject({ status: "error", error: { code: "servfail" } });
		expect(fetchOf(await collect({ ...record(), "logo.good.loc": "TIMEOUT" })).item).toMatchObject({ status: "error", error: { code: "timeout" } });
		const silent = await start((socket) => void socket.pause());
		expect(fetchOf(await collect(record(), { "192.0.2.1:443": silent.port }, 300)).item).toMatchObject({ status: "error", error: { code: "timeout" } });
		expect(fetchOf(await collect({ "default._bimi.good.loc": record()["default._bimi.good.loc"] ?? {} })).values.logo.outcome).toBe("no_host");
	});

	it("follows at most three redirects, each as a connection of its own, and none to a private address or away from https", async () => {
		const next: Zone = { "next.good.loc": { A: ["192.0.2.2"] }, "inside.good.loc": { A: ["169.254.169.254"] }, "lan.good.loc": { A: ["10.0.0.1"] } };
		const end = await start((socket) => void socket.end(http(200, "<svg/>")), identity("next.good.loc"));
		const away = async (to: string) => {
			const host = await start(redirect(to));
			return fetchOf(await collect({ ...record(), ...next }, { "192.0.2.1:443": host.port, "192.0.2.2:443": end.port }));
		};
		expect((await away("https://next.good.loc/b")).values.logo).toMatchObject({
			outcome: "answered",
			host: "next.good.loc",
			redirects: ["https://next.good.loc/b"],
		});
		for (const to of ["https://inside.good.loc/latest/meta-data/", "https://169.254.169.254/", "https://[fd00:ec2::254]/"])
			expect((await away(to)).item, to).toMatchObject({ status: "error", error: { code: "private_address" } });
		for (const to of ["http://next.good.loc/b", "file:///etc/passwd", "https://"]) expect((await away(to)).values.logo.outcome, to).toBe("refused_redirect");
		const loop = await start(redirect("/again"));
		const looped = fetchOf(await collect(record(), { "192.0.2.1:443": loop.port })).values.logo;
		expect(looped).toMatchObject({ outcome: "refused_redirect", httpStatus: 302 });
		expect(loop.connections).toBe(4);
	});

	it("stops at 64 KiB of a logo", async () => {
		const host = await start((socket) => void socket.end(http(200, "a".repeat(70_000))));
		const { logo } = fetchOf(await collect(record(), { "192.0.2.1:443": host.port })).values;
		expect(logo).toMatchObject({ truncated: true, bytes: 65_536 });
	});
});
