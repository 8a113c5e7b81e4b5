import { afterEach, describe, expect, it } from "vitest";
import { a, ask, brief, client, closeOpened, cname, server } from "./testing/asking.ts";
import { type Asked, type Reply, startDnsServer } from "./testing/dns-server.ts";

afterEach(closeOpened);

describe("faults of servers", () => {
	it.each([
		["SERVFAIL", "servfail"],
		["REFUSED", "refused"],
		["NOTIMP", "upstream_error"],
	] as const)("%s from every server is %s; it is asked once more when alone", async (rcode, code) => {
		const one = await server(() => ({ rcode }));
		expect(await client([one]).resolve("example.org", "A")).toMatchObject({ status: "error", code, rcode });
		expect(one.asked).toHaveLength(2);
		expect(one.asked[0]?.port).not.toBe(one.asked[1]?.port);
	});

	it("goes to the second resolver before it gives up", async () => {
		for (const first of [() => ({ rcode: "SERVFAIL" as const }), () => ({ rcode: "REFUSED" as const }), () => undefined]) {
			const bad = await server(first);
			const good = await server(() => ({ answers: [a("example.org", "192.0.2.1")] }));
			expect(await client([bad, good], {}, brief).resolve("example.org", "A")).toMatchObject({ status: "ok", server: good.address });
		}
	});

	it("silence is a timeout after three tries at each, with a new id and port each time", async () => {
		const one = await server(() => undefined);
		const two = await server(() => undefined);
		const resolver = client([one, two], {}, brief);
		expect(await resolver.resolve("example.org", "A")).toMatchObject({ status: "error", code: "timeout", answers: [] });
		for (const { asked } of [one, two]) {
			expect(asked).toHaveLength(3);
			expect(new Set(asked.map((item) => item.id)).size).toBe(3);
			expect(asked[0]?.port).not.toBe(asked[1]?.port);
			expect(asked[1]?.port).not.toBe(asked[2]?.port);
		}
	});

	it("does not spend all tries again on a server that answers nobody", async () => {
		const dead = await server(() => undefined);
		const good = await server(({ name }) => ({ answers: [a(name, "192.0.2.1")] }));
		const resolver = client([dead, good], {}, brief);
		await resolver.resolve("one.example", "A");
		const before = dead.asked.length;
		await resolver.resolve("two.example", "A");
		expect(dead.asked.length).toBe(before);
	});

	it("a closed port is refused", async () => {
		const gone = await startDnsServer(() => undefined);
		await gone.close();
		expect(await client([gone]).resolve("example.org", "A")).toMatchObject({ status: "error", code: "refused" });
	});

	it("drops what has a wrong id, another question or another port, and waits on", async () => {
		const forged: Reply = { answers: [a("example.org", "192.0.2.66")] };
		const good: Reply = { answers: [a("example.org", "192.0.2.1")] };
		const one = await server((asked) => {
			const wrongId = asked.encode(forged);
			wrongId.writeUInt16BE(asked.id ^ 1, 0);
			asked.raw(wrongId);
			const otherName = asked.encode(forged);
			otherName[13] = "x".charCodeAt(0);
			asked.raw(otherName);
			const query = asked.encode(forged);
			query[2] = (query[2] as number) & 0x7f;
			asked.raw(query);
			asked.elsewhere(asked.encode(forged));
			setTimeout(() => asked.raw(asked.encode(good)), 20);
			return undefined;
		});
		const answer = await client([one]).resolve("example.org", "A");
		expect(answer.answers.map((record) => record.data)).toEqual(["192.0.2.1"]);
		const only = await server((asked) => {
			asked.elsewhere(asked.encode(forged));
			return undefined;
		});
		expect(await client([only], {}, brief).resolve("example.org", "A")).toMatchObject({ status: "error", code: "timeout" });
	});

	it("TC without TCP is truncated, with TCP that answers for another question too", async () => {
		const noTcp = await server(() => ({ truncate: true }), { tcp: false });
		expect(await client([noTcp]).resolve("example.org", "A")).toMatchObject({ status: "error", code: "truncated" });
		const silent = await server((asked) => (asked.tcp ? undefined : { truncate: true }));
		expect(await client([silent], {}, brief).resolve("example.org", "A")).toMatchObject({ status: "error", code: "truncated" });
		const stubborn = await server((asked) => ({ truncate: true, flags: asked.tcp ? 0x0200 : 0 }));
		expect(await client([stubborn]).resolve("example.org", "A")).toMatchObject({ status: "error", code: "truncated" });
	});

	it("a server that admits few connections still answers all that was truncated", async () => {
		const answer = (asked: Asked): Reply | undefined => {
			if (!asked.tcp) return { truncate: true };
			setTimeout(() => asked.raw(asked.encode({ answers: [a(asked.name, "192.0.2.1")] })), 10);
			return undefined;
		};
		const busy = await server(answer, { maxTcp: 10 });
		const resolver = client([busy]);
		const names = Array.from({ length: 60 }, (_, index) => `n${index}.example.org`);
		const answers = await Promise.all(names.map((name) => resolver.resolve(name, "A")));
		expect(answers.filter((answer) => answer.status === "error")).toEqual([]);
	});

	it("where TCP is silent, those that wait for a connection are not kept for a time of their own each", async () => {
		const mute = await server(({ tcp }) => (tcp ? undefined : { truncate: true }));
		const resolver = client([mute], {}, { timeoutMs: { dns: 400, smtp: 1, https: 1 } });
		const names = Array.from({ length: 40 }, (_, index) => `n${index}.example.org`);
		const answers = await Promise.all(names.map((name) => resolver.resolve(name, "A")));
		expect(answers.every(({ status, code }) => status === "error" && code === "truncated")).toBe(true);
		expect(mute.asked.filter(({ tcp }) => tcp).length).toBeLessThan(10);
	});

	it("no connection is made after the stop, though many wait for one", async () => {
		const mute = await server(({ tcp }) => (tcp ? undefined : { truncate: true }));
		const stop = new AbortController();
		const resolver = client([mute], { signal: stop.signal });
		const answers = Promise.all(Array.from({ length: 20 }, (_, index) => resolver.resolve(`n${index}.example.org`, "A")));
		await expect.poll(() => mute.asked.filter(({ tcp }) => tcp).length).toBe(4);
		stop.abort();
		expect((await answers).every(({ code }) => code === "interrupted")).toBe(true);
		await new Promise(setImmediate);
		expect(resolver.stats.tcpSent).toBe(4);
	});

	it("a cut message, a pointer loop and odd octets in names are malformed", async () => {
		const withAnswer = (change: (octets: Buffer) => Buffer) => (asked: Asked) => {
			asked.raw(change(asked.encode({ answers: [cname("example.org", "www.example.net")] })));
			return undefined;
		};
		const owner = 12 + 13 + 4;
		for (const change of [
			(octets: Buffer) => octets.subarray(0, owner + 8),
			(octets: Buffer) => octets.subarray(0, 20),
			(octets: Buffer) => {
				octets.writeUInt16BE(0xc000 + owner, owner);
				return octets;
			},
			(octets: Buffer) => Buffer.from(octets.toString("latin1").replace("www", "w.w"), "latin1"),
			(octets: Buffer) => Buffer.from(octets.toString("latin1").replace("www", "w\u00ffw"), "latin1"),
			(octets: Buffer) => Buffer.from(octets.toString("latin1").replace("www", "w\u0000w"), "latin1"),
		]) {
			expect(await ask(withAnswer(change), "example.org", "A", brief)).toMatchObject({ status: "error", code: "malformed" });
		}
	});

	it("asks again without EDNS when a server does not know it", async () => {
		const one = await server(({ request }) => (request.additionals.length > 0 ? { rcode: "FORMERR" } : { answers: [a("example.org", "192.0.2.1")] }));
		expect(await client([one]).resolve("example.org", "A")).toMatchObject({ status: "ok" });
		const bare = await server((asked) => {
			if (asked.request.additionals.length === 0) return { answers: [a("example.org", "192.0.2.1")] };
			const header = asked.encode({ rcode: "FORMERR" }).subarray(0, 12);
			header.fill(0, 4);
			asked.raw(header);
			return undefined;
		});
		expect(await client([bare]).resolve("example.org", "A")).toMatchObject({ status: "ok" });
	});

	it("an extended error code or a referral is no NODATA", async () => {
		const badvers = await ask((asked) => {
			const octets = asked.encode({});
			octets[octets.length - 6] = 1;
			asked.raw(octets);
			return undefined;
		});
		expect(badvers).toMatchObject({ status: "error", code: "upstream_error" });
		const referral = await ask((asked) => {
			const octets = asked.encode({ authorities: [{ name: "example.org", type: "NS", ttl: 1, data: "ns.example.org" }] });
			octets[3] = (octets[3] as number) & 0x7f;
			asked.raw(octets);
			return undefined;
		});
		expect(referral).toMatchObject({ status: "error", code: "upstream_error" });
	});
});
