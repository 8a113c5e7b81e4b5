import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import fc from "fast-check";
import { generate } from "selfsigned";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Lab, type LabWorld, startLab } from "../../../lab/index.ts";
import { configSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema, type Target } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import type { ServiceValues } from "../smtp/service.ts";
import submission from "../submission/index.ts";
import mailbox from "./index.ts";

const host = "mx.example.org";
const target: Target = { id: `${host}|192.0.2.10|25`, type: "mx", domains: ["example.org"] };
let keys: { key: string; cert: string };
beforeAll(async () => {
	const { private: key, cert } = await generate([{ name: "commonName", value: host }], { keySize: 2048 });
	keys = { key, cert };
});

const open: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

async function listen(server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push(() => server.close());
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const tlsPort = (options: TlsOptions = {}): Promise<string> => {
	const server = createTlsServer({ ...keys, ...options }, (socket) => void socket.on("error", () => socket.destroy()).end("* OK ready\r\n"));
	server.on("tlsClientError", () => undefined);
	return listen(server);
};

/** Greets, then answers each line by the script. */
const plainPort = (greeting: string, script: (line: string) => string): Promise<string> =>
	listen(
		createServer((socket) => {
			socket.on("error", () => socket.destroy());
			socket.write(greeting, "latin1");
			socket.on("data", (chunk) => void socket.write(script(chunk.toString("latin1")), "latin1"));
		}),
	);

/** A port of this machine where nothing listens. */
async function closedPort(): Promise<string> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return `127.0.0.1:${port}`;
}

async function look(collector: Collector, connect: Record<string, string>, domains = [{ name: "example.org" }]): Promise<Map<string, Evidence>> {
	const config = configSchema.parse({
		version: 1,
		domains,
		network: { ehloName: "scanner.example.org", timeoutMs: { smtp: 500 }, connectOnly: true, connect },
	});
	const silent = (): undefined => undefined;
	const context: CollectContext = {
		config,
		path: "",
		domain: () => undefined,
		resolver: zoneResolver({}),
		connector: createConnector(config.network, []),
		now: () => "2026-11-01T00:00:00Z",
		signal: new AbortController().signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
	const items = new Map<string, Evidence>();
	for await (const item of collector.collect(target, context))
		items.set(item.kind === "listing" ? "listing" : (item.id.split("|")[2] ?? ""), evidenceSchema.parse(item) as Evidence);
	expect(items.get("listing")).toMatchObject({ values: { count: items.size - 1, complete: true } });
	return items;
}

const valuesOf = (items: Map<string, Evidence>, port: number): ServiceValues => items.get(String(port))?.values as ServiceValues;

describe("submission", () => {
	async function lab(ports: Record<string, object>): Promise<Lab> {
		const smtp = Object.fromEntries(Object.entries(ports).map(([port, personality]) => [`192.0.2.10:${port}`, { host, ...personality }]));
		const started = await startLab({ dns: { names: {} }, smtp: smtp as NonNullable<LabWorld["smtp"]> });
		open.push(() => started.close());
		return started;
	}

	it("on 465 and 587 in order is seen with session and versions, without a login", async () => {
		const started = await lab({ 465: { implicitTls: true }, 587: { keywords: ["SIZE"], keywordsInTls: ["SIZE", "AUTH PLAIN"] } });
		const items = await look(submission, started.network.connect);
		expect(valuesOf(items, 465)).toMatchObject({
			service: "submissions",
			implicitTls: true,
			loginInClear: false,
			tls: { protocol: "TLSv1.3" },
			accepted: { TLSv1: false, "TLSv1.1": false },
		});
		expect(valuesOf(items, 587)).toMatchObject({
			service: "submission",
			implicitTls: false,
			starttls: true,
			loginInClear: false,
			tls: { protocol: "TLSv1.3" },
			accepted: { "TLSv1.1": false },
		});
		expect(started.stats.smtp["192.0.2.10:587"]?.commands).not.toHaveProperty("AUTH");
	});

	it("with AUTH in clear, old versions, no STARTTLS or nothing there is seen as that", async () => {
		const weak = await lab({ 465: { implicitTls: true, tls: { minVersion: "TLSv1" } }, 587: { keywords: ["AUTH PLAIN LOGIN"], starttls: "absent" } });
		const items = await look(submission, weak.network.connect);
		expect(valuesOf(items, 465).accepted["TLSv1.1"]).toBe(true);
		expect(valuesOf(items, 587)).toMatchObject({ starttls: false, loginInClear: true, tls: null });
		const closed = await look(submission, { "192.0.2.10:465": await closedPort(), "192.0.2.10:587": await closedPort() });
		expect(closed.get("465")).toMatchObject({ status: "absent" });
		expect(closed.get("587")).toMatchObject({ status: "absent" });
		expect((await look(submission, {})).get("465")).toMatchObject({ status: "error", error: { code: "not_mapped" } });
	});

	it("is looked for on hosts of declared domains alone", async () => {
		const started = await lab({ 465: { implicitTls: true } });
		expect([...(await look(submission, started.network.connect, [])).keys()]).toEqual(["listing"]);
		expect(started.stats.smtp["192.0.2.10:465"]?.connections ?? 0).toBe(0);
		const config = configSchema.parse({ version: 1, domains: [{ name: "example.org" }] });
		expect(submission.touches(target, { config })).toEqual([`tcp 192.0.2.10:465 (submissions of ${host})`, `tcp 192.0.2.10:587 (submission of ${host})`]);
		expect(mailbox.touches(target, { config: configSchema.parse({ version: 1 }) })).toEqual([]);
	});
});

describe("mailbox access", () => {
	it("with TLS at once, and ports in clear that refuse logins", async () => {
		const imap = await plainPort("* OK [CAPABILITY IMAP4rev1] ready\r\n", (line) =>
			line.startsWith("a1") ? "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK done\r\n" : "* BYE\r\na2 OK\r\n",
		);
		const pop3 = await plainPort("+OK ready\r\n", (line) => (line.startsWith("CAPA") ? "+OK\r\nTOP\r\nSTLS\r\n.\r\n" : "+OK bye\r\n"));
		const items = await look(mailbox, {
			"192.0.2.10:993": await tlsPort(),
			"192.0.2.10:995": await tlsPort({ maxVersion: "TLSv1.2" }),
			"192.0.2.10:143": imap,
			"192.0.2.10:110": pop3,
		});
		expect(valuesOf(items, 993)).toMatchObject({ service: "imaps", tls: { protocol: "TLSv1.3" }, accepted: { TLSv1: false, "TLSv1.1": false } });
		expect(valuesOf(items, 995)).toMatchObject({ service: "pop3s", tls: { protocol: "TLSv1.2" } });
		expect(valuesOf(items, 143)).toMatchObject({ starttls: true, loginInClear: false, tls: null });
		expect(valuesOf(items, 110)).toMatchObject({ starttls: true, loginInClear: false });
		for (const { from, line } of valuesOf(items, 143).transcript) if (from === "client") expect(line).not.toMatch(/LOGIN|AUTHENTICATE/);
	});

	it("with logins in clear, capabilities refused, and no TLS where it belongs", async () => {
		const imap = await plainPort("* OK ready\r\n", () => "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n");
		const pop3 = await plainPort("+OK ready\r\n", (line) => (line.startsWith("CAPA") ? "-ERR what\r\n" : "+OK\r\n"));
		const clear = await plainPort("* OK ready\r\n", () => "a1 BAD\r\n");
		const items = await look(mailbox, { "192.0.2.10:993": clear, "192.0.2.10:995": await closedPort(), "192.0.2.10:143": imap, "192.0.2.10:110": pop3 });
		expect(valuesOf(items, 993)).toMatchObject({ tls: null, tlsFault: { code: "protocol_error" } });
		expect(items.get("995")).toMatchObject({ status: "absent" });
		expect(valuesOf(items, 143)).toMatchObject({ starttls: false, loginInClear: true });
		expect(valuesOf(items, 110)).toMatchObject({ starttls: null, loginInClear: null });
	});

	it("any octets in clear give an item within bounds", async () => {
		let octets = "";
		const chatty = await plainPort("", () => "");
		const hostile = await listen(createServer((socket) => void socket.on("error", () => socket.destroy()).end(octets, "latin1")));
		const look110 = async () => (await look(mailbox, { "192.0.2.10:143": hostile, "192.0.2.10:110": hostile })).get("143") as Evidence;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof(fc.constantFrom("* OK x\r\n", "a1 OK\r\n", "* CAPABILITY \r\n", "\r\n", "+OK\r\n"), fc.string({ unit: "binary", maxLength: 30 })), {
					maxLength: 6,
				}),
				async (parts) => {
					octets = parts.join("");
					expect(["ok", "error"]).toContain((await look110()).status);
				},
			),
			{ numRuns: 40 },
		);
		octets = "* OK x\r\n".repeat(20_000);
		expect(await look110()).toMatchObject({ status: "error" });
		const silent = await look(mailbox, { "192.0.2.10:143": chatty });
		expect(silent.get("143")).toMatchObject({ status: "error", error: { code: "timeout" } });
	});
});
