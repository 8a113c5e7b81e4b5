import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createResolver, type NetworkResolver, signatureResolver } from "../../checks/network/create-resolver.ts";
import { type DnssecResult, parseAnchors, validateDnssec } from "../../checks/protocols/dnssec/index.ts";
import type { RecordType } from "../../checks/protocols/resolver.ts";
import { configSchema } from "../../model/config.ts";
import { ask, askTcp, askUdp, type DecodedMessage, dnsPacket, encodeQuestion } from "../fixtures/clients.ts";
import { type Lab, type LabWorld, loadClinics, loadWorld, patchWorld, startLab, WorldError } from "../index.ts";
import { compareLabels, labelsOf } from "./names.ts";

const now = new Date("2026-11-24T12:00:00Z");
const day = 86_400;
const world: LabWorld = loadWorld(
	`
dns:
  ttlSeconds: 600
  names:
    example: {SOA: true}
    good.example:
      SOA: NS1.Good.Example hostmaster.good.example 7 3600 600 604800 60
      NS: [NS1.good.example, ns2.good.example]
      MX: [20 mx2.good.example, 10 MX1.Good.example, 10 MX1.Good.example]
      TXT: [v=spf1 mx -all, ${"long ".repeat(60)}]
      CAA: '0 issue "ca.example"'
      SRV: 1 2 587 Mail.good.example
    ns1.good.example: {A: 192.0.2.53}
    mx1.good.example: {A: 192.0.2.10, AAAA: 2001:db8::10}
    _25._tcp.mx1.good.example: {TLSA: 3 1 1 ${"ab".repeat(32)}}
    "*.wild.good.example": {TXT: wild, MX: 10 mx1.good.example}
    real.wild.good.example: {A: 192.0.2.7}
    "*.alias.good.example": {CNAME: mx1.good.example}
    alias.good.example: {CNAME: real.wild.good.example}
    out.good.example: {CNAME: mail.unsigned.example}
    deep.b.c.good.example: {A: 192.0.2.9}
    many.good.example: {TXT: [${Array.from({ length: 80 }, (_, index) => `text number ${index}`).join(", ")}]}
    sub.good.example: {SOA: true, NS: ns1.good.example, TXT: below}
    unsigned.example: {SOA: true, NS: ns1.good.example, TXT: open}
    mail.unsigned.example: {A: 192.0.2.20}
    bare.example: {SOA: true, TXT: without name servers}
    delegated.example: {NS: ns1.good.example, TXT: without SOA}
    island.example: {SOA: true, NS: ns1.good.example, TXT: island}
    expired.example: {SOA: true, NS: ns1.good.example, TXT: ended}
    early.example: {SOA: true, NS: ns1.good.example, TXT: to come}
    forged.example: {SOA: true, NS: ns1.good.example, TXT: forged}
    rolled.example: {SOA: true, NS: ns1.good.example, TXT: rolled}
    bald.example: {SOA: true, NS: ns1.good.example, TXT: bald}
    ending.example: {SOA: true, NS: ns1.good.example, TXT: ending}
    192.0.2.10: {PTR: mx1.good.example}
  signed:
    .: true
    example: true
    Good.example: true
    sub.good.example: {}
    island.example: no-ds
    expired.example: expired
    early.example: {fault: not-yet-valid}
    forged.example: wrong-key
    rolled.example: wrong-ds
    bald.example: stripped
    ending.example: {startsInDays: -20, expiresInDays: 2}
`,
	"signed.yaml",
);

let lab: Lab;
let server = "";
let resolver: NetworkResolver;
beforeAll(async () => {
	lab = await startLab(world, { now });
	server = lab.network.resolvers[0] ?? "";
	resolver = resolverOf(lab);
});
afterAll(async () => {
	await resolver.close();
	await lab.close();
});

function resolverOf(of: Lab): NetworkResolver {
	return createResolver(configSchema.parse({ version: 1, domains: [{ name: "good.example" }], network: of.network }).network);
}

function validate(name: string, type: RecordType, through: NetworkResolver = resolver, of: Lab = lab, at = now): Promise<DnssecResult> {
	const parsed = parseAnchors(of.rootAnchors);
	if (!parsed.ok) throw new Error(parsed.error.message);
	return validateDnssec({ name, type, resolver: signatureResolver(through), anchors: parsed.anchors, now: at });
}

/** Asked over TCP with the DO bit, so that nothing is cut. */
async function signed(name: string, type: string, at = server): Promise<DecodedMessage> {
	const octets = await askTcp(at, encodeQuestion(name, type, { edns: 1232, dnssecOk: true }));
	if (!Buffer.isBuffer(octets)) throw new Error(`no answer for ${name} ${type}`);
	return dnsPacket.decode(octets);
}

interface Tlsa {
	usage: number;
	selector: number;
	matchingType: number;
	certificate: Uint8Array;
}
interface Rrsig {
	typeCovered: string;
	algorithm: number;
	labels: number;
	originalTTL: number;
	expiration: number;
	inception: number;
	signersName: string;
	signature: Buffer;
}
const signaturesIn = (records: DecodedMessage["answers"]): Rrsig[] => records.filter((one) => one.type === "RRSIG").map((one) => one.data as Rrsig);
const shape = (records: DecodedMessage["answers"]): string[] =>
	records.map((one) => (one.type === "RRSIG" ? `${one.name} RRSIG ${(one.data as Rrsig).typeCovered}` : `${one.name} ${one.type}`));

describe("a signed zone on the wire", () => {
	it("shows signatures and proofs to those who set DO, and to nobody else", async () => {
		for (const name of ["mx1.good.example", "nowhere.good.example", "x.wild.good.example"]) {
			const plain = await ask(server, name, "A");
			expect(shape([...plain.answers, ...plain.authorities]).filter((one) => /RRSIG|NSEC/.test(one))).toEqual([]);
		}
		const found = await ask(server, "mx1.good.example", "A", { edns: 1232, dnssecOk: true });
		expect(shape(found.answers)).toEqual(["mx1.good.example A", "mx1.good.example RRSIG A"]);
		expect(signaturesIn(found.answers)).toMatchObject([{ algorithm: 13, labels: 3, originalTTL: 600, signersName: "good.example" }]);
		const [{ inception = 0, expiration = 0, signature = Buffer.alloc(0) } = {}] = signaturesIn(found.answers);
		expect([inception, expiration, signature.length]).toEqual([now.getTime() / 1000 - day, now.getTime() / 1000 + 30 * day, 64]);
	});

	it("answers with CD as asked and never with AD", async () => {
		const question = encodeQuestion("good.example", "SOA", { edns: 1232, dnssecOk: true });
		question.writeUInt16BE(0x0110, 2);
		const [datagram] = await askUdp(server, question);
		expect(datagram?.octets.readUInt16BE(2)).toBe(0x8590);
	});

	it("has a key that the parent vouches for and one that signs the rest; DS and its proof come from the parent", async () => {
		const keys = await signed("good.example", "DNSKEY");
		expect(shape(keys.answers)).toEqual(["good.example DNSKEY", "good.example DNSKEY", "good.example RRSIG DNSKEY"]);
		expect(keys.answers.slice(0, 2).map((one) => (one.data as { flags: number }).flags)).toEqual([257, 256]);
		const ds = await signed("good.example", "DS");
		expect(shape(ds.answers)).toEqual(["good.example DS", "good.example RRSIG DS"]);
		expect(signaturesIn(ds.answers)[0]?.signersName).toBe("example");
		for (const name of ["unsigned.example", "bare.example", "delegated.example", "island.example"]) {
			const none = await signed(name, "DS");
			expect([none.rcode, shape(none.authorities)]).toEqual(["NOERROR", ["example SOA", "example RRSIG SOA", `${name} NSEC`, `${name} RRSIG NSEC`]]);
			expect(none.authorities.find((one) => one.type === "NSEC")?.data).toMatchObject({ rrtypes: ["NS", "RRSIG", "NSEC"] });
		}
	});

	it("proves that a name, a type or a wildcard's type is not there", async () => {
		const proofs = async (name: string, type: string): Promise<unknown> => {
			const { rcode, authorities } = await signed(name, type);
			expect(signaturesIn(authorities).map((one) => one.typeCovered)).toEqual(["SOA", ...authorities.filter((one) => one.type === "NSEC").map(() => "NSEC")]);
			return [rcode, authorities.filter((one) => one.type === "NSEC").map((one) => `${one.name} ${(one.data as { nextDomain: string }).nextDomain}`)];
		};
		expect(await proofs("mx1.good.example", "TXT")).toEqual(["NOERROR", ["mx1.good.example _25._tcp.mx1.good.example"]]);
		expect(await proofs("c.good.example", "A")).toEqual(["NOERROR", ["*.alias.good.example deep.b.c.good.example"]]);
		expect(await proofs("nowhere.good.example", "A")).toEqual(["NXDOMAIN", ["_25._tcp.mx1.good.example ns1.good.example", "good.example alias.good.example"]]);
		expect(await proofs("x.wild.good.example", "A")).toEqual([
			"NOERROR",
			["real.wild.good.example good.example", "*.wild.good.example real.wild.good.example"],
		]);
		expect(await proofs("zzz", "A")).toEqual(["NXDOMAIN", ["example .", ". 10.2.0.192.in-addr.arpa"]]);
	});

	it("gives the same octets for the same question, and with a seed in every lab", async () => {
		const first = await signed("good.example", "MX");
		expect(await signed("good.example", "MX")).toEqual(first);
		const seeded = await Promise.all([1, 2].map(() => startLab(world, { now, seed: "signed" })));
		try {
			const [one, two] = await Promise.all(seeded.map(({ network }) => signed("nowhere.good.example", "MX", network.resolvers[0])));
			expect(one).toEqual(two);
			expect(seeded[0]?.rootAnchors).toBe(seeded[1]?.rootAnchors);
			expect(seeded[0]?.rootAnchors).not.toBe(lab.rootAnchors);
			for (const of of seeded) expect((await validateOnce(of, "good.example", "MX")).security).toBe("secure");
		} finally {
			await Promise.all(seeded.map((one) => one.close()));
		}
	});

	it("cuts a large answer in a datagram, and shows it whole over TCP", async () => {
		const cut = await ask(server, "many.good.example", "TXT", { edns: 4096, dnssecOk: true });
		expect([cut.flag_tc, cut.answers.length]).toEqual([true, 0]);
		const before = lab.stats.dnsOverTcp["many.good.example/TXT"] ?? 0;
		const result = await validate("many.good.example", "TXT");
		expect([result.security, result.answer.answers.filter((one) => one.type === "TXT").length]).toEqual(["secure", 80]);
		expect(lab.stats.dnsOverTcp["many.good.example/TXT"]).toBe(before + 1);
	});

	it("answers questions for signatures, NSEC records and everything", async () => {
		const all = await signed("mx1.good.example", "RRSIG");
		expect(signaturesIn(all.answers).map((one) => one.typeCovered)).toEqual(["A", "AAAA"]);
		expect(all.answers).toHaveLength(2);
		expect(shape((await signed("mx1.good.example", "NSEC")).answers)).toEqual(["mx1.good.example NSEC", "mx1.good.example RRSIG NSEC"]);
		const any = shape((await signed("mx1.good.example", "ANY")).answers);
		expect(any).toEqual(["mx1.good.example A", "mx1.good.example RRSIG A", "mx1.good.example AAAA", "mx1.good.example RRSIG AAAA"]);
	});
});

async function validateOnce(of: Lab, name: string, type: RecordType): Promise<DnssecResult> {
	const own = resolverOf(of);
	try {
		return await validate(name, type, own, of);
	} finally {
		await own.close();
	}
}

describe("validation from the lab's root", () => {
	it("calls every set, alias, wildcard and denial of a signed zone secure", async () => {
		const questions: [string, RecordType, string][] = [
			...(["SOA", "NS", "MX", "TXT", "CAA", "DNSKEY", "DS"] as const).map((type): [string, RecordType, string] => ["good.example", type, "NOERROR"]),
			["mx1.good.example", "A", "NOERROR"],
			["mx1.good.example", "AAAA", "NOERROR"],
			["_25._tcp.mx1.good.example", "TLSA", "NOERROR"],
			["10.2.0.192.in-addr.arpa", "PTR", "NOERROR"],
			["a.b.wild.good.example", "TXT", "NOERROR"],
			["a.b.wild.good.example", "A", "NOERROR"],
			["below.real.wild.good.example", "TXT", "NXDOMAIN"],
			["alias.good.example", "A", "NOERROR"],
			["x.alias.good.example", "AAAA", "NOERROR"],
			["x.alias.good.example", "TXT", "NOERROR"],
			["c.good.example", "TXT", "NOERROR"],
			["nowhere.good.example", "MX", "NXDOMAIN"],
			["sub.good.example", "TXT", "NOERROR"],
			["nowhere.sub.good.example", "TXT", "NXDOMAIN"],
			["test", "A", "NXDOMAIN"],
			[".", "SOA", "NOERROR"],
			[".", "TXT", "NOERROR"],
		];
		for (const [name, type, rcode] of questions) {
			const { security, reason, detail, answer } = await validate(name, type);
			expect([name, type, security, reason, detail, answer.rcode]).toEqual([name, type, "secure", undefined, undefined, rcode]);
		}
	});

	it("tells unsigned zones and islands from broken ones", async () => {
		const expected: [string, string, string | undefined][] = [
			["unsigned.example", "insecure", "insecure_delegation"],
			["bare.example", "insecure", "insecure_delegation"],
			["delegated.example", "insecure", "insecure_delegation"],
			["island.example", "insecure", "insecure_delegation"],
			["expired.example", "bogus", "expired"],
			["early.example", "bogus", "not_yet_valid"],
			["forged.example", "bogus", "bad_signature"],
			["rolled.example", "bogus", "ds_mismatch"],
			["bald.example", "bogus", "no_signature"],
			["ending.example", "secure", undefined],
		];
		const seen: unknown[] = [];
		for (const [name] of expected) {
			const { security, reason } = await validate(name, "TXT");
			seen.push([name, security, reason]);
		}
		expect(seen).toEqual(expected);
		expect((await validate("out.good.example", "A")).security).toBe("insecure");
		expect((await validate("ending.example", "TXT", resolver, lab, new Date(now.getTime() + 3 * day * 1000))).security).toBe("bogus");
	});

	it("answers any name with what validates", async () => {
		const label = fc.constantFrom("a", "mx1", "wild", "*", "_25", "c", "sub", "zz", "A\\", "-");
		const under = fc.constantFrom("good.example", "wild.good.example", "c.good.example", "sub.good.example", "mx1.good.example", "example", "arpa");
		const type = fc.constantFrom<RecordType>("A", "TXT", "MX", "TLSA", "DS");
		await fc.assert(
			fc.asyncProperty(fc.array(label, { maxLength: 3 }), under, type, async (labels, zone, asked) => {
				const name = [...labels, zone].join(".");
				const { security, reason, detail } = await validate(name, asked);
				expect([security, reason, detail]).toEqual(["secure", undefined, undefined]);
			}),
			{ numRuns: 150 },
		);
	});

	it("follows a patch of the world, and zones that one name server changes", async () => {
		const patched = await startLab(
			patchWorld(world, {
				dns: {
					signed: { "good.example": "expired", "island.example": true },
					faults: { "example/TXT": "nodata" },
					resolvers: [{ names: { "mx1.good.example": { A: "192.0.2.99" }, "new.example": { TXT: "here alone" } } }],
				},
			}),
			{ now },
		);
		const own = resolverOf(patched);
		try {
			expect((await validate("good.example", "MX", own, patched)).reason).toBe("expired");
			expect((await validate("island.example", "TXT", own, patched)).security).toBe("secure");
			expect((await validate("new.example", "TXT", own, patched)).security).toBe("secure");
			// A denial without its proof is what a forger could say.
			expect((await validate("example", "TXT", own, patched)).security).toBe("bogus");
		} finally {
			await own.close();
			await patched.close();
		}
	});

	it("takes DS, DNSKEY and RRSIG records of the world's own", async () => {
		const given = patchWorld(world, { dns: { names: { "good.example": { DS: `\\# 36 0001 0d 02 ${"00".repeat(32)}` } } } });
		const own = await startLab(given, { now });
		try {
			expect(await validateOnce(own, "good.example", "MX")).toMatchObject({ security: "bogus", reason: "ds_mismatch" });
		} finally {
			await own.close();
		}
	});
});

describe("clinics.yaml", () => {
	it("has one clinic that validates with TLSA records for two keys, one that is unsigned, and an island", async () => {
		const own = await startLab(await loadClinics(), { now });
		const through = resolverOf(own);
		const security = async (name: string, type: RecordType): Promise<string> => (await validate(name, type, through, own)).security;
		try {
			for (const type of ["MX", "TXT", "CAA", "CNAME"] as const) expect([type, await security("exemplary.example", type)]).toEqual([type, "secure"]);
			for (const name of ["_dmarc", "_mta-sts", "_smtp._tls", "s1._domainkey", "nowhere"])
				expect([name, await security(`${name}.exemplary.example`, "TXT")]).toEqual([name, "secure"]);
			const shown = { mx1: ["192.0.2.10:25", "[2001:db8::10]:25"], mx2: ["192.0.2.11:25"] };
			for (const [host, servers] of Object.entries(shown)) {
				expect(await security(`${host}.exemplary.example`, "AAAA")).toBe("secure");
				const tlsa = await validate(`_25._tcp.${host}.exemplary.example`, "TLSA", through, own);
				expect(tlsa.security).toBe("secure");
				const records = tlsa.answer.answers.filter((one) => one.type === "TLSA").map((one) => one.data as Tlsa);
				expect(records.map(({ usage, selector, matchingType }) => [usage, selector, matchingType])).toEqual([
					[3, 1, 1],
					[3, 1, 1],
				]);
				for (const at of servers) {
					const digest = createHash("sha256").update(own.certificateOf(at).publicKeyInfo).digest("hex");
					expect(records.filter(({ certificate }) => Buffer.from(certificate).toString("hex") === digest)).toHaveLength(1);
				}
			}
			for (const name of ["typical.example", "neglected.example", "aspmx.l.google.com", "gmail-smtp-in.l.google.com"])
				expect([name, await security(name, "MX")]).toEqual([name, "insecure"]);
			expect((await signed("neglected.example", "MX", own.network.resolvers[0])).answers.at(-1)?.type).toBe("RRSIG");
		} finally {
			await through.close();
			await own.close();
		}
	});
});

describe("the root's anchors", () => {
	it("stand in the file that the network section names", async () => {
		const folder = await mkdtemp(join(tmpdir(), "mailward-lab-"));
		const rootAnchorsFile = join(folder, "anchors.txt");
		const own = await startLab(world, { now, rootAnchorsFile });
		try {
			expect(own.network.rootAnchors).toBe(rootAnchorsFile);
			const text = await readFile(rootAnchorsFile, "utf8");
			expect(text).toBe(own.rootAnchors);
			expect(parseAnchors(text)).toMatchObject({ ok: true, anchors: [{ name: ".", algorithm: 13, digestType: 2 }] });
			expect((await validateOnce(own, "good.example", "MX")).security).toBe("secure");
			const { network } = lab;
			expect(network.rootAnchors).toBeUndefined();
		} finally {
			await own.close();
			await rm(folder, { recursive: true });
		}
	});

	it("of a world that signs nothing lead to a root whose signatures do not come through", async () => {
		const own = await startLab(patchWorld(world, { dns: { signed: null } }), { now });
		try {
			expect(await validateOnce(own, "good.example", "MX")).toMatchObject({ security: "indeterminate", reason: "stripped" });
			expect((await signed("good.example", "MX", own.network.resolvers[0])).answers).toHaveLength(3);
		} finally {
			await own.close();
		}
	});
});

describe("canonical names", () => {
	it("stand in the order of RFC 4034 6.1", () => {
		const ordered = [
			"example",
			"a.example",
			"yljkjljk.a.example",
			"z.a.example",
			"zabc.a.example",
			"z.example",
			"\\001.z.example",
			"*.z.example",
			"\\200.z.example",
		];
		const shuffled = ordered.toReversed().toSorted((left, right) => compareLabels(labelsOf(left), labelsOf(right)));
		expect(shuffled).toEqual(ordered);
		expect(compareLabels(labelsOf("."), labelsOf("example"))).toBeLessThan(0);
	});
});

describe("dns.signed", () => {
	it("refuses zones that the world does not have, and faults that nobody knows", () => {
		const faultsOf = (yaml: string): readonly string[] => {
			try {
				loadWorld(yaml, "w.yaml");
			} catch (error) {
				if (error instanceof WorldError) return error.faults;
				throw error;
			}
			return [];
		};
		expect(faultsOf("dns:\n  names:\n    a.example: {A: 192.0.2.1}\n  signed:\n    .: true\n    a.example: true\n")).toEqual([
			'w.yaml:6: dns > signed > a.example: no zone "a.example": dns.names has no SOA for it',
		]);
		expect(faultsOf("dns:\n  names: {}\n  signed:\n    .: broken\n")[0]).toMatch(/^w\.yaml:4: dns > signed > \./);
		expect(faultsOf("dns:\n  names: {}\n  signed:\n    .: {expires: 3}\n")).toEqual(["w.yaml:4: dns > signed > . > expires: unknown key"]);
	});
});
