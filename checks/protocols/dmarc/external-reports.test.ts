import { describe, expect, it } from "vitest";
import { type Zone, zoneResolver } from "../testing/zone-resolver.ts";
import { authorizesExternalReports, checkReportDestinations } from "./external-reports.ts";
import { parseDmarc } from "./parse-dmarc.ts";

const ask = (zone: Zone, domain = "blue.example.com", destination = "red.example.net", tag: "rua" | "ruf" = "rua") =>
	authorizesExternalReports({ domain, destination, resolver: zoneResolver(zone), tag });
const name = "blue.example.com._report._dmarc.red.example.net";

describe("authorization of external reports, RFC 9990 section 4", () => {
	it("asks <owner>._report._dmarc.<destination>", async () => {
		const resolver = zoneResolver({ [name]: { TXT: ["v=DMARC1"] } });
		expect(await authorizesExternalReports({ domain: "Blue.example.com.", destination: "RED.example.net", resolver })).toEqual({
			status: "authorized",
			name,
			records: ["v=DMARC1"],
			override: [],
		});
		expect(resolver.asked).toEqual([`TXT ${name}`]);
	});

	it("is not satisfied by the name without the owner", async () => {
		expect(await ask({ "_report._dmarc.red.example.net": { TXT: ["v=DMARC1"] } })).toMatchObject({ status: "not_authorized", reason: "no_record" });
	});

	it("takes a wildcard, several records and records without p", async () => {
		expect(await ask({ "*._report._dmarc.red.example.net": { TXT: ["v=DMARC1;"] } })).toMatchObject({ status: "authorized" });
		expect(await ask({ [name]: { TXT: ["junk", "v=DMARC1", "v=DMARC1;"] } })).toMatchObject({ status: "authorized", records: ["v=DMARC1", "v=DMARC1;"] });
	});

	it.each(["v=dmarc1", "v=spf1 -all", "DMARC1", "v=DMARC10", ""])("does not take %j", async (text) => {
		expect(await ask({ [name]: { TXT: [text] } })).toMatchObject({ status: "not_authorized", reason: "no_record" });
	});

	it("keeps faults apart from a refusal", async () => {
		expect(await ask({ [name]: "SERVFAIL" })).toMatchObject({ status: "error", code: "servfail" });
		expect(await ask({ [name]: "TIMEOUT" })).toMatchObject({ status: "error", code: "timeout" });
		expect(await ask({ [name]: { CNAME: name } })).toMatchObject({ status: "error", code: "cname_loop" });
		expect(await ask({}, "a..b")).toMatchObject({ status: "error", code: "malformed" });
	});

	it("reads an override, which must stay on the same host", async () => {
		expect(await ask({ [name]: { TXT: ["v=DMARC1; rua=mailto:other@red.example.net"] } })).toMatchObject({
			status: "authorized",
			override: [{ address: "other@red.example.net" }],
		});
		const away = { [name]: { TXT: ["v=DMARC1; rua=mailto:x@third.example"] } };
		expect(await ask(away)).toMatchObject({ status: "not_authorized", reason: "override_other_host" });
		expect(await ask(away, undefined, undefined, "ruf")).toMatchObject({ status: "authorized" });
		expect(await ask({ [name]: { TXT: ["v=DMARC1; rua=broken"] } })).toMatchObject({ status: "authorized", override: [] });
	});

	it("does not confirm a name over the limits of DNS", async () => {
		const long = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example.com`;
		expect(await ask({}, long, `${"d".repeat(60)}.example.net`)).toMatchObject({ status: "not_authorized", reason: "name_too_long" });
	});
});

describe("report destinations of a record", () => {
	const zone: Zone = {
		"_dmarc.example.com": { TXT: ["v=DMARC1; p=reject"] },
		"_dmarc.vendor.example": { TXT: ["v=DMARC1; p=reject"] },
		"example.com._report._dmarc.in.vendor.example": { TXT: ["v=DMARC1"] },
		"_dmarc.broken.example": "SERVFAIL",
	};
	const check = (tags: string, more: Zone = {}) =>
		checkReportDestinations({ policyDomain: "example.com", record: parseDmarc(`v=DMARC1; p=reject; ${tags}`), resolver: zoneResolver({ ...zone, ...more }) });

	it("tells inside, agreed, not agreed and unknown apart", async () => {
		const result = await check(
			"rua=mailto:a@example.com,mailto:b@reports.example.com,mailto:c@in.vendor.example; ruf=mailto:d@nobody.example,mailto:e@broken.example,bad",
		);
		expect(result.map((item) => [item.tag, item.uri.host, item.status])).toEqual([
			["rua", "example.com", "internal"],
			["rua", "reports.example.com", "internal"],
			["rua", "in.vendor.example", "authorized"],
			["ruf", "nobody.example", "not_authorized"],
			["ruf", "broken.example", "error"],
			["ruf", undefined, "unsupported"],
		]);
		expect(result[4]?.code).toBe("servfail");
	});

	it("bounds the questions for a record with thousands of addresses", async () => {
		const resolver = zoneResolver(zone);
		const record = parseDmarc(`v=DMARC1; p=reject; rua=${Array.from({ length: 2000 }, (_, i) => `mailto:a@h${i}.example`).join(",")}`);
		const result = await checkReportDestinations({ policyDomain: "example.com", record, resolver });
		expect(result).toHaveLength(2000);
		expect(result.at(-1)).toMatchObject({ status: "error", code: "too_large" });
		expect(resolver.asked.length).toBeLessThan(200);
	});
});
