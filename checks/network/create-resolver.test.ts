import { afterEach, describe, expect, it } from "vitest";
import { networkConfigSchema } from "../../model/config.ts";
import { isAbsent, type RecordType, recordsOf, txtRecords, txtStrings } from "../protocols/resolver.ts";
import { signatureResolver } from "./create-resolver.ts";
import { nameServers } from "./name-servers.ts";
import { a, ask, client, closeOpened, cname, server, soa } from "./testing/asking.ts";

afterEach(closeOpened);

describe("answers", () => {
	it("gives records with the TTL as received, the server and its flags", async () => {
		const one = await server(() => ({ answers: [a("example.org", "192.0.2.1", 1234)], flags: 0x0400 }));
		const answer = await client([one]).resolve("EXAMPLE.org.", "A");
		expect(answer).toMatchObject({ status: "ok", rcode: "NOERROR", server: one.address, flags: ["AA", "RD", "RA"] });
		expect(answer.answers).toEqual([{ name: "example.org", type: "A", ttl: 1234, data: "192.0.2.1" }]);
		expect(one.asked).toHaveLength(1);
		expect(one.asked[0]).toMatchObject({ name: "example.org", type: "A", tcp: false });
		expect(one.asked[0]?.request).toMatchObject({ flag_rd: true, flag_cd: false, additionals: [{ udpPayloadSize: 1232, flag_do: false }] });
	});

	it("reads the SOA of an absence as dns-packet does, with a dot in the first label of its mailbox too", async () => {
		for (const rname of ["hostmaster.example.org", "host\\.master.example.org", "h\u00f6st.example.org", "."]) {
			const data = { mname: "ns.example.org", rname, serial: 0xffffffff, refresh: 2, retry: 3, expire: 4, minimum: 5 };
			const answer = await ask({ rcode: "NXDOMAIN", authorities: [{ name: "example.org", type: "SOA", ttl: 6, data }] });
			expect(answer.authorities, rname).toEqual([{ name: "example.org", type: "SOA", ttl: 6, data }]);
		}
	});

	it("decodes the types that the checks need as dns-packet does", async () => {
		const records: Record<string, { type: RecordType; data: unknown }> = {
			aaaa: { type: "AAAA", data: "2001:db8::1" },
			mx: { type: "MX", data: { preference: 10, exchange: "mx.example.org" } },
			ns: { type: "NS", data: "ns.example.org" },
			ptr: { type: "PTR", data: "host.example.org" },
			tlsa: { type: "TLSA", data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) } },
			caa: { type: "CAA", data: { flags: 128, tag: "issue", value: "ca.example", issuerCritical: true } },
			ds: { type: "DS", data: { keyTag: 1, algorithm: 13, digestType: 2, digest: Buffer.alloc(32, 1) } },
			dnskey: { type: "DNSKEY", data: { flags: 257, algorithm: 13, key: Buffer.alloc(64, 2) } },
		};
		const one = await server(({ name, type }) => ({ answers: [{ name, type, ttl: 5, data: records[name]?.data }] }));
		const resolver = client([one]);
		for (const [name, { type, data }] of Object.entries(records)) {
			const answer = await resolver.resolve(name, type);
			expect(answer.answers).toEqual([{ name, type, ttl: 5, data }]);
		}
	});

	it("tells NXDOMAIN from NODATA, and a null MX from none", async () => {
		const gone = await ask({ rcode: "NXDOMAIN", authorities: [soa("example.org")] });
		expect(gone).toMatchObject({ status: "ok", rcode: "NXDOMAIN", answers: [] });
		const empty = await ask({ authorities: [soa("example.org")] });
		expect(empty).toMatchObject({ status: "ok", rcode: "NOERROR", answers: [] });
		expect(isAbsent(gone, "A") && isAbsent(empty, "A")).toBe(true);
		const none = await ask({ answers: [{ name: "example.org", type: "MX", ttl: 1, data: { preference: 0, exchange: "." } }] }, "example.org", "MX");
		expect(none.answers[0]?.data).toEqual({ preference: 0, exchange: "." });
	});

	it("keeps 8-bit octets, NUL and empty strings of TXT, and reads 64 records over TCP", async () => {
		const odd = [Buffer.from([0, 255, 34]), Buffer.alloc(0), Buffer.from("x")];
		const many = Array.from({ length: 64 }, (_, index) => ({ name: "example.org", type: "TXT", ttl: 60, data: [Buffer.from(`verification-${index}`)] }));
		const answer = await ask({ answers: [{ name: "example.org", type: "TXT", ttl: 60, data: odd }, ...many], truncate: true }, "example.org", "TXT");
		expect(txtRecords(answer)[0]).toEqual(Buffer.concat(odd));
		expect(recordsOf(answer, "TXT")[0]?.data).toHaveLength(3);
		expect(txtStrings(answer)).toHaveLength(65);
	});

	it("leaves out records of other names that ride along", async () => {
		const answer = await ask({ answers: [a("example.org", "192.0.2.1"), a("evil.example", "192.0.2.66")] });
		expect(answer.answers.map((record) => record.data)).toEqual(["192.0.2.1"]);
	});
});

describe("aliases", () => {
	it("takes a chain that the server followed, and follows one that it did not", async () => {
		const chain = [cname("a.example", "b.example"), cname("b.example", "c.example"), a("c.example", "192.0.2.1")];
		const whole = await server(() => ({ answers: chain }));
		expect((await client([whole]).resolve("a.example", "A")).answers).toHaveLength(3);
		expect(whole.asked).toHaveLength(1);
		const stepwise = await server(({ name }) => ({ answers: chain.filter((record) => (record as { name: string }).name === name) }));
		const resolver = client([stepwise]);
		const answer = await resolver.resolve("a.example", "A");
		expect(answer.answers.map((record) => record.data)).toEqual(["b.example", "c.example", "192.0.2.1"]);
		expect((await resolver.resolve("a.example", "A")).answers).toHaveLength(3);
		expect(stepwise.asked).toHaveLength(3);
	});

	it("believes an SOA that says the target has none, and asks when there is no SOA", async () => {
		const told = await server(() => ({ answers: [cname("a.example", "b.example")], authorities: [soa("example")] }));
		expect(await client([told]).resolve("a.example", "A")).toMatchObject({ status: "ok", rcode: "NOERROR" });
		expect(told.asked).toHaveLength(1);
		const gone = await server(({ name }) => (name === "a.example" ? { answers: [cname("a.example", "b.example")] } : { rcode: "NXDOMAIN" }));
		expect(await client([gone]).resolve("a.example", "A")).toMatchObject({ status: "ok", rcode: "NXDOMAIN", answers: [{ type: "CNAME" }] });
		const broken = await server(({ name }) => (name === "a.example" ? { answers: [cname("a.example", "b.example")] } : { rcode: "SERVFAIL" }));
		expect(await client([broken]).resolve("a.example", "A")).toMatchObject({ status: "error", code: "servfail" });
	});

	it("sees circles in one message and over several, and chains that are too long", async () => {
		const circle = [cname("a.example", "b.example"), cname("b.example", "a.example")];
		expect(await ask({ answers: circle }, "a.example")).toMatchObject({ status: "ok", cnameLoop: true });
		const stepwise = await server(({ name }) => ({ answers: circle.filter((record) => (record as { name: string }).name === name) }));
		const resolver = client([stepwise]);
		const both = await Promise.all([resolver.resolve("a.example", "A"), resolver.resolve("b.example", "A")]);
		expect(both.map((answer) => answer.cnameLoop)).toEqual([true, true]);
		expect(await ask({ answers: [cname("a.example", "a.example")] }, "a.example")).toMatchObject({ cnameLoop: true });
		const endless = await server(({ name }) => ({ answers: [cname(name, `x${Number(name.slice(1).split(".")[0] ?? 0) + 1}.example`)] }));
		expect(await client([endless]).resolve("x0.example", "A")).toMatchObject({ status: "ok", cnameLoop: true });
		expect(endless.asked.length).toBeLessThan(20);
		const long = Array.from({ length: 30 }, (_, index) => cname(`x${index}.example`, `x${index + 1}.example`));
		expect(await ask({ answers: long }, "x0.example")).toMatchObject({ cnameLoop: true });
		expect(await ask({ answers: [cname("a.example", "b.example")] }, "a.example", "CNAME")).not.toHaveProperty("cnameLoop");
	});
});

describe("cache and manners", () => {
	it("asks once for the same question in flight, and not again while the TTL lasts", async () => {
		let clock = 0;
		const one = await server(({ name }) =>
			name === "no.example" ? { rcode: "NXDOMAIN", authorities: [soa("example", 900, 60)] } : { answers: [a(name, "192.0.2.1", 10)] },
		);
		const resolver = client([one], { now: () => clock });
		await Promise.all(Array.from({ length: 20 }, () => resolver.resolve("a.example", "A")));
		expect(one.asked).toHaveLength(1);
		clock = 9_999;
		expect((await resolver.resolve("A.example.", "A")).answers[0]?.ttl).toBe(10);
		expect(one.asked).toHaveLength(1);
		clock = 10_001;
		await resolver.resolve("a.example", "A");
		expect(one.asked).toHaveLength(2);
		await resolver.resolve("no.example", "A");
		clock += 59_000;
		await resolver.resolve("no.example", "A");
		expect(one.asked).toHaveLength(3);
		clock += 2_000;
		await resolver.resolve("no.example", "A");
		expect(one.asked).toHaveLength(4);
		expect(resolver.stats).toMatchObject({ coalesced: 19, cacheHits: 2, udpSent: 4, questions: 25 });
	});

	it("keeps a failure for a short time only", async () => {
		let clock = 0;
		let broken = true;
		const one = await server(({ name }) => (broken ? { rcode: "SERVFAIL" } : { answers: [a(name, "192.0.2.1")] }));
		const resolver = client([one], { now: () => clock });
		expect((await resolver.resolve("a.example", "A")).code).toBe("servfail");
		broken = false;
		expect((await resolver.resolve("a.example", "A")).code).toBe("servfail");
		expect(one.asked).toHaveLength(2);
		clock = 6_000;
		expect((await resolver.resolve("a.example", "A")).status).toBe("ok");
	});

	it("keeps no more questions in flight than allowed", async () => {
		let open = 0;
		let most = 0;
		const one = await server((asked) => {
			open += 1;
			most = Math.max(most, open);
			setTimeout(() => {
				open -= 1;
				asked.raw(asked.encode({ answers: [a(asked.name, "192.0.2.1")] }));
			}, 2);
			return undefined;
		});
		const resolver = client([one], { maxInFlight: 8 });
		const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => resolver.resolve(`n${index}.example`, "A")));
		expect(answers.every((answer) => answer.status === "ok")).toBe(true);
		expect(most).toBeLessThanOrEqual(8);
		expect(new Set(one.asked.map((item) => item.port)).size).toBeGreaterThan(2);
	});

	it("ends at once when the run stops; one caller's stop leaves the others waiting", async () => {
		const stop = new AbortController();
		const silent = await server(() => undefined);
		const resolver = client([silent], { signal: stop.signal }, { timeoutMs: { dns: 5000, smtp: 1, https: 1 } });
		const started = performance.now();
		const waiting = resolver.resolve("a.example", "A");
		setTimeout(() => stop.abort(), 20);
		expect(await waiting).toMatchObject({ status: "error", code: "interrupted" });
		expect(await resolver.resolve("b.example", "A")).toMatchObject({ code: "interrupted" });
		expect(performance.now() - started).toBeLessThan(1000);

		const slow = await server((asked) => {
			setTimeout(() => asked.raw(asked.encode({ answers: [a(asked.name, "192.0.2.1")] })), 30);
			return undefined;
		});
		const other = client([slow]);
		const mine = new AbortController();
		const [left, stayed] = [other.resolve("a.example", "A", mine.signal), other.resolve("a.example", "A")];
		mine.abort();
		expect((await left).code).toBe("interrupted");
		expect((await stayed).status).toBe("ok");
	});

	it("asks with DO and CD, apart from the plain answers, when signatures are wanted", async () => {
		const one = await server(({ request, name }) => {
			const wanted = request.additionals[0]?.flag_do === true;
			const signature = {
				typeCovered: "A",
				algorithm: 13,
				labels: 2,
				originalTTL: 1,
				expiration: 2,
				inception: 1,
				keyTag: 1,
				signersName: "example",
				signature: Buffer.alloc(64),
			};
			return { answers: [a(name, "192.0.2.1"), ...(wanted ? [{ name, type: "RRSIG", ttl: 1, data: signature }] : [])] };
		});
		const resolver = client([one]);
		expect((await resolver.resolve("a.example", "A")).answers.map((record) => record.type)).toEqual(["A"]);
		const signed = await signatureResolver(resolver).resolve("a.example", "A");
		expect(signed.answers.map((record) => record.type)).toEqual(["A", "RRSIG"]);
		expect(one.asked[1]?.request).toMatchObject({ flag_cd: true });
		expect(one.asked[1]?.request.additionals[0]).toMatchObject({ flag_do: true });
		const plain = { resolve: resolver.resolve };
		expect(signatureResolver(plain)).toBe(plain);
	});
});

describe("names and servers", () => {
	it("refuses to ask for names without an unambiguous form", async () => {
		const one = await server(() => ({ rcode: "NXDOMAIN" }));
		const resolver = client([one]);
		for (const name of ["a..b", ".a", "\u00fc.example", "a\u0000b.example", `${"x".repeat(64)}.example`, `${"x.".repeat(130)}example`, "a\n.example"]) {
			expect(await resolver.resolve(name, "A")).toMatchObject({ status: "error", code: "malformed" });
		}
		expect(one.asked).toHaveLength(0);
		expect((await resolver.resolve(`${"x".repeat(63)}.example`, "A")).status).toBe("ok");
		expect((await resolver.resolve(".", "NS")).status).toBe("ok");
	});

	it("takes the system's resolvers when none are configured, and none of them with connectOnly", async () => {
		const system = (): string[] => ["192.0.2.53", "[2001:db8::53]:5353", "fe80::1%eth0"];
		expect(nameServers(networkConfigSchema.parse({}), system)).toEqual([
			{ address: "192.0.2.53", port: 53 },
			{ address: "2001:db8::53", port: 5353 },
			{ address: "fe80::1%eth0", port: 53 },
		]);
		expect(await client([], {}, { connectOnly: true }).resolve("example.org", "A")).toMatchObject({ status: "error", code: "not_mapped" });
		expect(() => nameServers(networkConfigSchema.parse({ resolvers: ["1.2.3"] }))).toThrow(/"1.2.3" is not ip or ip:port/);
	});
});
