import { describe, expect, it } from "vitest";
import { problemsOf } from "./fixtures/problems.ts";
import { attestationYaml, baaYaml, waiverYaml } from "./fixtures/register.ts";

describe("problems over files", () => {
	it("reports an id used twice at the second place", async () => {
		expect(await problemsOf({ "a.yaml": waiverYaml, "b/c.yml": waiverYaml })).toEqual([
			expect.stringMatching(/^records\/b\/c\.yml:3:9: error REC-106 records\[0\]\.id: id used twice; the other one stands at .*records\/a\.yaml:3$/),
		]);
	});
	it("reports one host in two agreements in force, whatever its case, and not in agreements that follow each other", async () => {
		const other = baaYaml.replace("vendor-1", "vendor-2").replace("[vendor.example]", "[other.example, VENDOR.example.]");
		expect(await problemsOf({ "a.yaml": baaYaml, "b.yaml": other })).toEqual([
			expect.stringMatching(
				/^records\/b\.yaml:14:28: error REC-106 records\[0\]\.hosts\[1\]: the same host stands in two agreements in force at the same time; the other one stands at .*a\.yaml:3$/,
			),
		]);
		const later = other
			.replace("effectiveOn: 2025-01-01", "effectiveOn: 2028-01-01")
			.replace("endsOn: 2027-12-31", "endsOn: 2028-06-30")
			.replace("2033-12-31", "2034-06-30");
		expect(await problemsOf({ "a.yaml": baaYaml, "b.yaml": later })).toEqual([]);
		expect(await problemsOf({ "a.yaml": baaYaml, "b.yaml": other.replace("status: executed", "status: draft") })).toEqual([]);
	});
	it("prints all problems of all files, in order, in one pass", async () => {
		const wrong = baaYaml
			.replace("2025-01-02", "yesterday")
			.replace("breachNoticeDays: 30", "breachNoticeDays: 30.5")
			.replace("email: security@clinic.example", "email: none")
			.replace("vendor.example", "com")
			.replace("status: executed", "status: done")
			.replace("notes: plain", "nots: plain")
			.replace("endsOn: 2027-12-31", "endsOn: 2020-01-01");
		const found = await problemsOf({ "b.yaml": wrong, "a.yaml": "[", "c.yaml": attestationYaml.replace("met", "mett") });
		expect(found.map((line) => line.replace(/: .*?(REC-\d+).*/, " $1"))).toEqual([
			expect.stringMatching(/^records\/a\.yaml.* REC-100$/),
			"records/b.yaml:4:16 REC-104",
			"records/b.yaml:6:70 REC-104",
			"records/b.yaml:8:13 REC-103",
			"records/b.yaml:12:13 REC-105",
			"records/b.yaml:14:13 REC-104",
			"records/b.yaml:15:23 REC-104",
			"records/b.yaml:21:5 REC-101",
			"records/c.yaml:8:14 REC-103",
		]);
	});
});
