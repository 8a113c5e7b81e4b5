import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DmarcReport, dmarcNamespace, parseDmarcReport } from "./index.ts";
import { defaultLimits } from "./limits.ts";
import { dmarcXml, type RowSpec } from "./testing/report-builders.ts";

async function parsed(xml: string): Promise<DmarcReport> {
	const result = await parseDmarcReport(Buffer.from(xml));
	if (!result.ok) throw new Error(result.error.message);
	return result.report;
}

async function refusal(xml: string | Buffer, limits = defaultLimits): Promise<string> {
	const result = await parseDmarcReport(Buffer.from(xml), limits);
	return result.ok ? "read" : `${result.error.code}: ${result.error.message}`;
}

const auth = (dkim: string, spf: string, results = "pass"): string =>
	`<dkim><domain>${dkim}</domain><selector>s</selector><result>${results}</result></dkim><spf><domain>${spf}</domain><result>${results}</result></spf>`;

describe("DMARC aggregate reports", () => {
	it("adds up rows that say the same of one source", async () => {
		const report = await parsed(
			dmarcXml([
				{ ip: "192.0.2.1", count: 3, auth: auth("example.org", "a.example") },
				{ ip: "192.0.2.1", count: 4, auth: auth("B.example.", "a.example") },
				{ ip: "192.0.2.1", count: 5, dkim: "fail" },
				{ ip: "2001:DB8:0::1", count: 6, disposition: "reject" },
				{ ip: "2001:db8::1", count: 7, disposition: "reject" },
			]),
		);
		expect(report).toMatchObject({ records: 5, messages: 25, organization: "Receiver", reportId: "id-1", begin: "2026-11-21T00:00:00.000Z", notes: [] });
		expect(report.rows.map(({ sourceIp, count, dkim, dkimDomains, spfDomains }) => [sourceIp, count, dkim, dkimDomains, spfDomains])).toEqual([
			["192.0.2.1", 7, "pass", ["example.org", "b.example"], ["a.example"]],
			["192.0.2.1", 5, "fail", [], []],
			["2001:db8::1", 13, "pass", [], []],
		]);
	});

	it("keeps no other text than tags have in the policy", async () => {
		const { policy } = await parsed(dmarcXml([{}]).replace("<p>reject</p>", "<p>Jane Doe</p><sp>quarantine</sp><fo>1:d:s</fo>"));
		expect(policy).toMatchObject({ p: null, sp: "quarantine", fo: "1:d:s" });
	});

	it("keeps only domains that passed", async () => {
		const { rows } = await parsed(dmarcXml([{ auth: auth("a.example", "b.example", "fail") }]));
		expect(rows[0]).toMatchObject({ dkimDomains: [], spfDomains: [] });
	});

	it.each([
		["<feedback>", "rfc7489", []],
		[`<feedback xmlns="${dmarcNamespace}">`, "rfc9990", []],
		[`<d:feedback xmlns:d="${dmarcNamespace}">`, "rfc9990", ["no_records"]],
		['<feedback xmlns="http://dmarc.org/dmarc-xml/0.1">', "rfc7489", []],
		['<feedback xmlns="urn:other">', "rfc7489", ["unknown_namespace"]],
	])("knows the form of %s", async (root, form, notes) => {
		const xml = dmarcXml([{}], { root });
		if (root.startsWith("<d:")) {
			// Elements without the prefix are in no namespace: nothing of the report is there.
			expect(await refusal(xml)).toMatch(/names no domain/);
			expect(await parsed(xml.replaceAll(/<(\/?)(?=[a-z_]+>)/g, "<$1d:"))).toMatchObject({ form, records: 1 });
			return;
		}
		expect(await parsed(xml)).toMatchObject({ form, notes });
	});

	it("reads over extensions, whatever they hold", async () => {
		const extra =
			'<extension xmlns="urn:x"><record><row><source_ip>not an address</source_ip></row></record></extension><y:record xmlns:y="urn:y"><y:row/></y:record>';
		expect(await parsed(dmarcXml([{}], { extra }))).toMatchObject({ records: 1, messages: 1 });
	});

	it.each<[string, RowSpec, Partial<DmarcReport["rows"][number]>, string[]]>([
		["upper case", { dkim: "Pass", spf: "FAIL", disposition: "None" }, { dkim: "pass", spf: "fail", disposition: "none" }, ["values_not_lower_case"]],
		["another result than pass or fail", { dkim: "neutral", spf: "" }, { dkim: "fail", spf: "fail" }, ["result_not_named"]],
		["another disposition", { disposition: "drop" }, { disposition: null }, ["disposition_unknown"]],
		["no From domain", { from: "" }, { headerFrom: null }, ["header_from_unreadable"]],
		["an address for the From domain, which is not kept", { from: "jane@example.org" }, { headerFrom: null }, ["header_from_unreadable"]],
		["no U-label, which becomes an A-label", { from: "m\u00fcnchen.example" }, { headerFrom: "xn--mnchen-3ya.example" }, []],
		["a From domain in capitals with a dot", { from: "Example.ORG." }, { headerFrom: "example.org" }, []],
	])("notes %s", async (_what, row, want, notes) => {
		const report = await parsed(dmarcXml([row]));
		expect(report.rows[0]).toMatchObject(want);
		expect(report.notes).toEqual(notes);
	});

	it.each([
		["another document", "<html><body/></html>", /malformed: the root element is not feedback/],
		["no policy", "<feedback/>", /names no domain/],
		["a source that is no address", dmarcXml([{}, { ip: "300.1.1.1" }]), /record 2 .*source_ip/],
		["no count", dmarcXml([{ count: "" }]), /record 1 .*count/],
		["a negative count", dmarcXml([{ count: -1 }]), /count/],
		["a count that is no number", dmarcXml([{ count: "1e9" }]), /count/],
		["a count beyond all numbers", dmarcXml([{ count: "9".repeat(300) }]), /count/],
		["a range that ends before it begins", dmarcXml([{}]).replace(/<end>\d+/, "<end>1"), /date_range/],
		["a range beyond the calendar", dmarcXml([{}], { begin: 999_999_999_999 }), /date_range/],
		["a value given twice", dmarcXml([{}]).replace("<p>reject</p>", "<p>none</p><p>reject</p>"), /p of the report is given twice/],
		["a source given twice", dmarcXml([{}]).replace("<source_ip>", "<source_ip>192.0.2.9</source_ip><source_ip>"), /given twice/],
		["elements in a value", dmarcXml([{}]).replace("<p>reject", "<p><b/>reject"), /holds elements/],
		["a value that goes on", dmarcXml([{}]).replace("Receiver", "x".repeat(5000)), /too_large: organization/],
		["a document type", `<!DOCTYPE feedback [<!ENTITY a "b">]>${dmarcXml([{}])}`, /document type/],
		["a document that is cut off", dmarcXml([{}, {}]).slice(0, -40), /ends before|ends within/],
	])("refuses %s", async (_what, xml, want) => expect(await refusal(xml)).toMatch(want));

	it("refuses what is not UTF-8", async () =>
		expect(await refusal(Buffer.concat([Buffer.from("<feedback>"), Buffer.from([0xff]), Buffer.from("</feedback>")]))).toBe(
			"malformed: the report is not UTF-8",
		));

	it("has a cap on different sources", async () => {
		const rows = Array.from({ length: 30 }, (_one, index) => ({ ip: `192.0.2.${index}` }));
		expect(await refusal(dmarcXml(rows), { ...defaultLimits, rows: 20 })).toMatch(/too_large: .*20 different sources/);
		expect(await refusal(dmarcXml(rows), { ...defaultLimits, rows: 30 })).toBe("read");
	});

	it("quotes nothing of a report that it refuses", async () => {
		for (const xml of ["<SSN123/>", "<a SSN123/>", "<a>&SSN123;</a>", dmarcXml([{ ip: "SSN123" }]), dmarcXml([{ count: "SSN123" }])])
			expect(await refusal(xml)).not.toContain("SSN123");
	});

	it("gives the sum of the rows for any rows, and is the same in any pieces", async () => {
		const row = fc.record({
			ip: fc.oneof(fc.ipV4(), fc.ipV6()),
			count: fc.nat(1_000_000),
			dkim: fc.constantFrom("pass", "fail", "Pass", ""),
			spf: fc.constantFrom("pass", "fail"),
			disposition: fc.constantFrom("none", "reject", "x"),
			from: fc.domain(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.integer({ min: 1, max: 50 }), async (rows, size) => {
				const octets = Buffer.from(dmarcXml(rows));
				const report = await parsed(octets.toString());
				let sum = 0;
				for (const one of rows) sum += one.count;
				expect(report.messages).toBe(sum);
				expect(report.records).toBe(rows.length);
				const pieces = (async function* () {
					for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
				})();
				expect(await parseDmarcReport(pieces)).toEqual({ ok: true, report });
			}),
			{ numRuns: 50 },
		);
	});

	it("gives a report or an error for a report with anything done to it", async () => {
		const octets = Buffer.from(dmarcXml([{ auth: auth("a.example", "b.example") }, {}]));
		await fc.assert(
			fc.asyncProperty(fc.nat(octets.length), fc.nat(40), fc.uint8Array({ maxLength: 20 }), async (at, cut, put) => {
				const result = await parseDmarcReport(Buffer.concat([octets.subarray(0, at), put, octets.subarray(at + cut)]));
				if (!result.ok) expect(["malformed", "too_large"]).toContain(result.error.code);
				else for (const row of result.report.rows) expect(row.count).toBeGreaterThanOrEqual(0);
			}),
			{ numRuns: 500 },
		);
	});
});
