import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { closeStubs, contextOf, errorOf, probe, stub, usual } from "./testing/scripted-server.ts";

afterEach(closeStubs);

describe("servers that do not let us look", () => {
	it.each(["421", "450", "451"])("a %s greeting is throttled after two retries", async (code) => {
		const server = await stub((peer) => {
			peer.say(`${code} busy\r\n`);
			peer.socket.end();
		});
		const { starttls, session } = await probe(server.port);
		expect(starttls).toMatchObject({ status: "error", error: { code: "throttled", detail: code }, values: { greeting: { code: Number(code) } } });
		expect(session).toMatchObject({ status: "error", error: { code: "throttled" } });
		expect(server.connections).toBe(3);
	});

	it("throttled once, then let in: judged normally, with the connections that are left", async () => {
		const server = await stub((peer) => (peer.connection === 1 ? peer.say("421 busy\r\n") : usual()(peer)));
		const { starttls, tls } = await probe(server.port);
		expect(starttls.status).toBe("ok");
		expect(tls.accepted).toEqual({ TLSv1: false, "TLSv1.1": false, "TLSv1.2": null, "TLSv1.3": true });
		expect(server.connections).toBe(3);
	});

	it("throttled after the first session: the versions that were not seen stay unknown", async () => {
		const server = await stub((peer) => (peer.connection === 1 ? usual()(peer) : peer.say("421 busy\r\n")));
		const { starttls, tls } = await probe(server.port);
		expect(starttls.status).toBe("ok");
		expect(tls.accepted).toEqual({ TLSv1: null, "TLSv1.1": null, "TLSv1.2": null, "TLSv1.3": true });
	});

	it.each(["554", "521"])("a %s greeting is rejected, the greeting kept", async (code) => {
		const server = await stub((peer) => peer.say(`${code} go away\r\n`));
		const { starttls, session } = await probe(server.port);
		expect(starttls).toMatchObject({
			status: "error",
			error: { code: "rejected", detail: code },
			values: { greeting: { code: Number(code), lines: ["go away"] } },
		});
		expect(session).toMatchObject(errorOf("rejected"));
		expect(server.connections).toBe(1);
	});

	it("closing without a word, or talk that is no SMTP, is a protocol error", async () => {
		expect((await probe((await stub((peer) => void peer.socket.end())).port)).starttls).toMatchObject(errorOf("protocol_error"));
		expect((await probe((await stub((peer) => peer.say("SSH-2.0-x\r\n"))).port)).starttls).toMatchObject(errorOf("protocol_error"));
		expect((await probe((await stub((peer) => peer.say("220-a\r\n250 b\r\n"))).port)).starttls).toMatchObject(errorOf("protocol_error"));
	});

	it("a closed port is refused, a cut connection reset", async () => {
		const gone = createServer();
		await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
		const { port } = gone.address() as AddressInfo;
		await new Promise((resolve) => gone.close(resolve));
		const { starttls, session } = await probe(port);
		expect(starttls).toMatchObject(errorOf("refused"));
		expect(session).toMatchObject(errorOf("refused"));
		expect((await probe((await stub((peer) => void peer.socket.resetAndDestroy())).port)).starttls).toMatchObject(errorOf("reset"));
	});

	it("silence is a timeout, and it says that our egress was not checked", async () => {
		const { starttls, session } = await probe((await stub(() => undefined)).port, { timeoutMs: { smtp: 80 } });
		expect(starttls).toMatchObject({ status: "error", error: { code: "timeout", message: expect.stringContaining("our egress was not checked") } });
		expect(session).toMatchObject(errorOf("timeout"));
	});

	it("one octet at a time ends at the deadline", async () => {
		const drip = await stub((peer) => {
			const timer = setInterval(() => peer.say("2"), 10);
			peer.socket.on("close", () => clearInterval(timer));
		});
		const started = performance.now();
		expect((await probe(drip.port, { timeoutMs: { smtp: 150 } })).starttls).toMatchObject(errorOf("timeout"));
		expect(performance.now() - started).toBeLessThan(1000);
		// Each line comes in time; the connection as a whole does not end.
		const chatty = await stub((peer) => {
			const timer = setInterval(() => peer.say("220-more\r\n"), 10);
			peer.socket.on("close", () => clearInterval(timer));
		});
		expect((await probe(chatty.port, { timeoutMs: { smtp: 150 } })).starttls).toMatchObject(errorOf("timeout"));
	});

	it("endless and very long lines are malformed", async () => {
		const flood = (text: string) => stub((peer) => peer.say(text));
		expect((await probe((await flood("2".repeat(5000))).port)).starttls).toMatchObject(errorOf("malformed"));
		expect((await probe((await flood(`220 ${"x".repeat(5000)}\r\n`)).port)).starttls).toMatchObject(errorOf("malformed"));
		const many = await probe((await flood("220-x\r\n".repeat(300))).port);
		expect(many.starttls).toMatchObject(errorOf("malformed"));
		expect(many.values.transcript.length).toBeLessThanOrEqual(100);
		expect((await probe((await flood("220-xxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(9000))).port)).starttls).toMatchObject(errorOf("malformed"));
	});

	it("a stopped run ends at once", async () => {
		const stop = new AbortController();
		const server = await stub(() => undefined);
		setTimeout(() => stop.abort(), 30);
		const started = performance.now();
		const { starttls } = await probe(server.port, {}, contextOf({ timeoutMs: { smtp: 10_000 } }, [], stop.signal));
		expect(starttls).toMatchObject(errorOf("interrupted"));
		expect(performance.now() - started).toBeLessThan(1000);
		const busy = await stub((peer) => peer.say("421 busy\r\n"));
		const later = new AbortController();
		setTimeout(() => later.abort(), 60);
		expect((await probe(busy.port, {}, contextOf({ retryWaitMs: 60_000 }, [], later.signal))).starttls).toMatchObject(errorOf("throttled"));
	});
});

describe("is outgoing SMTP open here", () => {
	async function closedPort(): Promise<number> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		return port;
	}

	it("all probes fail: every target is egress_blocked at once, and the probes run once", async () => {
		const target = await stub(usual());
		const context = contextOf({ egressProbes: [`127.0.0.1:${await closedPort()}`, `good.example:${await closedPort()}`] });
		for (let round = 0; round < 2; round++) {
			const { starttls, session } = await probe(target.port, {}, context);
			expect(starttls).toMatchObject(errorOf("egress_blocked"));
			expect(session).toMatchObject(errorOf("egress_blocked"));
		}
		expect(target.connections).toBe(0);
		expect((context.resolver as unknown as { asked: string[] }).asked).toEqual(["A good.example"]);
	});

	it("one probe works: a silent target is its own fault", async () => {
		const good = await stub((peer) => peer.say("220 x\r\n"));
		const silent = await stub(() => undefined);
		const { starttls } = await probe(silent.port, { egressProbes: [`good.example:${good.port}`, `127.0.0.1:${await closedPort()}`], timeoutMs: { smtp: 400 } });
		expect(starttls).toMatchObject(errorOf("timeout"));
		expect(starttls.error?.message).not.toContain("egress");
	});

	it("probes that could not even be tried say nothing about the network", async () => {
		const silent = await stub(() => undefined);
		const { starttls } = await probe(silent.port, { egressProbes: ["broken.example", "169.254.169.254", ":::"], timeoutMs: { smtp: 60 } });
		expect(starttls).toMatchObject({ error: { code: "timeout", message: expect.stringContaining("our egress was not checked") } });
	});
});
