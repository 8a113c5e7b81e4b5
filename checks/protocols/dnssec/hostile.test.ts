import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DnsAnswer, DnsRecord, RecordType } from "../resolver.ts";
import { encodeRdata } from "./rdata.ts";
import { signSet } from "./testing/sign-zone.ts";
import { type SignedWorld, signedWorld } from "./testing/signed-world.ts";
import { createSigningKey, type SigningKey, signingKey } from "./testing/signing-key.ts";
import { validateDnssec } from "./validate-dnssec.ts";

const now = new Date("2026-11-24T09:00:00Z");
const seconds = Math.floor(now.getTime() / 1000);
const records = {
	"example.org": {
		MX: [{ preference: 10, exchange: "mx.example.org" }],
		TXT: [[Buffer.from("v=spf1 mx -all"), Buffer.from("more")], [Buffer.from("second")]],
		CAA: [{ flags: 0, tag: "issue", value: "ca.test" }],
	},
	"mx.example.org": { A: ["192.0.2.10"], AAAA: ["2001:db8::10"] },
	"_25._tcp.mx.example.org": { TLSA: [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) }] },
	"*.wild.example.org": { TXT: [[Buffer.from("any")]] },
	"alias.example.org": { CNAME: ["mx.example.org"] },
	"moved.example.org": { DNAME: ["mx.example.org"] },
};
const worlds = [{}, { nsec3: { iterations: 2, salt: Buffer.from("ab", "hex") } }].map((more) =>
	signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records, ...more }] }),
);
const [first] = worlds as [SignedWorld, ...SignedWorld[]];

const questions: [string, RecordType][] = [
	["example.org", "MX"],
	["example.org", "TXT"],
	["example.org", "CAA"],
	["example.org", "A"],
	["mx.example.org", "AAAA"],
	["_25._tcp.mx.example.org", "TLSA"],
	["a.wild.example.org", "TXT"],
	["gone.example.org", "MX"],
	["alias.example.org", "A"],
];

/** Every place in an answer where octets or a number stand. TTLs are no part of what is signed. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
	if (value instanceof Uint8Array) return value.length === 0 ? [] : [path];
	if (typeof value === "number") return path.at(-1) === "ttl" ? [] : [path];
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, field]) => places(field, [...path, key]));
}

function flip(answer: DnsAnswer, path: readonly (string | number)[], bit: number): void {
	let holder: Record<string, unknown> = answer as unknown as Record<string, unknown>;
	for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
	const last = String(path.at(-1));
	const value = holder[last];
	if (value instanceof Uint8Array) {
		const at = (bit >> 3) % value.length;
		value[at] = (value[at] ?? 0) ^ (1 << (bit & 7));
	} else holder[last] = (value as number) ^ (1 << (bit % 8));
}

describe("one bit changed anywhere in an answer", () => {
	it("is never secure where the answer was needed", async () => {
		let changed = 0;
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...worlds), fc.constantFrom(...questions), fc.nat(), fc.nat(4095), async (world, [name, type], place, bit) => {
				const asked: string[] = [];
				const clean = {
					resolve(one: string, is: RecordType) {
						asked.push(`${is} ${one}`);
						return world.resolve(one, is);
					},
				};
				const before = await validateDnssec({ name, type, resolver: world, anchors: world.anchors, now });
				await validateDnssec({ name, type, resolver: clean, anchors: world.anchors, now });
				const target = asked[place % asked.length];
				let section: unknown;
				const resolver = world.through((question, answer) => {
					if (question !== target) return answer;
					const all = places({ answers: answer.answers, authorities: answer.authorities ?? [] });
					const path = all[Math.floor(place / asked.length) % all.length] ?? [];
					section = path[0];
					flip(answer, path, bit);
					return answer;
				});
				const { security, reason, answer: given } = await validateDnssec({ name, type, resolver, anchors: world.anchors, now });
				changed += 1;
				// A proof that is not needed may be broken: one NSEC or NSEC3 record of several can do without the rest.
				// So may what a server adds to an alias unasked: it is not taken over. What is given out secure is the same as before.
				if (security === "secure") {
					if (section === "answers") expect(name).toBe("alias.example.org");
					expect(given.answers).toEqual(before.answer.answers);
				} else expect(["bogus", "insecure"], reason).toContain(security);
			}),
			{ numRuns: 1500 },
		);
		expect(changed).toBeGreaterThan(1000);
	});
	it("is bogus in every octet of a record set, its signature and its keys", async () => {
		for (const world of worlds) {
			for (const [name, type] of questions.filter(([, is]) => is !== "A").slice(0, 4)) {
				for (const target of [`${type} ${name}`, "DNSKEY example.org", "DS example.org", "DNSKEY org", "DNSKEY ."]) {
					const [is = "", at = ""] = target.split(" ");
					const answer = await world.resolve(at, is as RecordType);
					for (const path of places({ answers: answer.answers })) {
						const resolver = world.through((question, changed) => {
							if (question === target) flip(changed, path, path.length * 31 + 5);
							return changed;
						});
						const { security } = await validateDnssec({ name, type, resolver, anchors: world.anchors, now });
						expect(["bogus", "insecure"], `${target} ${path.join(".")}`).toContain(security);
					}
				}
			}
		}
	});
});

describe("answers of any kind", () => {
	const anything = fc.anything({ withBigInt: false });
	const record = fc.record({
		name: fc.oneof(fc.constantFrom("example.org", ".", "org", "*.org", "mx.example.org", ".."), fc.string()),
		type: fc.constantFrom("MX", "RRSIG", "DNSKEY", "DS", "NSEC", "NSEC3", "SOA", "CNAME", "DNAME", "TXT", "A"),
		ttl: fc.integer(),
		data: fc.oneof(
			anything,
			fc.record({
				typeCovered: fc.constantFrom("MX", "DNSKEY", "DS", "NSEC3"),
				algorithm: fc.constantFrom(8, 13, 15),
				labels: fc.nat(4),
				originalTTL: fc.nat(),
				expiration: fc.constant(seconds + 100),
				inception: fc.constant(seconds - 100),
				keyTag: fc.nat(65535),
				signersName: fc.constantFrom(".", "org", "example.org"),
				signature: fc.uint8Array(),
			}),
			fc.record({
				algorithm: fc.constant(1),
				flags: fc.nat(2),
				iterations: fc.nat(65535),
				salt: fc.uint8Array(),
				nextDomain: fc.uint8Array(),
				rrtypes: fc.array(fc.constantFrom("NS", "SOA", "UNKNOWN_9", "x")),
			}),
		),
	});
	const answer = fc.record({
		status: fc.constant("ok" as const),
		rcode: fc.constantFrom("NOERROR" as const, "NXDOMAIN" as const),
		answers: fc.array(record, { maxLength: 6 }),
		authorities: fc.array(record, { maxLength: 6 }),
	});
	it("never throw, and are never secure", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.constantFrom("MX example.org", "DS example.org", "DNSKEY example.org", "DS org", "DNSKEY ."), answer),
				fc.boolean(),
				async (forged, real) => {
					const resolver = {
						async resolve(name: string, type: RecordType): Promise<DnsAnswer> {
							const own = forged[`${type} ${name}`];
							return own ?? (real ? first.resolve(name, type) : { status: "ok", rcode: "NOERROR", answers: [], authorities: [] });
						},
					};
					const { security } = await validateDnssec({ name: "example.org", type: "MX", resolver, anchors: first.anchors, now });
					if (!real || Object.keys(forged).length > 0) expect(security).not.toBe("secure");
				},
			),
			{ numRuns: 400 },
		);
	});
});

describe("what only wants to cost time", () => {
	const mx = [{ preference: 10, exchange: "mx.example.org" }];
	/** Keys with the tag of `like`: two octets of the key make up for the rest. */
	function colliding(like: SigningKey, count: number): SigningKey[] {
		return Array.from({ length: count }, () => {
			for (;;) {
				const key = randomBytes(64);
				for (let last = 0; last < 65536; last += 1) {
					key.writeUInt16BE(last, 62);
					const made = signingKey(13, 256, key, () => randomBytes(64));
					if (made.tag === like.tag) return made;
				}
			}
		});
	}
	it("thousands of keys and signatures end soon, and not secure (KeyTrap)", { timeout: 30_000 }, async () => {
		const like = createSigningKey(13, 256);
		const extraKeys = colliding(like, 12);
		const many = Array.from({ length: 1500 }, () => signingKey(13, 256, randomBytes(64), () => randomBytes(64)));
		const world = signedWorld({
			now,
			zones: [{ name: "org" }, { name: "example.org", records: { "example.org": { MX: mx } }, extraKeys: [...extraKeys, ...many] }],
		});
		const forged = (count: number): DnsRecord[] =>
			Array.from({ length: count }, () => ({
				name: "example.org",
				type: "RRSIG",
				ttl: 1,
				data: {
					...signSet({
						name: "example.org",
						type: "MX",
						list: mx,
						zone: "example.org",
						key: { ...like, sign: () => randomBytes(64) },
						inception: seconds - 1,
						expiration: seconds + 1,
					}),
				},
			}));
		const resolver = world.through((question, answer) =>
			question === "MX example.org" ? { ...answer, answers: [...answer.answers.filter((record) => record.type !== "RRSIG"), ...forged(2000)] } : answer,
		);
		const started = performance.now();
		const result = await validateDnssec({ name: "example.org", type: "MX", resolver, anchors: world.anchors, now });
		expect(result).toMatchObject({ security: "bogus" });
		expect(performance.now() - started).toBeLessThan(3000);
	});
	it("a key tag that several keys share still finds the right one", async () => {
		const world = signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records: { "example.org": { MX: mx } } }] });
		const [own] = world.zone("example.org").zoneSigning;
		if (own === undefined) throw new Error("no key");
		const zone = signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records: { "example.org": { MX: mx } }, extraKeys: [] }] });
		const [signer] = zone.zone("example.org").zoneSigning;
		if (signer === undefined) throw new Error("no key");
		for (const key of colliding(signer, 2)) zone.zone("example.org").add("example.org", "DNSKEY", key.data);
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: zone, anchors: zone.anchors, now })).toMatchObject({ security: "secure" });
	});
	it("a budget that runs out leaves the matter open", async () => {
		const limits = { verifications: 3 };
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: first, anchors: first.anchors, now, limits })).toMatchObject({
			security: "indeterminate",
			reason: "limit_exceeded",
		});
		const [, hashed = first] = worlds;
		expect(
			await validateDnssec({ name: "gone.example.org", type: "MX", resolver: hashed, anchors: hashed.anchors, now, limits: { hashRounds: 4 } }),
		).toMatchObject({ security: "indeterminate", reason: "limit_exceeded" });
		expect(await validateDnssec({ name: "example.org", type: "MX", resolver: first, anchors: first.anchors, now, limits: { questions: 2 } })).toMatchObject({
			security: "indeterminate",
			reason: "limit_exceeded",
		});
	});
	it("a name of 120 labels below dear NSEC3 ends soon", async () => {
		const world = signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records, nsec3: { iterations: 100 } }] });
		const name = `${"a.".repeat(110)}example.org`;
		const started = performance.now();
		expect((await validateDnssec({ name, type: "MX", resolver: world, anchors: world.anchors, now })).security).toBe("secure");
		expect(performance.now() - started).toBeLessThan(3000);
	});
	it("revoked keys and keys that are not the zone's sign nothing", async () => {
		for (const flags of [385, 128 | 256, 1, 0]) {
			const key = createSigningKey(13, flags);
			const world = signedWorld({ now, zones: [{ name: "org" }, { name: "example.org", records: { "example.org": { MX: mx } }, extraKeys: [key] }] });
			const data = signSet({ name: "example.org", type: "MX", list: mx, zone: "example.org", key, inception: seconds - 1, expiration: seconds + 1 });
			const resolver = world.through((question, answer) =>
				question === "MX example.org"
					? { ...answer, answers: [...answer.answers.filter((record) => record.type !== "RRSIG"), { name: "example.org", type: "RRSIG", ttl: 1, data }] }
					: answer,
			);
			expect(await validateDnssec({ name: "example.org", type: "MX", resolver, anchors: world.anchors, now }), String(flags)).toMatchObject({
				security: "bogus",
				reason: "no_key",
			});
		}
	});
	it("a parent's signature below its delegation does not count for the child", async () => {
		const world = signedWorld({
			now,
			zones: [
				{ name: "org" },
				{ name: "example.org", records: { "example.org": { MX: mx } } },
				{ name: "plain.org", signed: false, records: { "www.plain.org": { A: ["192.0.2.1"] } } },
			],
		});
		const proof = await world.resolve("example.org", "DS");
		expect(proof.answers.length).toBeGreaterThan(0);
		// The NSEC of the cut, from the parent, lists NS and DS only: it must not deny what the child holds (RFC 6840 4.1).
		const parent = await world.resolve("exampld.org", "A");
		for (const name of ["example.org", "www.example.org"]) {
			const resolver = world.through((question, answer) =>
				question === `MX ${name}` ? { ...answer, answers: [], authorities: parent.authorities ?? [] } : answer,
			);
			expect((await validateDnssec({ name, type: "MX", resolver, anchors: world.anchors, now })).security, name).toBe("bogus");
		}
		expect(encodeRdata("MX", mx[0], true)?.length).toBe(18);
	});
});
