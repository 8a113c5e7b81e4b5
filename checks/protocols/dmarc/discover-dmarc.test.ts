import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { discoverDmarc } from "./discover-dmarc.ts";
import { organizationalDomain } from "./organizational-domain.ts";
import { walkNames } from "./tree-walk.ts";

/** TXT records at _dmarc under each name; "SERVFAIL" and the like for a fault. */
function zoneOf(records: Record<string, string | string[]>, more: Zone = {}): Zone {
	const zone: Record<string, Zone[string]> = { ...more };
	for (const [name, texts] of Object.entries(records)) zone[`_dmarc.${name}`] = { TXT: texts };
	return zone;
}

const discover = (domain: string, zone: Zone, exists?: boolean) =>
	discoverDmarc(exists === undefined ? { domain, resolver: zoneResolver(zone) } : { domain, resolver: zoneResolver(zone), exists });
const organizational = (domain: string, zone: Zone) => organizationalDomain({ domain, resolver: zoneResolver(zone) });

const deep = "a.b.c.d.e.f.g.h.i.j.mail.example.com";
const eight = [
	`_dmarc.${deep}`,
	"_dmarc.g.h.i.j.mail.example.com",
	"_dmarc.h.i.j.mail.example.com",
	"_dmarc.i.j.mail.example.com",
	"_dmarc.j.mail.example.com",
	"_dmarc.mail.example.com",
	"_dmarc.example.com",
	"_dmarc.com",
];

describe("the names of the walk", () => {
	it("are the eight of the example in RFC 9989 section 4.10", async () => {
		expect(await discover(deep, {})).toEqual({ status: "none", queries: eight, discarded: [], organizationalDomain: deep });
		expect(await organizational(deep, {})).toEqual({ domain: deep, queries: eight });
	});

	it("cut at eight labels, not at seven", () => {
		expect(walkNames("a.b.c.d.e.f.g")).toEqual(["a.b.c.d.e.f.g", "b.c.d.e.f.g", "c.d.e.f.g", "d.e.f.g", "e.f.g", "f.g", "g"]);
		expect(walkNames("a.b.c.d.e.f.g.h").slice(0, 3)).toEqual(["a.b.c.d.e.f.g.h", "b.c.d.e.f.g.h", "c.d.e.f.g.h"]);
		expect(walkNames("a.b.c.d.e.f.g.h.i").slice(0, 3)).toEqual(["a.b.c.d.e.f.g.h.i", "c.d.e.f.g.h.i", "d.e.f.g.h.i"]);
		expect(walkNames("com")).toEqual(["com"]);
	});

	it("are at most eight for any name, each a suffix of the start", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom("a", "bb", "ccc"), { minLength: 1, maxLength: 60 }), (labels) => {
				const start = labels.join(".");
				const names = walkNames(start);
				expect(names.length).toBeLessThanOrEqual(8);
				expect(new Set(names).size).toBe(names.length);
				for (const name of names) expect(start === name || start.endsWith(`.${name}`)).toBe(true);
				expect(names.at(-1)).toBe(labels.at(-1));
			}),
		);
	});
});

describe("policy discovery", () => {
	it("stops at the author domain's own record and takes p, whatever sp and psd say", async () => {
		const zone = zoneOf({ "mail.example.com": "v=DMARC1; p=quarantine; sp=none; np=none", "example.com": "v=DMARC1; p=reject" });
		const result = await discover("Mail.Example.COM.", zone);
		expect(result).toMatchObject({ status: "found", policy: "quarantine", effectivePolicy: "quarantine", policyDomain: "mail.example.com", source: "author" });
		expect(result.queries).toEqual(["_dmarc.mail.example.com"]);
		expect(result.organizationalDomain).toBeUndefined();
	});

	it("takes sp for names that exist and np for names that do not", async () => {
		const zone = zoneOf({ "example.com": "v=DMARC1; p=reject; sp=quarantine; np=none; t=y" }, { "real.example.com": { A: ["192.0.2.1"] } });
		expect(await discover("real.example.com", zone)).toMatchObject({
			policy: "quarantine",
			effectivePolicy: "none",
			organizationalDomain: "example.com",
			source: "organizational",
		});
		expect(await discover("ghost.example.com", zone)).toMatchObject({ policy: "none", effectivePolicy: "none" });
		expect(await discover("ghost.example.com", zone, true)).toMatchObject({ policy: "quarantine" });
		expect(await discover("real.example.com", zone, false)).toMatchObject({ policy: "none" });
		expect((await discover("ghost.example.com", zone)).queries).toEqual(["_dmarc.ghost.example.com", "_dmarc.example.com", "_dmarc.com"]);
	});

	it("treats an empty non-terminal and a name with other types only as existing", async () => {
		const zone = zoneOf(
			{ "example.com": "v=DMARC1; p=reject; np=none" },
			{ "a.ent.example.com": { A: ["192.0.2.1"] }, "txt.example.com": { A: "NXDOMAIN", TXT: ["x"] } },
		);
		expect(await discover("ent.example.com", zone)).toMatchObject({ policy: "reject" });
		expect(await discover("txt.example.com", zone)).toMatchObject({ policy: "reject" });
	});

	it("does not ask whether the name exists when nothing depends on it", async () => {
		const resolver = zoneResolver(zoneOf({ "example.com": "v=DMARC1; p=reject; sp=quarantine" }));
		expect(await discoverDmarc({ domain: "ghost.example.com", resolver })).toMatchObject({ policy: "quarantine" });
		expect(resolver.asked.every((question) => question.startsWith("TXT _dmarc."))).toBe(true);
	});

	it("is an error when existence matters and cannot be asked", async () => {
		const zone = zoneOf({ "example.com": "v=DMARC1; p=reject; np=none" }, { "down.example.com": "SERVFAIL", "half.example.com": { A: "TIMEOUT", TXT: ["x"] } });
		expect(await discover("down.example.com", zone)).toMatchObject({ status: "error", code: "servfail" });
		expect((await discover("down.example.com", zone)).policy).toBeUndefined();
		expect(await discover("half.example.com", zone)).toMatchObject({ status: "found", policy: "reject" });
	});

	it("uses the record with the fewest labels, not the nearest", async () => {
		const zone = zoneOf({ "b.example.com": "v=DMARC1; p=none; sp=none", "example.com": "v=DMARC1; p=reject; sp=quarantine" });
		expect(await discover("a.b.example.com", zone)).toMatchObject({ policyDomain: "example.com", policy: "quarantine", organizationalDomain: "example.com" });
	});

	it("stops at psd=n", async () => {
		const zone = zoneOf({ "b.example.com": "v=DMARC1; p=quarantine; psd=N", "example.com": "v=DMARC1; p=reject" });
		expect(await discover("a.b.example.com", zone)).toMatchObject({
			policyDomain: "b.example.com",
			policy: "quarantine",
			organizationalDomain: "b.example.com",
			queries: ["_dmarc.a.b.example.com", "_dmarc.b.example.com"],
		});
	});

	it("uses a public suffix record only where the organizational domain has none", async () => {
		const suffix = { "bank.example": "v=DMARC1; p=reject; sp=quarantine; psd=y" };
		expect(await discover("mail.clinic.bank.example", zoneOf(suffix))).toMatchObject({
			policyDomain: "bank.example",
			source: "public_suffix",
			policy: "quarantine",
			organizationalDomain: "clinic.bank.example",
			queries: ["_dmarc.mail.clinic.bank.example", "_dmarc.clinic.bank.example", "_dmarc.bank.example"],
		});
		const both = zoneOf({ ...suffix, "clinic.bank.example": "v=DMARC1; p=none" });
		expect(await discover("mail.clinic.bank.example", both)).toMatchObject({ policyDomain: "clinic.bank.example", policy: "none", source: "organizational" });
		expect(await discover("clinic.bank.example", zoneOf(suffix))).toMatchObject({
			policyDomain: "bank.example",
			organizationalDomain: "clinic.bank.example",
			policy: "quarantine",
		});
		// A record between the author and the organizational domain is neither's nor the suffix's: it is not used.
		const between = zoneOf({ ...suffix, "b.clinic.bank.example": "v=DMARC1; p=none" });
		expect(await discover("a.b.clinic.bank.example", between)).toMatchObject({ policyDomain: "bank.example", organizationalDomain: "clinic.bank.example" });
	});

	it("finds the public suffix record of a deep name past the cut", async () => {
		expect(await discover(deep, zoneOf({ com: "v=DMARC1; p=none; psd=y" }))).toMatchObject({
			status: "found",
			policyDomain: "com",
			organizationalDomain: "example.com",
			queries: eight,
		});
	});

	it("discards several records at one name and goes on", async () => {
		const zone = zoneOf({ "mail.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=reject", "noise"], "example.com": "v=DMARC1; p=quarantine" });
		const result = await discover("mail.example.com", zone);
		expect(result).toMatchObject({ policyDomain: "example.com", policy: "quarantine" });
		expect(result.discarded).toEqual([{ domain: "mail.example.com", texts: ["v=DMARC1; p=none", "v=DMARC1; p=reject"], reason: "several" }]);
		expect(await discover("example.com", zoneOf({ "example.com": ["v=DMARC1; p=reject", "v=DMARC1; p=reject"] }))).toMatchObject({ status: "none" });
		// Discarded records do not stop the walk either.
		expect((await discover("a.example.com", zoneOf({ "example.com": ["v=DMARC1; psd=n; p=none", "v=DMARC1; psd=n; p=none"] }))).queries).toHaveLength(3);
	});

	it("looks at all TXT records and joins strings of one record only", async () => {
		const zone: Zone = {
			"_dmarc.example.com": { TXT: ["v=spf1 -all", ["v=DM", "ARC1; p=rej", "ect"], ...Array.from({ length: 62 }, (_, i) => `token=${i}`)] },
		};
		expect(await discover("example.com", zone)).toMatchObject({ status: "found", policy: "reject", record: "v=DMARC1; p=reject" });
		expect(await discover("example.com", { "_dmarc.example.com": { TXT: ["v=DM", "ARC1; p=reject"] } })).toMatchObject({ status: "none" });
	});

	it("follows aliases, and never calls a loop or a fault absence", async () => {
		const zone: Zone = {
			"_dmarc.example.com": { CNAME: "dmarc.vendor.example" },
			"dmarc.vendor.example": { TXT: ["v=DMARC1; p=reject"] },
			"_dmarc.loop.example": { CNAME: "loop.example" },
			"loop.example": { CNAME: "_dmarc.loop.example" },
		};
		expect(await discover("example.com", zone)).toMatchObject({ status: "found", policy: "reject" });
		expect(await discover("loop.example", zone)).toMatchObject({ status: "error", code: "cname_loop" });
	});

	it.each([
		["SERVFAIL", "servfail"],
		["TIMEOUT", "timeout"],
		["REFUSED", "refused"],
		["TRUNCATED", "truncated"],
		["MALFORMED", "malformed"],
		["NOTIMP", "protocol_error"],
	])("is an error on %s anywhere on the walk", async (fault, code) => {
		for (const name of ["a.b.example.com", "b.example.com", "com"]) {
			const zone = zoneOf({ "example.com": "v=DMARC1; p=reject", [name]: fault });
			const result = await discover("a.b.example.com", zone);
			expect(result).toMatchObject({ status: "error", code });
			expect(result.policy).toBeUndefined();
			expect(result.queries.at(-1)).toBe(`_dmarc.${name}`);
			expect(await organizational("a.b.example.com", zone)).toMatchObject({ code });
		}
	});

	it("gives none, and keeps the text, where the record that applies has no usable policy", async () => {
		const zone = zoneOf({ "mail.example.com": "v=DMARC1; p=rej", "example.com": "v=DMARC1; p=reject" });
		const result = await discover("mail.example.com", zone);
		expect(result).toMatchObject({ status: "none", queries: ["_dmarc.mail.example.com"], discarded: [{ reason: "no_policy", texts: ["v=DMARC1; p=rej"] }] });
		expect(await discover("example.com", zoneOf({ "example.com": "v=DMARC1; rua=mailto:d@example.com" }))).toMatchObject({ status: "found", policy: "none" });
	});

	it.each(["", ".", "a..b", `${"l".repeat(64)}.example.com`, "abcdefg.".repeat(40), "a b.example"])(
		"says malformed for %j and asks nothing",
		async (domain) => {
			const resolver = zoneResolver({});
			expect(await discoverDmarc({ domain, resolver })).toEqual({ status: "error", code: "malformed", queries: [], discarded: [] });
			expect(await organizationalDomain({ domain, resolver })).toMatchObject({ code: "malformed", queries: [] });
			expect(resolver.asked).toEqual([]);
		},
	);

	it("skips a _dmarc name that is too long to exist", async () => {
		const domain = `${"a".repeat(59)}.${"b".repeat(59)}.${"c".repeat(59)}.${"d".repeat(59)}.example`;
		expect(domain.length).toBe(247);
		const result = await discover(domain, zoneOf({ example: "v=DMARC1; p=reject; psd=y" }));
		expect(result).toMatchObject({ status: "found", policyDomain: "example" });
		expect(result.queries).not.toContain(`_dmarc.${domain}`);
	});

	it("never throws, whatever the records and the name", async () => {
		const record = fc.oneof(
			fc.constantFrom("v=DMARC1; p=reject", "v=DMARC1; p=none; psd=y", "v=DMARC1; p=none; psd=n", "v=DMARC1", "v=DMARC1; p=x", "v=spf1 -all"),
			fc.string({ unit: "binary" }),
			fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("latin1")),
		);
		const names = ["a.b.example.com", "b.example.com", "example.com", "com"];
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.constantFrom(...names), fc.array(record, { maxLength: 3 }))),
				fc.oneof(fc.constantFrom(...names), fc.string({ unit: "binary" })),
				async (entries, domain) => {
					const zone = zoneOf(Object.fromEntries(entries.map(([name, texts]) => [name, texts])));
					const result = await discover(domain, zone);
					expect(result.queries.length).toBeLessThanOrEqual(8);
					expect(result.status === "found").toBe(result.effectivePolicy !== undefined);
					expect(result.status === "error").toBe(result.code !== undefined);
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe("organizational domain", () => {
	it.each<[string, string, Record<string, string>]>([
		["a.mail.example.com", "example.com", { "mail.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=none" }],
		["a.mail.example.com", "mail.example.com", { "mail.example.com": "v=DMARC1; p=none; psd=n", "example.com": "v=DMARC1; p=none" }],
		["a.mail.example.com", "example.com", { com: "v=DMARC1; p=none; psd=y" }],
		["a.mail.example.com", "mail.example.com", { "example.com": "v=DMARC1; p=none; psd=y" }],
		["a.mail.example.com", "a.mail.example.com", {}],
		// psd=y at the start stops the walk there and does not count as a suffix.
		["bank.example", "bank.example", { "bank.example": "v=DMARC1; p=none; psd=y", example: "v=DMARC1; p=none" }],
		// A record without a usable policy still marks its name.
		["a.example.com", "example.com", { "example.com": "v=DMARC1; p=oops" }],
		// psd values that are not y, n or u count as u.
		["a.b.example.com", "example.com", { "b.example.com": "v=DMARC1; p=none; psd=yes", "example.com": "v=DMARC1; p=none" }],
	])("of %s is %s", async (start, expected, records) => {
		const result = await organizational(start, zoneOf(records));
		expect(result.domain).toBe(expected);
		expect(result.code).toBeUndefined();
		expect(result.queries[0]).toBe(`_dmarc.${start}`);
	});
});
