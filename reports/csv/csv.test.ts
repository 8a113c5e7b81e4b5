import { describe, expect, it } from "vitest";
import { states } from "../../model/result.ts";
import { resultDocument, resultItem } from "../testing/result-builder.ts";
import { filesOf, sampleDocuments } from "../testing/samples.ts";
import { writer } from "./index.ts";

/** RFC 4180, section 2. */
function parse(text: string): string[][] {
	expect(text.startsWith("\uFEFF")).toBe(true);
	const rows: string[][] = [];
	for (const line of text.slice(1).split("\r\n").slice(0, -1))
		rows.push([...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((match) => (match[1] ?? "").replaceAll('""', '"')));
	return rows;
}

describe("results.csv", () => {
	it("has one row of 31 fields per result, and the same counts by state", () => {
		for (const [, result] of sampleDocuments()) {
			const [head = [], ...rows] = parse(filesOf(writer, result).get("results.csv") ?? "");
			expect(head).toHaveLength(31);
			expect(rows.every((row) => row.length === 31)).toBe(true);
			expect(rows.length).toBe(result.results.length);
			const state = head.indexOf("status");
			for (const wanted of states)
				expect(rows.filter((row) => row[state] === wanted).length).toBe(result.results.filter((item) => item.state === wanted).length);
		}
	});

	it("makes no formula of text from outside", () => {
		for (const text of ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "\u0000=1"]) {
			const result = resultDocument([resultItem({ check: "a.b", resource: text, message: text, observed: text, status: "fail" })], []);
			for (const content of filesOf(writer, result).values()) {
				for (const row of parse(content).slice(1)) for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
			}
		}
	});

	it("names account, Region and waiver", () => {
		const arn = "arn:aws:ses:eu-west-1:123456789012:configuration-set/a";
		const result = resultDocument([resultItem({ check: "a.b", resource: arn, status: "fail", disposition: "waived", waiver: "W-1" })], [], {
			records: { waivers: [{ id: "W-1", expiresOn: "2027-03-01" }] },
		});
		const [head = [], row = []] = parse(filesOf(writer, result).get("results.csv") ?? "");
		const at = (name: string): string | undefined => row[head.indexOf(name)];
		expect([at("resource_type"), at("account"), at("region"), at("waiver_expires"), at("status"), at("raw_status")]).toEqual([
			"arn",
			"123456789012",
			"eu-west-1",
			"2027-03-01",
			"exception",
			"fail",
		]);
	});
});
