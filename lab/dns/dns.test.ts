import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, askTcp, askUdp, type DecodedMessage, dnsPacket, encodeQuestion, texts } from "../fixtures/clients.ts";
import { type Lab, type LabWorld, loadWorld, patchWorld, startLab } from "../index.ts";
import { encodeResponse, parseQuery } from "./message.ts";
import { encodeRdata, type RecordValue } from "./records.ts";

const long = "a".repeat(600);
const world: LabWorld = loadWorld(
	`
dns:
  ttlSeconds: 120
  names:
    a.example:
      SOA: ns1.a.example hostmaster.a.example 7 3600 600 604800 60
      NS: ns1.a.example
      A: [192.0.2.1, 192.0.2.2]
      AAAA: 2001:DB8:0::1
      MX: [10 mx.a.example, {preference: 20, exchange: mx2.a.example}]
      TXT: [one, ${long}, [explicit, strings], "\\x00\\xff\\e"]
      CAA: '128 issue "ca.example; account=1"'
      TLSA: 3 1 1 ${"ab".repeat(32)}
      SPF: v=spf1 -all
      SRV: 1 2 587 mail.a.example
      TYPE65: '\\# 3 000100'
    ns1.a.example: {A: 192.0.2.53}
    null.a.example: {MX: 0 .}
    deep.b.c.a.example: {A: 192.0.2.9}
    alias.a.example: {CNAME: middle.a.example}
    middle.a.example: {CNAME: deep.b.c.a.example}
    dangling.a.example: {CNAME: nowhere.a.example}
    loop1.a.example: {CNAME: loop2.a.example}
    loop2.a.example: {CNAME: loop1.a.example}
    "*.wild.a.example": {TXT: wild}
    real.wild.a.example: {A: 192.0.2.7}
    empty.a.example: {TXT: ""}
    192.0.2.1: {PTR: a.example}
    "2001:db8::1": {PTR: a.example}
    many.a.example: {TXT: [${Array.from({ length: 64 }, (_, index) => `text number ${index}`).join(", ")}]}
    medium.a.example: {TXT: ${"m".repeat(700)}}
`,
	"dns.yaml",
);

let lab: Lab;
let server = "";
beforeAll(async () => {
	lab = await startLab(world);
	server = lab.network.resolvers[0] ?? "";
});
afterAll(() => lab.close());

const data = (message: DecodedMessage): unknown[] => message.answers.map((record) => record.data);

/** A second lab with one fault more. */
async function withFault(faults: NonNullable<LabWorld["dns"]["faults"]>, work: (server: string, lab: Lab) => Promise<void>): Promise<void> {
	const faulty = await startLab(patchWorld(world, { dns: { faults } }));
	try {
		await work(faulty.network.resolvers[0] ?? "", faulty);
	} finally {
		await faulty.close();
	}
}

describe("zone data", () => {
	it("answers every record type as dns-packet reads it", async () => {
		const addresses = await ask(server, "a.example", "A");
		expect(addresses).toMatchObject({ rcode: "NOERROR", flag_aa: true, flag_ra: true, flag_tc: false });
		expect(addresses.answers.map((record) => [record.name, record.ttl, record.data])).toEqual([
			["a.example", 120, "192.0.2.1"],
			["a.example", 120, "192.0.2.2"],
		]);
		expect(data(await ask(server, "a.example", "AAAA"))).toEqual(["2001:db8::1"]);
		expect(data(await ask(server, "a.example", "MX"))).toEqual([
			{ preference: 10, exchange: "mx.a.example" },
			{ preference: 20, exchange: "mx2.a.example" },
		]);
		expect(data(await ask(server, "null.a.example", "MX"))).toEqual([{ preference: 0, exchange: "." }]);
		expect(data(await ask(server, "a.example", "CAA"))).toMatchObject([{ flags: 128, tag: "issue", value: "ca.example; account=1" }]);
		expect(data(await ask(server, "a.example", "TLSA"))).toMatchObject([{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 0xab) }]);
		expect(data(await ask(server, "a.example", "NS"))).toEqual(["ns1.a.example"]);
		expect(data(await ask(server, "a.example", "SOA"))).toMatchObject([{ mname: "ns1.a.example", serial: 7, minimum: 60 }]);
		expect(data(await ask(server, "a.example", "SRV"))).toEqual([{ priority: 1, weight: 2, port: 587, target: "mail.a.example" }]);
		expect(data(await ask(server, "a.example", "SPF"))).toEqual([Buffer.from("\x0bv=spf1 -all", "latin1")]);
		expect(data(await ask(server, "a.example", "UNKNOWN_65"))).toEqual([Buffer.from([0, 1, 0])]);
		expect(data(await ask(server, "1.2.0.192.in-addr.arpa", "PTR"))).toEqual(["a.example"]);
		expect(data(await ask(server, `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`, "PTR"))).toEqual(["a.example"]);
	});

	it("cuts a text at 255 octets, keeps explicit strings and any octet", async () => {
		const message = await ask(server, "a.example", "TXT", { edns: 4096 });
		expect(texts(message)).toEqual([["one"], ["a".repeat(255), "a".repeat(255), "a".repeat(90)], ["explicit", "strings"], ["\0\xff\x1b"]]);
		expect(texts(await ask(server, "empty.a.example", "TXT"))).toEqual([[""]]);
	});

	it("keeps the question's letter case and matches without regard to it", async () => {
		const message = await ask(server, "A.eXample", "A");
		expect(message.questions[0]?.name).toBe("A.eXample");
		expect(message.answers).toHaveLength(2);
	});

	it("tells NXDOMAIN, NODATA and empty non-terminals apart, each with the SOA", async () => {
		for (const [name, type, rcode] of [
			["nowhere.a.example", "A", "NXDOMAIN"],
			["a.example", "DS", "NOERROR"],
			["c.a.example", "A", "NOERROR"],
			["b.c.a.example", "TXT", "NOERROR"],
		] as const) {
			const message = await ask(server, name, type);
			expect([name, message.rcode, message.answers]).toEqual([name, rcode, []]);
			expect(message.authorities.map((record) => [record.type, record.name])).toEqual([["SOA", "a.example"]]);
		}
		const outside = await ask(server, "other.test", "A");
		expect([outside.rcode, outside.authorities[0]?.name]).toEqual(["NXDOMAIN", "."]);
	});

	it("follows aliases to the end, to nothing, and round a loop once", async () => {
		const found = await ask(server, "alias.a.example", "A");
		expect(found.answers.map((record) => [record.name, record.type])).toEqual([
			["alias.a.example", "CNAME"],
			["middle.a.example", "CNAME"],
			["deep.b.c.a.example", "A"],
		]);
		const dangling = await ask(server, "dangling.a.example", "TXT");
		expect([dangling.rcode, dangling.answers.length]).toEqual(["NXDOMAIN", 1]);
		const loop = await ask(server, "loop1.a.example", "A");
		expect([loop.rcode, data(loop)]).toEqual(["NOERROR", ["loop2.a.example", "loop1.a.example"]]);
		expect(data(await ask(server, "alias.a.example", "CNAME"))).toEqual(["middle.a.example"]);
	});

	it("makes wildcard answers only where no closer name exists (RFC 4592)", async () => {
		const message = await ask(server, "x.y.wild.a.example", "TXT");
		expect(message.answers.map((record) => record.name)).toEqual(["x.y.wild.a.example"]);
		expect(texts(message)).toEqual([["wild"]]);
		expect(texts(await ask(server, "real.wild.a.example", "TXT"))).toEqual([]);
		expect((await ask(server, "below.real.wild.a.example", "TXT")).rcode).toBe("NXDOMAIN");
	});

	it("truncates at 512 octets without EDNS and at 1232 with it, and answers in full over TCP", async () => {
		const plain = await ask(server, "medium.a.example", "TXT");
		expect([plain.flag_tc, plain.answers.length]).toEqual([true, 0]);
		const edns = await ask(server, "medium.a.example", "TXT", { edns: 1232 });
		expect([edns.flag_tc, edns.answers.length, edns.additionals[0]?.type]).toEqual([false, 1, "OPT"]);
		const large = await ask(server, "many.a.example", "TXT", { edns: 4096 });
		expect(large.flag_tc).toBe(true);
		const overTcp = await askTcp(server, encodeQuestion("many.a.example", "TXT"));
		expect(Buffer.isBuffer(overTcp) && texts(dnsPacket.decode(overTcp))).toHaveLength(64);
		expect(lab.stats.dnsOverTcp["many.a.example/TXT"]).toBe(1);
		expect(lab.stats.dns["many.a.example/TXT"]).toBe(2);
	});

	it("serves the name servers of the NS records through the connect map", async () => {
		const authority = lab.network.connect["192.0.2.53:53"] ?? "";
		expect(authority).toMatch(/^127\.0\.0\.1:\d+$/);
		expect((await ask(authority, "a.example", "A")).answers).toHaveLength(2);
	});

	it("can differ between resolvers and between name servers", async () => {
		const different = await startLab(
			patchWorld(world, {
				dns: {
					resolvers: [{ faults: { "a.example": "servfail" } }, {}],
					servers: { "192.0.2.54": { names: { "a.example": { A: "192.0.2.99" }, "null.a.example": {} } } },
				},
			}),
		);
		const [first = "", second = ""] = different.network.resolvers;
		expect((await ask(first, "a.example", "A")).rcode).toBe("SERVFAIL");
		expect((await ask(second, "a.example", "A")).rcode).toBe("NOERROR");
		const other = different.network.connect["192.0.2.54:53"] ?? "";
		expect(data(await ask(other, "a.example", "A"))).toEqual(["192.0.2.99"]);
		expect((await ask(other, "null.a.example", "MX")).rcode).toBe("NXDOMAIN");
		await different.close();
	});
});

describe("DNS faults", () => {
	it("answers with the wanted response code, for one type or all, for the first questions or for ever", async () => {
		await withFault(
			{ "a.example/TXT": "servfail", "null.a.example": "refused", "ns1.a.example": { kind: "servfail", times: 1 }, "*.b.c.a.example": "notimp" },
			async (at) => {
				expect((await ask(at, "a.example", "TXT")).rcode).toBe("SERVFAIL");
				expect((await ask(at, "a.example", "A")).rcode).toBe("NOERROR");
				expect((await ask(at, "null.a.example", "MX")).rcode).toBe("REFUSED");
				expect((await ask(at, "ns1.a.example", "A")).rcode).toBe("SERVFAIL");
				expect((await ask(at, "ns1.a.example", "A")).rcode).toBe("NOERROR");
				expect((await ask(at, "deep.b.c.a.example", "A")).rcode).toBe("NOTIMP");
				// The fault of a name that an alias leads to is the alias's fault too.
				expect((await ask(at, "alias.a.example", "A")).rcode).toBe("NOTIMP");
			},
		);
	});

	it("drops, delays and truncates", async () => {
		await withFault(
			{ "a.example": "drop", "null.a.example": { delayMs: 60 }, "empty.a.example": "truncate", "ns1.a.example": "truncate-without-tcp" },
			async (at, faulty) => {
				expect(await askUdp(at, encodeQuestion("a.example", "A"))).toEqual([]);
				expect(faulty.stats.dns["a.example/A"]).toBe(1);
				const start = performance.now();
				expect((await ask(at, "null.a.example", "MX")).answers).toHaveLength(1);
				expect(performance.now() - start).toBeGreaterThanOrEqual(55);
				expect((await ask(at, "empty.a.example", "TXT")).flag_tc).toBe(true);
				expect(await askTcp(at, encodeQuestion("empty.a.example", "TXT"))).toBeInstanceOf(Buffer);
				expect((await ask(at, "ns1.a.example", "A")).flag_tc).toBe(true);
				expect(await askTcp(at, encodeQuestion("ns1.a.example", "A"))).toBeUndefined();
			},
		);
	});

	it("sends forgeries before the true answer", async () => {
		await withFault(
			{ "a.example/A": "forged-id-first", "a.example/TXT": "wrong-question-first", "a.example/MX": "other-port-first", "a.example/NS": "forged-id-only" },
			async (at) => {
				const port = Number(at.split(":")[1]);
				const forged = await askUdp(at, encodeQuestion("a.example", "A"), 2);
				expect(forged.map(({ octets }) => dnsPacket.decode(octets).id === 4711)).toEqual([false, true]);
				const question = await askUdp(at, encodeQuestion("a.example", "TXT", { edns: 4096 }), 2);
				expect(question.map(({ octets }) => dnsPacket.decode(octets).questions[0]?.name)).toEqual(["forged.example", "a.example"]);
				const stray = await askUdp(at, encodeQuestion("a.example", "MX"), 2);
				expect(stray.map((datagram) => datagram.port === port).toSorted()).toEqual([false, true]);
				const only = await askUdp(at, encodeQuestion("a.example", "NS"), 2);
				expect(only.map(({ octets }) => dnsPacket.decode(octets).id === 4711)).toEqual([false]);
			},
		);
	});

	it("sends messages that cannot be parsed", async () => {
		await withFault({ "a.example/A": "malformed", "a.example/TXT": "pointer-loop" }, async (at) => {
			const [cut] = await askUdp(at, encodeQuestion("a.example", "A"));
			const octets = cut?.octets ?? Buffer.alloc(0);
			expect([octets.readUInt16BE(0), octets.readUInt16BE(6)]).toEqual([4711, 1]);
			// The record says 40 octets of data and the message ends before them.
			const record = encodeQuestion("a.example", "A").length;
			expect(octets.readUInt16BE(record + 10)).toBe(40);
			expect(octets.length - (record + 12)).toBe(15);
			const [loop] = await askUdp(at, encodeQuestion("a.example", "TXT"));
			expect(() => dnsPacket.decode(loop?.octets ?? Buffer.alloc(0))).toThrow("bad pointer");
		});
	});

	it("denies what exists, and loops", async () => {
		const faults = {
			"c.a.example": "nxdomain-for-empty-nonterminal",
			"a.example": "nxdomain-for-empty-nonterminal",
			"null.a.example": "nxdomain",
			"empty.a.example": "nodata",
			"ns1.a.example": "cname-loop",
		} as const;
		await withFault(faults, async (at) => {
			expect((await ask(at, "c.a.example", "TXT")).rcode).toBe("NXDOMAIN");
			expect((await ask(at, "deep.b.c.a.example", "A")).answers).toHaveLength(1);
			expect((await ask(at, "a.example", "A")).rcode).toBe("NOERROR");
			expect((await ask(at, "null.a.example", "MX")).rcode).toBe("NXDOMAIN");
			expect(await ask(at, "empty.a.example", "TXT")).toMatchObject({ rcode: "NOERROR", answers: [] });
			const loop = await ask(at, "ns1.a.example", "A");
			expect(loop.answers.map((record) => record.name)).toEqual(["ns1.a.example", "loop.example"]);
			expect(data(loop)).toEqual(["loop.example", "ns1.a.example"]);
		});
	});

	it("can refuse TCP altogether", async () => {
		const udpOnly = await startLab(patchWorld(world, { dns: { resolvers: [{ tcp: false }] } }));
		const at = udpOnly.network.resolvers[0] ?? "";
		expect((await ask(at, "many.a.example", "TXT")).flag_tc).toBe(true);
		expect(await askTcp(at, encodeQuestion("many.a.example", "TXT"))).toBe("ECONNREFUSED");
		await udpOnly.close();
	});
});

describe("hostile queries", () => {
	it("are answered with FORMERR or not at all, and never stop the server", async () => {
		const noQuestion = Buffer.alloc(12);
		expect((await askUdp(server, noQuestion))[0]?.octets.readUInt16BE(2)).toBe(0x8081);
		expect(await askUdp(server, Buffer.from([1, 2, 3]), 1, 60)).toEqual([]);
		const chaos = encodeQuestion("a.example", "A");
		chaos.writeUInt16BE(3, chaos.length - 2);
		expect(dnsPacket.decode((await askUdp(server, chaos))[0]?.octets ?? Buffer.alloc(0)).rcode).toBe("REFUSED");
		const notify = encodeQuestion("a.example", "A");
		notify.writeUInt16BE(0x2000, 2);
		expect(dnsPacket.decode((await askUdp(server, notify))[0]?.octets ?? Buffer.alloc(0)).rcode).toBe("NOTIMP");
		expect((await ask(server, "a.example", "A")).answers).toHaveLength(2);
	});

	it("of any octets parse to a query that can be answered, or to a refusal", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, plausible) => {
				const message = Buffer.from(octets);
				if (plausible && message.length >= 12) {
					message.writeUInt16BE(0x0100, 2);
					message.writeUInt16BE(1, 4);
				}
				const parsed = parseQuery(message);
				if (!parsed.ok) return;
				const response = encodeResponse(parsed.query, { rcode: 0, answers: [], authorities: [] });
				expect(response.readUInt16BE(0)).toBe(message.readUInt16BE(0));
				expect(response.subarray(12, 12 + parsed.query.question.length)).toEqual(parsed.query.question);
			}),
		);
	});

	it("and hostile record values give RDATA or a RangeError", () => {
		const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.boolean(), fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())));
		const type = fc.constantFrom("A", "AAAA", "MX", "TXT", "CNAME", "NS", "SOA", "CAA", "TLSA", "PTR", "SPF", "SRV", "DS", "TYPE700", "NONE");
		fc.assert(
			fc.property(type, value, (recordType, given) => {
				try {
					expect(encodeRdata(recordType, given as RecordValue).length).toBeLessThanOrEqual(65_535);
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
				}
			}),
		);
	});
});
