import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type NetworkConfig, networkConfigSchema } from "../../model/config.ts";
import { canonicalAddress, classifyAddress, formatEndpoint, parseEndpoint } from "./address.ts";
import { createConnector } from "./create-connector.ts";

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

async function listen(): Promise<number> {
	const server = createServer((socket) => {
		socket.on("error", () => socket.destroy());
		socket.end("hello");
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function network(input: Partial<NetworkConfig>): NetworkConfig {
	return networkConfigSchema.parse(input);
}

/** A listener in a thread that is blocked, its queue filled: the next connection gets no answer, as behind a silent firewall. */
async function fullBacklog(): Promise<{ port: number; release(): Promise<void> }> {
	const code = `
		const { parentPort } = require("node:worker_threads");
		const server = require("node:net").createServer();
		server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
			parentPort.postMessage(server.address().port);
			setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000));
		});`;
	const worker = new Worker(code, { eval: true });
	const port = await new Promise<number>((resolve) => worker.once("message", resolve));
	await new Promise((resolve) => setTimeout(resolve, 50));
	const fillers = Array.from({ length: 4 }, () => connect({ port, host: "127.0.0.1" }));
	for (const filler of fillers) filler.on("error", () => filler.destroy());
	await new Promise((resolve) => setTimeout(resolve, 50));
	return {
		port,
		async release() {
			for (const filler of fillers) filler.destroy();
			await worker.terminate();
		},
	};
}

const options = { timeoutMs: 1000, signal: new AbortController().signal };

async function codeOf(input: Partial<NetworkConfig>, address: string, port = 25): Promise<string> {
	const outcome = await createConnector(network(input), []).connect(address, port, options);
	if (outcome.ok) outcome.socket.destroy();
	return outcome.ok ? "ok" : outcome.code;
}

describe("connect map", () => {
	it("sends a mapped address to its target and nothing else with connectOnly", async () => {
		const port = await listen();
		const input = { connect: { "192.0.2.10:25": `127.0.0.1:${port}`, "[2001:DB8:0::10]:25": `127.0.0.1:${port}` }, connectOnly: true };
		expect(await codeOf(input, "192.0.2.10")).toBe("ok");
		expect(await codeOf(input, "2001:db8::10")).toBe("ok");
		expect(await codeOf(input, "192.0.2.10", 26)).toBe("not_mapped");
		expect(await codeOf(input, "192.0.2.11")).toBe("not_mapped");
		expect(await codeOf(input, "127.0.0.1", port)).toBe("not_mapped");
	});

	it("keeps what a server says at once for the reader that comes later", async () => {
		const port = await listen();
		const outcome = await createConnector(network({ allowPrivate: true }), []).connect("127.0.0.1", port, options);
		if (!outcome.ok) throw new Error(outcome.message);
		await new Promise((resolve) => setTimeout(resolve, 30));
		let text = "";
		for await (const chunk of outcome.socket) text += String(chunk);
		expect(text).toBe("hello");
	});

	it("refuses a map that is not ip:port and names the entry", () => {
		expect(() => createConnector(network({ connect: { "mx.example.org:25": "127.0.0.1:1" } }), [])).toThrow(/"mx.example.org:25" is not ip:port/);
		expect(() => createConnector(network({ connect: { "192.0.2.1:25": "127.0.0.1" } }), [])).toThrow(/"127.0.0.1" is not ip:port/);
	});

	it("never leads to a link-local address, even by the map", async () => {
		expect(await codeOf({ connect: { "192.0.2.10:25": "169.254.169.254:80" }, allowPrivate: true }, "192.0.2.10")).toBe("private_address");
		expect(await codeOf({ connect: { "169.254.169.254:25": "127.0.0.1:1" } }, "169.254.169.254")).toBe("private_address");
	});
});

describe("addresses", () => {
	it.each([
		"127.0.0.1",
		"10.1.2.3",
		"172.31.255.255",
		"192.168.0.1",
		"100.64.0.1",
		"::1",
		"fc00::1",
		"fdff::1",
		"::ffff:10.0.0.1",
		"::ffff:7f00:1",
		"64:ff9b::a00:1",
		"2002:0a00:0001::1",
		"::127.0.0.1",
	])("%s is contacted only with allowPrivate", async (address) => {
		expect(await codeOf({}, address)).toBe("private_address");
		expect(classifyAddress(address)).toBe("private");
	});

	it.each([
		"169.254.169.254",
		"169.254.0.1",
		"fe80::1",
		"fe80::1%lo",
		"fd00:ec2::254",
		"FD00:0EC2:0:0:0:0:0:254",
		"::ffff:169.254.169.254",
		"64:ff9b::a9fe:a9fe",
		"2002:a9fe:a9fe::",
		"224.0.0.1",
		"ff02::1",
		"0.0.0.0",
		"::",
		"255.255.255.255",
		"100.100.100.200",
	])("%s is never contacted", async (address) => {
		expect(await codeOf({ allowPrivate: true }, address)).toMatch(/private_address|malformed/);
		expect(classifyAddress(address)).toBe("forbidden");
	});

	it.each(["8.8.8.8", "192.0.2.1", "2001:db8::1", "172.32.0.1", "64:ff9b::808:808"])("%s is public", (address) => {
		expect(classifyAddress(address)).toBe("public");
	});

	it("takes any text and gives a class or an endpoint that reads back", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65535 }), (text, port) => {
				expect(["public", "private", "forbidden"]).toContain(classifyAddress(text));
				const address = canonicalAddress(text);
				const endpoint = parseEndpoint(`[${text}]:${port}`);
				expect(endpoint).toEqual(address === undefined ? undefined : { address, port });
				if (endpoint !== undefined) expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
			}),
		);
	});
});

describe("outcomes", () => {
	it("a closed port is refused", async () => {
		expect(await codeOf({ allowPrivate: true }, "127.0.0.1", await closedPort())).toBe("refused");
	});

	it("a server that does not accept is a timeout, and a stopped run is interrupted", async () => {
		const { port, release } = await fullBacklog();
		try {
			const connector = createConnector(network({ allowPrivate: true }), []);
			const started = performance.now();
			const late = await connector.connect("127.0.0.1", port, { timeoutMs: 80, signal: options.signal });
			expect(late).toMatchObject({ ok: false, code: "timeout" });
			expect(performance.now() - started).toBeLessThan(900);
			const stop = new AbortController();
			const waiting = connector.connect("127.0.0.1", port, { timeoutMs: 5000, signal: stop.signal });
			stop.abort();
			expect(await waiting).toMatchObject({ ok: false, code: "interrupted" });
			expect(await connector.connect("127.0.0.1", port, { timeoutMs: 5000, signal: stop.signal })).toMatchObject({ code: "interrupted" });
		} finally {
			await release();
		}
	});

	it("what is no address is malformed and opens nothing", async () => {
		expect(await codeOf({ allowPrivate: true }, "localhost")).toBe("malformed");
		expect(await codeOf({ allowPrivate: true }, "127.0.0.1", 0)).toBe("malformed");
	});
});
