import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readMailReports } from "./index.ts";

const root = join(import.meta.dirname, "../../..");
const folder = resolve(root, process.env.MAILWARD_SHARED ?? "../shared", "conformance/parsedmarc-samples");
const found = existsSync(folder);
if (!found) console.log("skipped: the sample reports are not there; set MAILWARD_SHARED");

/** Rows and messages by the start of the file name; all others have one of each. refused: not well-formed. */
const dmarc: Readonly<Record<string, [number, number] | "refused">> = {
	"!large-example.com": [2286, 2286],
	"rfc9990-sample": [1, 123],
	"rfc9990-example.net": [2, 7],
	empty_reason: [1, 2],
	old_draft_from_wiki: [1, 2],
	"usssa.com": [2, 2],
	"ikea.com": "refused",
	invalid_utf_8: "refused",
	invalid_xml: "refused",
};
/** Sessions that succeeded and failed, and failure details. */
const tls: Readonly<Record<string, [number, number, number]>> = {
	"rfc8460.json": [5326, 303, 3],
	"smtp_tls.json": [0, 3, 2],
	"mail.ru.json": [0, 1, 2],
	"google.com_smtp_tls_report.eml": [48, 0, 0],
};
const tally = { dmarc: 0, tls: 0, refused: 0, rows: 0 };

describe.skipIf(!found)("sample reports", () => {
	const files = (name: string): string[] => (found ? readdirSync(join(folder, name)).map((file) => join(name, file)) : []);

	it.each([...files("aggregate"), ...files("aggregate_invalid")])("%s", async (file) => {
		const reports = await readMailReports(readFileSync(join(folder, file)));
		expect(reports).toHaveLength(1);
		const [report] = reports;
		const name = file.slice(file.indexOf("/") + 1);
		const want = Object.entries(dmarc).find(([start]) => name.startsWith(start))?.[1] ?? [1, 1];
		if (want === "refused") {
			tally.refused += 1;
			expect(report).toMatchObject({ kind: "dmarc", ok: false, error: { code: "malformed" } });
			return;
		}
		if (report?.kind !== "dmarc" || !report.ok) throw new Error(JSON.stringify(report));
		const { records, messages, rows, notes, form } = report.report;
		expect([records, messages]).toEqual(want);
		let sum = 0;
		for (const row of rows) sum += row.count;
		expect(sum).toBe(messages);
		expect(form).toBe(name.startsWith("rfc9990-sample") ? "rfc9990" : "rfc7489");
		expect(notes).toEqual(name.startsWith("report_with_upper") ? ["values_not_lower_case"] : []);
		tally.dmarc += 1;
		tally.rows += records;
	});

	it.each(files("smtp_tls"))("%s", async (file) => {
		const [report, ...more] = await readMailReports(readFileSync(join(folder, file)));
		if (report?.kind !== "tls" || !report.ok) throw new Error(JSON.stringify(report));
		expect(more).toEqual([]);
		const { successful, failed, details } = report.report;
		expect([successful, failed, details]).toEqual(tls[file.slice(file.indexOf("/") + 1)]);
		tally.tls += 1;
	});

	it("reads what RFC 9990 added", async () => {
		const [report] = await readMailReports(readFileSync(join(folder, "aggregate/rfc9990-sample.xml")));
		expect(report).toMatchObject({
			report: {
				generator: "Example DMARC Aggregate Reporter v1.2",
				policy: { domain: "example.com", p: "quarantine", sp: "none", np: "none", testing: "n", discoveryMethod: "treewalk" },
				rows: [{ sourceIp: "192.0.2.123", count: 123, dkim: "pass", spf: "fail", disposition: "pass", dkimDomains: ["example.com"], spfDomains: [] }],
			},
		});
	});
});

afterAll(() => {
	if (found) console.log(`sample reports: ${tally.dmarc} DMARC with ${tally.rows} rows, ${tally.tls} TLS, ${tally.refused} refused as not well-formed`);
});
