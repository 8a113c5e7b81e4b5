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
	const owner = "owner: {name: Ann Lee, role: Officer}";
	it.each<[string, string, string[]]>([
		["contained first", "occurredAt: '2026-01-02T09:00:00-05:00', containedAt: '2026-01-01T09:00:00-05:00'", ["records[0].containedAt"]],
		["closed before it was discovered", "closedOn: 2026-01-01", ["records[0].closedOn"]],
		["closed on the day, as other zones have it", "closedOn: 2026-01-02", []],
		["assessed before", "assessment: {probability: not_low, assessedOn: 2025-12-31, assessedBy: {name: Ann Lee}}", ["records[0].assessment.assessedOn"]],
		["told before", "notices: [{to: hhs, sentOn: 2026-01-01, method: web}]", ["records[0].notices[0].sentOn"]],
		[
			"a delay that ends first",
			"lawEnforcementDelay: {form: oral, from: 2026-02-02, until: 2026-02-01, official: Agent}",
			["records[0].lawEnforcementDelay.until"],
		],
	])("reports dates of an incident that are out of order: %s", async (_name, more, fields) => {
		const incident = `schema: mailward/incident/v1\nrecords:\n- {id: i-1, createdOn: 2026-01-02, ${owner}, title: Mail, kind: other, discoveredAt: '2026-01-03T05:00:00+05:00', ${more}}\n`;
		const found = await problemsOf({ "i.yaml": incident });
		expect(found.map((line) => /REC-105 (\S+): dates out of order/.exec(line)?.[1])).toEqual(fields);
	});
	it("reports a period without media that ends first", async () => {
		const facility = `schema: mailward/facility/v1\nrecords:\n- {id: f-1, createdOn: 2026-01-02, ${owner}, kind: media_disposal, what: none, on: 2026-01-02, noneBetween: {from: 2026-02-01, to: 2026-01-01}}\n`;
		expect(await problemsOf({ "f.yaml": facility })).toEqual([expect.stringMatching(/REC-105 records\[0\]\.noneBetween\.to: dates out of order/)]);
	});
	it("reports one version of a course with two contents, and not two versions", async () => {
		const training = (id: string, version: string, hash: string): string =>
			`schema: mailward/training/v1\nrecords:\n- {id: ${id}, createdOn: 2026-01-02, ${owner}, person: {name: Bo Ray, hiredOn: 2025-01-01}, course: {id: mail, title: Mail, contentVersion: "${version}", contentSha256: "${hash.repeat(64)}"}}\n`;
		expect(await problemsOf({ "a.yaml": training("t-1", "1", "a"), "b.yaml": training("t-2", "1", "b") })).toEqual([
			expect.stringMatching(
				/^records\/b\.yaml.*REC-106 records\[0\]\.course\.contentSha256: this version of the course has another hash; the other one stands at .*a\.yaml/,
			),
		]);
		expect(await problemsOf({ "a.yaml": training("t-1", "1", "a"), "b.yaml": training("t-2", "2", "b"), "c.yaml": training("t-3", "1", "a") })).toEqual([]);
	});
});
