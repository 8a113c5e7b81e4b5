import { describe, expect, it } from "vitest";
import type { DnsAnswer, RecordType } from "../resolver.ts";
import type { SignedZoneOptions } from "./testing/sign-zone.ts";
import { type SignedWorld, signedWorld, type Tamper } from "./testing/signed-world.ts";
import { validateDnssec } from "./validate-dnssec.ts";

const now = new Date("2026-11-24T09:00:00Z");
const mx = { preference: 10, exchange: "mx.example.org" };
const records = {
	"example.org": { MX: [mx, { preference: 20, exchange: "MX2.example.org" }], TXT: [[Buffer.from("v=spf1 mx -all")]] },
	"mx.example.org": { A: ["192.0.2.10"], AAAA: ["2001:db8::10"] },
	"_25._tcp.mx.example.org": { TLSA: [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) }] },
	"*.wild.example.org": { TXT: [[Buffer.from("any")]] },
	"near.wild.example.org": { A: ["192.0.2.1"] },
	"alias.example.org": { CNAME: ["www.example.net"] },
	"dangling.example.org": { CNAME: ["gone.example.net"] },
	"loop.example.org": { CNAME: ["loop.example.org"] },
	"*.cw.example.org": { CNAME: ["mx.example.org"] },
	"moved.example.org": { DNAME: ["example.net"] },
	"unsigned.example.org": { CNAME: ["www.plain.test"] },
};
const others: SignedZoneOptions[] = [
	{ name: "net" },
	{ name: "example.net", records: { "www.example.net": { A: ["192.0.2.80"] } } },
	{ name: "test" },
	{
		name: "plain.test",
		signed: false,
		records: { "plain.test": { MX: [mx] }, "www.plain.test": { A: ["192.0.2.81"] }, "alias.plain.test": { CNAME: ["mx.example.org"] } },
	},
	{ name: "island.test", delegated: false, records: { "island.test": { MX: [mx] } } },
];

function world(zone: Partial<SignedZoneOptions> = {}, more: readonly SignedZoneOptions[] = others): SignedWorld {
	return signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records, ...zone }, ...more] });
}
async function security(from: SignedWorld, name: string, type: RecordType, tamper?: Tamper, at = now) {
	const { security: is, reason } = await validateDnssec({
		name,
		type,
		resolver: tamper === undefined ? from : from.through(tamper),
		anchors: from.anchors,
		now: at,
	});
	return reason === undefined ? is : `${is} ${reason}`;
}
const only =
	(question: string, change: (answer: DnsAnswer) => DnsAnswer): Tamper =>
	(asked, answer) =>
		asked === question ? change(answer) : answer;
const without =
	(type: string): ((answer: DnsAnswer) => DnsAnswer) =>
	(answer) => ({
		...answer,
		answers: answer.answers.filter((record) => record.type !== type),
		authorities: (answer.authorities ?? []).filter((record) => record.type !== type),
	});

const plain = world();
const chains: [string, SignedWorld][] = [
	["NSEC", plain],
	["NSEC3", world({ nsec3: {} })],
	["NSEC3 with salt and 10 iterations", world({ nsec3: { iterations: 10, salt: Buffer.from("aabbccdd", "hex") } })],
	["one key, two algorithms", world({ algorithms: [13, 15], singleKey: true })],
];

it("an alias in an unsigned zone takes nothing off what is bogus behind it (RFC 4035 5.5)", async () => {
	expect(await security(plain, "alias.plain.test", "A")).toBe("insecure insecure_delegation");
	expect(await security(plain, "alias.plain.test", "A", only("A mx.example.org", without("RRSIG")))).toBe("bogus no_signature");
	expect(await security(plain, "unsigned.example.org", "A")).toBe("insecure insecure_delegation");
});

describe.each(chains)("a signed zone, %s", (_, one) => {
	it.each<[string, RecordType]>([
		["example.org", "MX"],
		["EXAMPLE.org.", "TXT"],
		["example.org", "SOA"],
		["example.org", "NS"],
		["example.org", "DNSKEY"],
		["example.org", "DS"],
		["mx.example.org", "A"],
		["mx.example.org", "AAAA"],
		["_25._tcp.mx.example.org", "TLSA"],
		["a.wild.example.org", "TXT"],
		["a.b.c.wild.example.org", "TXT"],
		["*.wild.example.org", "TXT"],
		["alias.example.org", "A"],
		["alias.example.org", "CNAME"],
		["x.cw.example.org", "A"],
		["www.moved.example.org", "A"],
		["org", "DNSKEY"],
		[".", "DNSKEY"],
	])("%s %s is secure", async (name, type) => {
		const result = await validateDnssec({ name, type, resolver: one, anchors: one.anchors, now });
		expect(result).toMatchObject({ security: "secure", answer: { status: "ok", rcode: "NOERROR" } });
		expect(result.answer.answers.length).toBeGreaterThan(0);
		expect(result.reason).toBeUndefined();
	});
	it.each<[string, RecordType, string]>([
		["example.org", "CAA", "NOERROR"],
		["mx.example.org", "MX", "NOERROR"],
		["_tcp.mx.example.org", "TXT", "NOERROR"],
		["wild.example.org", "A", "NOERROR"],
		["a.wild.example.org", "MX", "NOERROR"],
		["gone.example.org", "MX", "NXDOMAIN"],
		["a.b.gone.example.org", "TXT", "NXDOMAIN"],
		["near.example.org", "A", "NXDOMAIN"],
		["below.near.wild.example.org", "A", "NXDOMAIN"],
		["dangling.example.org", "A", "NXDOMAIN"],
		["mx.example.org", "DS", "NOERROR"],
		["nothing", "MX", "NXDOMAIN"],
	])("the absence of %s %s is secure", async (name, type, rcode) => {
		const result = await validateDnssec({ name, type, resolver: one, anchors: one.anchors, now });
		expect(result).toMatchObject({ security: "secure", answer: { rcode } });
	});
	it("needs the proof of an absence, whole", async () => {
		const questions: [string, RecordType][] = [
			["example.org", "CAA"],
			["gone.example.org", "MX"],
			["a.wild.example.org", "MX"],
			["a.wild.example.org", "TXT"],
			["_tcp.mx.example.org", "TXT"],
		];
		for (const [name, type] of questions) {
			const proofs = (await one.resolve(name, type)).authorities?.filter((record) => record.type.startsWith("NSEC")) ?? [];
			expect(proofs.length).toBeGreaterThan(0);
			for (const proof of proofs) {
				const drop = only(`${type} ${name}`, (answer) => ({
					...answer,
					authorities: (answer.authorities ?? []).filter((record) => record.name !== proof.name || record.type !== proof.type),
				}));
				// What is left may prove it by itself: one NSEC record can stand for two steps of a proof.
				const left = await security(one, name, type, drop);
				if (left === "secure") expect(proofs.length).toBeGreaterThan(1);
				else expect(left).toMatch(/^bogus (missing_proof|no_signature)/);
			}
			for (const type2 of ["NSEC", "NSEC3", "RRSIG"]) {
				const result = await security(one, name, type, only(`${type} ${name}`, without(type2)));
				if (result !== "secure") expect(result).toMatch(/^bogus/);
			}
			expect(
				await security(
					one,
					name,
					type,
					only(`${type} ${name}`, (answer) => without("NSEC")(without("NSEC3")(answer))),
				),
			).toMatch(/^bogus/);
		}
	});
	it("takes no proof of one name for another", async () => {
		const proof = await one.resolve("gone.example.org", "MX");
		for (const [name, type] of [
			["example.org", "MX"],
			["mx.example.org", "A"],
			["a.wild.example.org", "TXT"],
			["_25._tcp.mx.example.org", "TLSA"],
		] as [string, RecordType][]) {
			expect(
				await security(
					one,
					name,
					type,
					only(`${type} ${name}`, () => proof),
				),
			).toBe("bogus missing_proof");
			const nodata = await one.resolve(name, "CAA");
			// A NODATA proof for another type lists this type.
			expect(
				await security(
					one,
					name,
					type,
					only(`${type} ${name}`, () => ({ ...nodata, rcode: "NXDOMAIN" })),
				),
			).toMatch(/^bogus/);
		}
	});
	it("puts right a server that says NXDOMAIN for an empty non-terminal", async () => {
		const tamper = only("TXT _tcp.mx.example.org", (answer) => ({ ...answer, rcode: "NXDOMAIN" }));
		const result = await validateDnssec({ name: "_tcp.mx.example.org", type: "TXT", resolver: one.through(tamper), anchors: one.anchors, now });
		expect(result).toMatchObject({ security: "secure", answer: { rcode: "NOERROR" } });
	});
	it("is bogus without signatures, and without the keys", async () => {
		expect(await security(one, "example.org", "MX", only("MX example.org", without("RRSIG")))).toBe("bogus no_signature");
		expect(await security(one, "example.org", "MX", only("DNSKEY example.org", without("RRSIG")))).toBe("bogus no_signature");
		expect(await security(one, "example.org", "MX", only("DNSKEY example.org", without("DNSKEY")))).toBe("bogus no_dnskey");
		expect(await security(one, "example.org", "MX", only("DS example.org", without("RRSIG")))).toBe("bogus no_signature");
		// DS taken away without a proof: a downgrade.
		expect(
			await security(
				one,
				"example.org",
				"MX",
				only("DS example.org", (answer) => ({ ...answer, answers: [] })),
			),
		).toBe("bogus missing_proof");
	});
	it("tells forged data from signed", async () => {
		const forged = only("MX example.org", (answer) => ({
			...answer,
			answers: answer.answers.map((record) => (record.type === "MX" ? { ...record, data: { preference: 0, exchange: "evil.test" } } : record)),
		}));
		expect(await security(one, "example.org", "MX", forged)).toBe("bogus bad_signature");
		const added = only("MX example.org", (answer) => ({
			...answer,
			answers: [...answer.answers, { name: "example.org", type: "MX", ttl: 1, data: { preference: 0, exchange: "evil.test" } }],
		}));
		expect(await security(one, "example.org", "MX", added)).toBe("bogus bad_signature");
	});
	it("knows a header bit is no proof", async () => {
		const claims = only("MX example.org", (answer) => ({ ...without("RRSIG")(answer), flags: ["AD", "RA"] }));
		expect(await security(one, "example.org", "MX", claims)).toBe("bogus no_signature");
	});
});

describe.each([8, 10, 13, 14, 15, 16])("algorithm %i", (algorithm) => {
	const one = world({ algorithms: [algorithm], digestTypes: [algorithm === 14 ? 4 : 2] }, []);
	it("is validated", async () => {
		expect(await security(one, "example.org", "MX")).toBe("secure");
		expect(await security(one, "gone.example.org", "MX")).toBe("secure");
	});
	it("is bogus with one bit changed, wherever", async () => {
		const answer = await one.resolve("example.org", "TXT");
		const signature = answer.answers.find((record) => record.type === "RRSIG")?.data as { signature: Buffer };
		for (let bit = 0; bit < signature.signature.length * 8; bit += 13) {
			const flip = only("TXT example.org", (changed) => {
				const own = changed.answers.find((record) => record.type === "RRSIG")?.data as { signature: Buffer };
				own.signature[bit >> 3] = (own.signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				return changed;
			});
			expect(await security(one, "example.org", "TXT", flip)).toBe("bogus bad_signature");
		}
	});
});

describe("what leaves a zone unsigned", () => {
	it.each<[string, RecordType, string]>([
		["plain.test", "MX", "insecure insecure_delegation"],
		["www.plain.test", "A", "insecure insecure_delegation"],
		["gone.plain.test", "A", "insecure insecure_delegation"],
		["island.test", "MX", "insecure insecure_delegation"],
		["alias.plain.test", "A", "insecure insecure_delegation"],
		["unsigned.example.org", "A", "insecure insecure_delegation"],
	])("%s %s", async (name, type, expected) => expect(await security(plain, name, type)).toBe(expected));
	it("proves it with NSEC3 and with opt-out too", async () => {
		for (const nsec3 of [{}, { optOut: true }]) {
			const one = signedWorld({
				now,
				zones: [
					{ name: "test", nsec3 },
					{ name: "plain.test", signed: false, records: { "plain.test": { MX: [mx] } } },
					{ name: "signed.test", records: { "signed.test": { MX: [mx] } } },
				],
			});
			expect(await security(one, "plain.test", "MX")).toBe(nsec3.optOut === true ? "insecure nsec3_opt_out" : "insecure insecure_delegation");
			expect(await security(one, "signed.test", "MX")).toBe("secure");
			// The name has no proof of absence under opt-out: an unsigned delegation could stand there.
			expect(await security(one, "gone.test", "MX")).toBe(nsec3.optOut === true ? "insecure nsec3_opt_out" : "secure");
		}
	});
	it("takes an island's own signatures for nothing, and an anchor of its own for something", async () => {
		expect(await security(plain, "island.test", "MX")).toBe("insecure insecure_delegation");
		const anchors = plain
			.zone("island.test")
			.dsData()
			.map((ds) => ({ name: "island.test", ...ds }));
		expect(await validateDnssec({ name: "island.test", type: "MX", resolver: plain, anchors, now })).toMatchObject({ security: "secure", zone: "island.test" });
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: plain, anchors, now })).toMatchObject({
			security: "indeterminate",
			reason: "no_anchor",
		});
	});
	it.each([
		[[5], [2], "insecure unsupported_algorithm"],
		[[7], [2], "insecure unsupported_algorithm"],
		[[3], [2], "insecure unsupported_algorithm"],
		[[253], [2], "insecure unsupported_algorithm"],
		[[13], [3], "insecure unsupported_digest"],
		[[5, 13], [2], "secure"],
		[[13], [1], "secure"],
		[[13], [1, 2], "secure"],
		[[13], [1, 99], "secure"],
	])("algorithms %j with DS digests %j: %s", async (algorithms, digestTypes, expected) => {
		expect(await security(world({ algorithms, digestTypes }, []), "example.org", "MX")).toBe(expected);
	});
	it("does not fall back to a SHA-1 digest beside a stronger one (RFC 4509)", async () => {
		const one = world({ digestTypes: [1] }, []);
		const [sha1] = one.zone("example.org").dsData();
		one.zone("org").add("example.org", "DS", { ...sha1, digestType: 2, digest: Buffer.alloc(32) });
		expect(await security(one, "example.org", "MX")).toBe("bogus ds_mismatch");
	});
	it("counts too many NSEC3 iterations as insecure, only after the signature held (RFC 9276)", async () => {
		for (const [iterations, expected] of [
			[100, "secure"],
			[101, "insecure nsec3_iterations"],
			[2500, "insecure nsec3_iterations"],
		] as [number, string][]) {
			const one = world({ nsec3: { iterations } }, []);
			expect(await security(one, "gone.example.org", "MX")).toBe(expected);
			expect(await security(one, "a.wild.example.org", "TXT")).toBe(expected);
			expect(await security(one, "example.org", "MX")).toBe("secure");
		}
		const one = world({ nsec3: { iterations: 100 } }, []);
		const forged = only("MX gone.example.org", (answer) => {
			for (const record of answer.authorities ?? []) if (record.type === "NSEC3") (record.data as { iterations: number }).iterations = 2000;
			return answer;
		});
		expect(await security(one, "gone.example.org", "MX", forged)).toBe("bogus bad_signature");
	});
});

describe("time", () => {
	const seconds = Math.floor(now.getTime() / 1000);
	it.each([
		["expired", { inception: seconds - 100, expiration: seconds - 1 }, "bogus expired"],
		["not yet valid", { inception: seconds + 1, expiration: seconds + 100 }, "bogus not_yet_valid"],
		["in its last second", { inception: seconds - 100, expiration: seconds }, "secure"],
		["ends before it begins", { inception: seconds + 100, expiration: seconds - 100 }, "bogus expired"],
	])("%s", async (_, times, expected) => expect(await security(world(times, []), "example.org", "MX")).toBe(expected));
	it("is serial: it goes over the end of 32 bits (RFC 1982)", async () => {
		const late = new Date(2 ** 32 * 1000);
		const one = signedWorld({ now: late, zones: [{ name: "org" }, { name: "example.org", records }] });
		expect(await security(one, "example.org", "MX", undefined, late)).toBe("secure");
		expect(await security(one, "example.org", "MX", undefined, new Date((2 ** 32 + 40 * 86_400) * 1000))).toBe("bogus expired");
	});
	it("does not pass at a clock far away", async () => {
		expect(await security(plain, "example.org", "MX", undefined, new Date("2030-01-01T00:00:00Z"))).toBe("bogus expired");
		expect(await security(plain, "example.org", "MX", undefined, new Date("2020-01-01T00:00:00Z"))).toBe("bogus not_yet_valid");
	});
});

describe("what cannot be looked at", () => {
	it.each<[string, string]>([
		["MX example.org", "indeterminate timeout"],
		["DNSKEY example.org", "indeterminate timeout"],
		["DS example.org", "indeterminate timeout"],
		["DNSKEY .", "indeterminate timeout"],
		["DS org", "indeterminate timeout"],
	])("a time-out of %s", async (question, expected) => {
		const one = signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records }], faults: { [question]: "timeout" } });
		expect(await security(one, "example.org", "MX")).toBe(expected);
	});
	it("a time-out of the DS question of an unsigned zone does not make it insecure", async () => {
		const one = signedWorld({
			now,
			zones: [{ name: "test" }, { name: "plain.test", signed: false, records: { "plain.test": { MX: [mx] } } }],
			faults: { "DS plain.test": "servfail" },
		});
		expect(await security(one, "plain.test", "MX")).toBe("indeterminate servfail");
	});
	it("a network that strips DNSSEC", async () => {
		const strip: Tamper = (_, answer) => without("RRSIG")(without("NSEC")(without("DNSKEY")(without("DS")(answer))));
		expect(await security(plain, "example.org", "MX", strip)).toBe("indeterminate stripped");
		expect(await security(plain, "plain.test", "MX", strip)).toBe("indeterminate stripped");
		expect(await security(plain, "plain.test", "MX", (_, answer) => without("RRSIG")(answer))).toBe("indeterminate stripped");
	});
	it("no anchors, or none that can be used", async () => {
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: plain, anchors: [], now })).toMatchObject({
			security: "indeterminate",
			reason: "no_anchor",
		});
		const anchors = [{ keyTag: 1, algorithm: 5, digestType: 2, digest: "00".repeat(32) }];
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: plain, anchors, now })).toMatchObject({
			security: "indeterminate",
			reason: "no_anchor",
		});
	});
	it("loops, names without a text form, questions for signatures", async () => {
		expect(await security(plain, "loop.example.org", "A")).toBe("indeterminate cname_loop");
		expect(await security(plain, "ü.example.org", "A")).toBe("indeterminate malformed");
		// A Kelvin sign, which is a k in lower case.
		expect(await security(plain, "\u212a.example.org", "A")).toBe("indeterminate malformed");
		expect(await security(plain, `${"a".repeat(64)}.example.org`, "A")).toBe("indeterminate malformed");
		expect(await security(plain, "example.org", "RRSIG")).toBe("indeterminate unsupported_question");
	});
});

describe("wrong keys", () => {
	it("another root, another DS, another zone's signature", async () => {
		const other = world({}, []);
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: plain, anchors: other.anchors, now })).toMatchObject({
			security: "bogus",
			reason: "ds_mismatch",
		});
		const foreign = await other.resolve("example.org", "DNSKEY");
		expect(
			await security(
				plain,
				"example.org",
				"MX",
				only("DNSKEY example.org", () => foreign),
			),
		).toBe("bogus ds_mismatch");
		const signedByOther = await other.resolve("example.org", "MX");
		expect(
			await security(
				plain,
				"example.org",
				"MX",
				only("MX example.org", () => signedByOther),
			),
		).toBe("bogus no_key");
	});
	it("accepts a DS as hex, as a record, and with the root's name left out", async () => {
		const [anchor] = plain.anchors;
		if (anchor === undefined) throw new Error("no anchor");
		const { name, ...data } = anchor;
		const hex = Buffer.from(data.digest as Uint8Array).toString("hex");
		for (const anchors of [[{ ...data, digest: hex }], [{ name, type: "DS", ttl: 1, data }], [data]]) {
			expect(await validateDnssec({ name: "example.org", type: "MX", resolver: plain, anchors, now })).toMatchObject({ security: "secure" });
		}
	});
});
