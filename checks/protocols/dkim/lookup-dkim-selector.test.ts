import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { defaultSelectors, wildcardProbeSelector } from "./default-selectors.ts";
import { lookupDkimSelector } from "./lookup-dkim-selector.ts";

const ed25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const lookup = (zone: Zone, selector = "s1", domain = "example.com") => lookupDkimSelector({ domain, selector, resolver: zoneResolver(zone) });
const at = "s1._domainkey.example.com";

const commonSelectors = resolve(join(process.env.MAILWARD_SHARED ?? "../shared", "conformance/dkim-selectors/dkim.lst"));
if (!existsSync(commonSelectors)) console.log("skipped: conformance/dkim-selectors/dkim.lst is not there (set MAILWARD_SHARED)");

describe("lookup of a selector", () => {
	it("reads a key, strings of one record joined", async () => {
		const result = await lookup({ [at]: { TXT: [["v=DKIM1; k=ed25519; ", "p=11qYAYKxCrfVS/7TyWQHOg7hcv", "PapiMlrwIaaPcHURo="]] } }, "S1", "Example.com.");
		expect(result).toMatchObject({
			status: "found",
			name: at,
			chain: [],
			dangling: false,
			recordCount: 1,
			records: [ed25519],
			key: { valid: true, keyType: "ed25519" },
		});
	});

	it("follows a delegation and shows every step", async () => {
		const zone: Zone = {
			[at]: { CNAME: "S1.domainkey.u1.vendor.example." },
			"s1.domainkey.u1.vendor.example": { CNAME: "k.vendor.example" },
			"k.vendor.example": { TXT: [ed25519] },
		};
		expect(await lookup(zone)).toMatchObject({
			status: "found",
			chain: ["s1.domainkey.u1.vendor.example", "k.vendor.example"],
			dangling: false,
			key: { valid: true },
		});
	});

	it("tells a broken delegation from a selector that is not there", async () => {
		expect(await lookup({ [at]: { CNAME: "gone.vendor.example" } })).toMatchObject({
			status: "absent",
			rcode: "NXDOMAIN",
			chain: ["gone.vendor.example"],
			dangling: true,
		});
		expect(await lookup({ [at]: { CNAME: "v.example" }, "v.example": { A: ["192.0.2.1"] } })).toMatchObject({
			status: "absent",
			rcode: "NOERROR",
			dangling: true,
		});
		expect(await lookup({})).toMatchObject({ status: "absent", rcode: "NXDOMAIN", chain: [], dangling: false, recordCount: 0 });
		expect(await lookup({ [at]: { A: ["192.0.2.1"] } })).toMatchObject({ status: "absent", rcode: "NOERROR", dangling: false });
	});

	it.each([
		["SERVFAIL", "servfail"],
		["TIMEOUT", "timeout"],
		["REFUSED", "refused"],
		["TRUNCATED", "truncated"],
	] as const)("never reads %s as absent", async (fault, code) => {
		expect(await lookup({ [at]: fault })).toMatchObject({ status: "error", code, keys: [] });
		expect(await lookup({ [at]: { CNAME: "v.example" }, "v.example": fault })).toMatchObject({ status: "error", code });
	});

	it("ends on a loop of aliases", async () => {
		const result = await lookup({ [at]: { CNAME: "a.example" }, "a.example": { CNAME: "b.example" }, "b.example": { CNAME: "a.example" } });
		expect(result).toMatchObject({ status: "error", code: "cname_loop", chain: ["a.example", "b.example", "a.example"] });
	});

	it("draws no conclusion from NXDOMAIN at _domainkey", async () => {
		expect(await lookup({ "_domainkey.example.com": "NXDOMAIN", [at]: { TXT: [ed25519] } })).toMatchObject({ status: "found" });
	});

	it("counts several records and picks none of several keys", async () => {
		const two = await lookup({ [at]: { TXT: [ed25519, "v=DKIM1; p="] } });
		expect(two).toMatchObject({ status: "found", recordCount: 2, keys: [{ revoked: false }, { revoked: true }] });
		expect(two.key).toBeUndefined();
		expect(await lookup({ [at]: { TXT: ["token=1", ed25519] } })).toMatchObject({
			status: "found",
			recordCount: 2,
			keys: [{ valid: true }],
			key: { valid: true },
		});
	});

	it("does not take what a wildcard TXT answers for a key", async () => {
		expect(await lookup({ "*.example.com": { TXT: ["v=spf1 -all"] } })).toMatchObject({ status: "absent", recordCount: 1, keys: [] });
		expect(await lookup({ "*._domainkey.example.com": { TXT: ["v=DKIM1; p="] } })).toMatchObject({ status: "found", key: { revoked: true } });
	});

	it("finds a wildcard with a selector that nobody publishes", async () => {
		expect(await lookup({ "*._domainkey.example.com": { CNAME: "gone.example" } }, wildcardProbeSelector)).toMatchObject({ status: "absent", dangling: true });
		expect(await lookup({ [at]: { TXT: [ed25519] } }, wildcardProbeSelector)).toMatchObject({ status: "absent", dangling: false });
	});

	it("shows a broken key as found and broken", async () => {
		expect(await lookup({ [at]: { TXT: ["v=DKIM1; p=\u00ff\0"] } })).toMatchObject({ status: "found", key: { valid: false } });
	});

	it.each([
		["", "example.com"],
		["a..b", "example.com"],
		["l".repeat(64), "example.com"],
		["s1", "abcdefg.".repeat(35)],
		["s 1", "example.com"],
	])("says malformed for selector %j of %j", async (selector, domain) => {
		const resolver = zoneResolver({});
		expect(await lookupDkimSelector({ domain, selector, resolver })).toMatchObject({ status: "error", code: "malformed" });
		expect(resolver.asked).toEqual([]);
	});
});

describe("default selectors", () => {
	it("are few, distinct and askable", () => {
		expect(defaultSelectors.length).toBeLessThanOrEqual(30);
		expect(new Set(defaultSelectors).size).toBe(defaultSelectors.length);
		for (const selector of defaultSelectors) expect(selector).toMatch(/^[a-z0-9]+$/);
	});

	it.skipIf(!existsSync(commonSelectors))("cover a good part of the common selectors", () => {
		const common = readFileSync(commonSelectors, "utf8")
			.split(/\s+/)
			.filter((line) => line !== "");
		const hits = common.filter((selector) => defaultSelectors.includes(selector));
		console.log(
			`default selectors: ${defaultSelectors.length} names find ${hits.length} of ${common.length} common selectors (recall ${((100 * hits.length) / common.length).toFixed(0)} %)`,
		);
		expect(common.length).toBeGreaterThanOrEqual(46);
		expect(hits.length).toBeGreaterThanOrEqual(18);
	});
});
