import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { networkConfigSchema } from "../../model/config.ts";
import { InputError } from "../../model/source.ts";
import { fetchOverHttps } from "../protocols/https/index.ts";
import { http, identity, type PolicyHost, startPolicyHost } from "../protocols/mta-sts/testing/policy-lab.ts";
import { zoneResolver } from "../protocols/testing/zone-resolver.ts";
import { createConnector } from "./create-connector.ts";
import { type HttpsProxy, proxyFromEnvironment } from "./proxy.ts";

interface Proxy {
	port: number;
	/** Heads of the requests it was sent. */
	heads: string[];
}

const closing: (() => void)[] = [];
const hosts: PolicyHost[] = [];
afterEach(async () => {
	for (const close of closing.splice(0)) close();
	for (const host of hosts.splice(0)) await host.close();
});

/** A proxy on loopback that does with each request what `answer` says; the default opens a tunnel to `to`, whatever was asked for. */
async function startProxy(answer: (socket: Socket, head: string) => void): Promise<Proxy> {
	const heads: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		socket.once("data", (octets) => {
			const head = octets.toString("latin1");
			heads.push(head);
			answer(socket, head);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	closing.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, heads };
}

function tunnelTo(port: number): (socket: Socket) => void {
	return (socket) => {
		const upstream = connect({ host: "127.0.0.1", port });
		upstream.on("error", () => socket.destroy());
		upstream.on("connect", () => {
			socket.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
			socket.pipe(upstream).pipe(socket);
		});
	};
}

function proxyAt(port: number, more: Record<string, string> = {}): HttpsProxy {
	const proxy = proxyFromEnvironment({ HTTPS_PROXY: `http://127.0.0.1:${port}`, ...more });
	if (proxy === undefined) throw new Error("no proxy");
	return proxy;
}

const target = { host: "logo.good.loc", path: "/a", accept: "*/*", maxBytes: 100 };

/** One GET for logo.good.loc, which DNS gives the addresses of `a`, with a proxy. */
async function fetchThrough(proxy: HttpsProxy | undefined, network: Record<string, unknown> = {}, a = ["192.0.2.1"]) {
	const config = networkConfigSchema.parse({ timeoutMs: { https: 1500 }, ...network });
	return fetchOverHttps(target, {
		resolver: zoneResolver({ "logo.good.loc": { A: a } }),
		connector: createConnector(config, [], proxy),
		signal: new AbortController().signal,
	});
}

async function startHost(): Promise<PolicyHost> {
	const host = await startPolicyHost(identity("logo.good.loc"), (socket) => void socket.end(http(200, "hello")));
	hosts.push(host);
	return host;
}

describe("HTTPS through a proxy", () => {
	it("asks the proxy for the address that was checked, never for the name, and speaks TLS to the host through it", async () => {
		const host = await startHost();
		const proxy = await startProxy(tunnelTo(host.port));
		const fetch = await fetchThrough(proxyAt(proxy.port));
		expect(fetch).toMatchObject({ outcome: "answered", httpStatus: 200, body: "hello", address: "192.0.2.1" });
		expect(fetch.chain.length).toBeGreaterThan(0);
		expect(host.names).toEqual(["logo.good.loc"]);
		expect(proxy.heads).toEqual(["CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n"]);
	});

	it("sends the credentials of the URL, and shows them nowhere", async () => {
		const proxy = await startProxy((socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
		const env = proxyFromEnvironment({ https_proxy: `http://us%65r:p%40ss@127.0.0.1:${proxy.port}` });
		const fetch = await fetchThrough(env);
		expect(proxy.heads[0]).toContain(`Proxy-Authorization: Basic ${Buffer.from("user:p@ss").toString("base64")}\r\n`);
		expect(fetch).toMatchObject({ outcome: "failed", error: { code: "refused", message: "the proxy answered 407 to CONNECT 192.0.2.1:443" } });
		expect(JSON.stringify(fetch)).not.toMatch(/p@ss|p%40ss|127\.0\.0\.1/);
	});

	it.each([
		["a refusal", "HTTP/1.1 403 Forbidden\r\n\r\n", "refused"],
		["a bad gateway", "HTTP/1.1 502 Bad Gateway\r\n\r\n", "unreachable"],
		["a gateway timeout", "HTTP/1.1 504 Gateway Timeout\r\n\r\n", "timeout"],
		["no HTTP", "SSH-2.0-x\r\n\r\n", "protocol_error"],
		["a header that never ends", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}`, "too_large"],
		["the end of the connection", "HTTP/1.1 200 OK\r\n", "reset"],
	])("%s of the proxy is a gap with its own reason, never a verdict on the host", async (_name, answer, code) => {
		const proxy = await startProxy((socket) => socket.end(answer));
		expect(await fetchThrough(proxyAt(proxy.port))).toMatchObject({ outcome: "failed", error: { code } });
	});

	it("a silent proxy is a timeout, one that is not there is refused", async () => {
		const silent = await startProxy(() => undefined);
		expect(await fetchThrough(proxyAt(silent.port), { timeoutMs: { https: 300 } })).toMatchObject({ outcome: "failed", error: { code: "timeout" } });
		closing.splice(0).forEach((close) => {
			close();
		});
		expect(await fetchThrough(proxyAt(silent.port))).toMatchObject({ outcome: "failed", error: { code: "refused", message: "the proxy: ECONNREFUSED" } });
	});

	it("keeps the rules for addresses: private and forbidden ones are not asked for", async () => {
		const proxy = await startProxy((socket) => socket.destroy());
		for (const address of ["10.0.0.1", "169.254.169.254", "fd00:ec2::254"]) {
			expect(await fetchThrough(proxyAt(proxy.port), {}, [address])).toMatchObject({ outcome: "failed", error: { code: "private_address" } });
		}
		expect(await fetchThrough(proxyAt(proxy.port), { connectOnly: true })).toMatchObject({ error: { code: "not_mapped" } });
		expect(proxy.heads).toEqual([]);
	});

	it("goes direct where network.connect maps the address, where NO_PROXY says so, and for loopback", async () => {
		const host = await startHost();
		const proxy = await startProxy((socket) => socket.destroy());
		expect(await fetchThrough(proxyAt(proxy.port), { connect: { "192.0.2.1:443": `127.0.0.1:${host.port}` } })).toMatchObject({ outcome: "answered" });
		const direct = { allowPrivate: true, ports: { https: host.port } };
		expect(await fetchThrough(proxyAt(proxy.port), direct, ["127.0.0.1"])).toMatchObject({ outcome: "answered" });
		expect(proxy.heads).toEqual([]);
	});

	it("is no way for SMTP: a connection without a host name goes direct", async () => {
		const proxy = await startProxy((socket) => socket.destroy());
		const connector = createConnector(networkConfigSchema.parse({ allowPrivate: true }), [], proxyAt(proxy.port, { NO_PROXY: "" }));
		const outcome = await connector.connect("127.0.0.1", proxy.port, { timeoutMs: 1000, signal: new AbortController().signal });
		if (outcome.ok) outcome.socket.destroy();
		expect(outcome.ok).toBe(true);
		expect(proxy.heads).toEqual([]);
	});
});

describe("proxyFromEnvironment", () => {
	const at = (address: string, port = 443) => ({ address, port });

	it("reads the URL, lower case first, and takes http for a scheme that is left out", () => {
		expect(proxyFromEnvironment({})).toBeUndefined();
		expect(proxyFromEnvironment({ HTTPS_PROXY: " " })).toBeUndefined();
		expect(proxyFromEnvironment({ HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2" })).toMatchObject({ host: "b", port: 2, tls: false });
		expect(proxyFromEnvironment({ HTTPS_PROXY: "proxy.example.org:3128" })).toMatchObject({ host: "proxy.example.org", port: 3128 });
		expect(proxyFromEnvironment({ HTTPS_PROXY: "https://[2001:db8::1]" })).toMatchObject({ host: "2001:db8::1", port: 443, tls: true });
	});

	it("refuses what is no proxy without repeating it", () => {
		for (const text of ["socks5://user:secret@h:1", "http://", "http://user:secret@:1"]) {
			expect(() => proxyFromEnvironment({ HTTPS_PROXY: text })).toThrow(InputError);
			expect(() => proxyFromEnvironment({ HTTPS_PROXY: text })).not.toThrow(/secret/);
		}
	});

	it("knows names, what is below them, ports, addresses and prefixes in NO_PROXY", () => {
		const proxy = proxyAt(1, { NO_PROXY: "example.org, .example.net,*.example.com,host.test:8443 192.0.2.0/24,2001:db8::/32,203.0.113.7" });
		const direct = (host: string, address = "198.51.100.1", port = 443) => proxy.bypasses(host, at(address, port));
		for (const host of ["example.org", "A.Example.ORG", "example.net", "a.example.net", "a.example.com"]) expect(direct(host), host).toBe(true);
		for (const host of ["badexample.org", "example.org.evil", "host.test"]) expect(direct(host), host).toBe(false);
		expect(direct("host.test", "198.51.100.1", 8443)).toBe(true);
		for (const address of ["192.0.2.9", "2001:db8::9", "203.0.113.7", "127.8.8.8", "::1"]) expect(direct("x", address), address).toBe(true);
		for (const address of ["192.0.3.9", "2001:db9::9", "203.0.113.8"]) expect(direct("x", address), address).toBe(false);
		expect(proxyAt(1, { NO_PROXY: "*" }).bypasses("x", at("198.51.100.1"))).toBe(true);
	});

	it("takes any text: a proxy or an input error", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (url, exempt) => {
				try {
					const proxy = proxyFromEnvironment({ HTTPS_PROXY: url, NO_PROXY: exempt });
					return proxy === undefined || typeof proxy.bypasses("example.org", at("192.0.2.1")) === "boolean";
				} catch (error) {
					return error instanceof InputError;
				}
			}),
		);
	});
});
