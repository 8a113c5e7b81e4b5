import { describe, expect, it } from "vitest";
import { registersSchema } from "../../model/registers.ts";
import { type ResultDocument, resultDocumentSchema } from "../../model/result.ts";
import { headingOf, sourceOf } from "../internal/citations.ts";
import { changesOf, priorState } from "../internal/prior.ts";
import { realisticResult } from "../testing/realistic.ts";
import { control, resultDocument, resultItem } from "../testing/result-builder.ts";
import { themeOf } from "../theme/theme.ts";
import { writer } from "./index.ts";

function htmlOf(result: ResultDocument): string {
	return [...writer.write(result, themeOf(result))].map((file) => [...file.chunks].join("")).join("");
}

/** One section of the report, tags and all. */
function section(html: string, id: string): string {
	return html.split(`<section id="${id}"`)[1]?.split("</section>\n<section id=")[0] ?? "";
}

const result = realisticResult();
const html = htmlOf(result);
const bare = htmlOf(resultDocument([resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"] })], [control({ id: "TEC-10" })]));

describe("the outline", () => {
	it("has its sections in order under fixed numbers, also where one of them is missing", () => {
		const numbers = (text: string) => [...text.matchAll(/<h2 id="[a-z-]+-title"><span class="num">(\d+)<\/span>/g)].map((match) => Number(match[1]));
		const all = Array.from({ length: 18 }, (_, index) => index + 1);
		expect(numbers(bare)).toEqual(all.filter((number) => number !== 14));
		expect(bare).toContain("Readiness for the proposed rule: not part of this profile");
		const proposed = resultDocument([], [control({ id: "TEC-10" }), control({ id: "NPR-01", family: "nprm", ruleStatus: "proposed" })]);
		expect(numbers(htmlOf(proposed))).toEqual(all);
	});

	it("says where nothing is on record, and invents nothing", () => {
		expect(section(bare, "assessors")).toContain("names no assessor and claims no independence");
		expect(section(bare, "population")).toContain("does not record the size of the populations");
		expect(section(bare, "population")).toContain("No attestation on record names a sample");
		expect(section(bare, "plan")).toContain("No item of a remediation plan is on record");
		expect(section(bare, "scope")).toContain("No record of inherited controls was given");
		expect(section(bare, "registers")).toContain("No records were given of: business associate agreements, authorizations");
		expect(section(bare, "integrity")).toContain("No custody log is on record");
		expect(section(bare, "sign-off")).toContain("No response of management is on record");
		expect(section(bare, "sign-off").match(/not signed/g)).toHaveLength(5);
		expect(section(bare, "methodology")).toContain("Not recorded by the version that looked");
		expect(section(bare, "summary")).not.toContain("Since the scan of");
	});

	it("prints what the records hold", () => {
		expect(section(html, "assessors")).toContain("Independent of the entity");
		expect(section(html, "population")).toContain("seed lakeside-2026");
		expect(section(html, "population")).toContain("nothing is said of the rest of the population");
		expect(section(html, "plan")).toContain("Past due");
		expect(section(html, "summary")).toContain("1 item of the remediation plan is past due: P-7.");
		expect(section(html, "findings")).toContain("Sam Okafor, IT lead; due 2026-10-31; in progress");
		expect(section(html, "findings")).toContain("We will switch the old versions off.");
		expect(section(html, "exceptions")).toContain("used by no result");
		expect(section(html, "exceptions")).toContain("none: the date has passed");
		expect(section(html, "registers")).toContain("2 agreements, 1 executed and in force.");
		expect(section(html, "integrity")).toContain("client portal");
		expect(section(html, "integrity")).toContain(`<dt>Keep at least until</dt><dd>${Number(result.run.asOf.slice(0, 4)) + 6}${result.run.asOf.slice(4, 10)}`);
		expect(section(html, "sign-off").match(/not signed/g)).toHaveLength(4);
		expect(html).toContain("Security official, Privacy official, Board");
	});

	it("tells what AWS Config says beside the verdicts, names escaped and what was not read named", () => {
		const target = "123456789012/us-east-1";
		const pack = { target, pack: "<b>hipaa</b>", compliant: 41, nonCompliant: 3, undecided: 2 };
		const says = { rule: "bucket-encrypted", packs: [pack.pack, "baseline"], compliance: "COMPLIANT", recordedAt: null, evidence: "0".repeat(64) };
		const item = { ...resultItem({ check: "a.b", resource: "x", status: "fail", controls: ["TEC-10"] }), configRules: [says] };
		const told = (unread: string[], packs = [pack]) => htmlOf({ ...resultDocument([item], [control({ id: "TEC-10" })]), conformancePacks: { packs, unread } });
		const page = told([target]);
		expect(section(page, "methodology")).toContain('<td><code>&lt;b&gt;hipaa&lt;/b&gt;</code></td><td class="figure">41</td><td class="figure">3</td>');
		expect(section(page, "methodology")).toContain(`Not read whole, so that nothing is known of further packs or rules: ${target}.`);
		expect(page).toContain("<code>bucket-encrypted</code> of <code>&lt;b&gt;hipaa&lt;/b&gt;, baseline</code> says COMPLIANT");
		expect(section(told([], []), "methodology")).toContain("No account has a conformance pack.");
		expect(section(told([target], []), "methodology")).not.toContain("No account has a conformance pack.");
		expect(section(bare, "methodology")).not.toContain("onformance pack");
		const aggregators = [
			{ name: "all", account: "123456789012", region: "us-east-1", maxAgeHours: 24, answers: 1, failure: { code: "throttled", message: "<i>busy</i>" } },
		];
		const asked = section(htmlOf({ ...result, run: { ...result.run, aggregators } }), "methodology");
		expect(asked).toContain("1 setting as AWS Config recorded them, each at most 24 hours old");
		expect(asked).toContain("&lt;i&gt;busy&lt;/i&gt;");
	});

	it("keeps a part of the records that it has no form for", () => {
		expect(section(html, "registers")).toContain('aria-label="Register: baa"');
		const odd = { ...result, records: { ...result.records, training: { weeks: 3 } } };
		expect(section(htmlOf(odd), "registers")).toContain('aria-label="Register: training"');
	});

	it.each([
		["waived", "covered by a waiver"],
		["waiver_expired", "its waiver has expired"],
		["waiver_void", "its waiver is void"],
	] as const)("says on the page of an addressable control what is on record instead, and how it stands: %s", (disposition, standing) => {
		const [addressed, state] = [result.controls.filter(({ id }) => id === "TEC-05"), disposition === "waived" ? ("exception" as const) : ("fail" as const)];
		const document = resultDocument(
			result.results.filter(({ waiver }) => waiver !== null).map((item) => ({ ...item, disposition, state })),
			addressed.map((one) => ({ ...one, implementation: "addressable" as const, state })),
		);
		const text = htmlOf({ ...document, records: result.records });
		const page = text.split('<article id="control-TEC-05"')[1]?.split("</article>")[0] ?? "";
		expect(page).toContain("On record: <code>W-2026-03</code> for 1 result");
		expect(page).toContain(`<dt>Standing</dt><dd>${standing}`);
		expect(page).toMatch(
			/<dt>What stands in its place<\/dt><dd>Campaign reports.*<dt>Why that is equivalent<\/dt><dd>The export holds.*<dt>Decided<\/dt><dd>Dana Reyes, security official/s,
		);
	});

	it("puts citation, key activity, proof, policy, implementation and sample on a control page", () => {
		const page = html.split('<article id="control-TEC-10"')[1]?.split("</article>")[0] ?? "";
		for (const text of [
			"Transmission security",
			"What proves it",
			"<dt>Policy</dt>",
			"<dt>Implementation</dt>",
			"<dt>Sample</dt>",
			"Addressable is not optional",
			"Before:",
		])
			expect(page).toContain(text);
		expect(page).toContain('href="https://www.ecfr.gov/current/title-45/section-164.312#p-164.312(e)(1)"');
		expect(page).toContain("Crosswalk of the project, not a citation: NIST SP 800-53: SC-8, SC-13; SOC 2: CC6.7");
	});
});

describe("the trend and the changes", () => {
	const { baseline } = result.run;
	if (baseline === undefined) throw new Error("the sample has no baseline");

	it("adds up to the rows, each result in one group", () => {
		const changes = changesOf(result, result.results);
		expect([...(changes ?? []).values()].reduce((sum, n) => sum + n, 0)).toBe(result.results.length);
		expect(changesOf({ ...result, run: { ...result.run, baseline: undefined } }, result.results)).toBeNull();
	});

	it("tells what a result was before from its history alone", () => {
		const at = { asOf: "2026-08-20T07:00:00Z" };
		const item = resultItem({ check: "a.b", resource: "x" });
		expect(priorState(item, at)).toBeNull();
		expect(priorState({ ...item, history: [] }, at)).toBe("pass");
		expect(priorState({ ...item, history: [{ state: "fail", firstSeen: "2026-01-01T00:00:00Z", lastSeen: at.asOf }] }, at)).toBe("fail");
		// It was something else long ago and has passed since.
		expect(priorState({ ...item, history: [{ state: "fail", firstSeen: "2026-01-01T00:00:00Z", lastSeen: "2026-01-01T00:00:00Z" }] }, at)).toBe("pass");
	});

	it("draws one column a scan, with the same figures in a table beside it", () => {
		const summary = section(html, "summary");
		const rows = summary.split('id="trend-caption"')[1]?.split("</table>")[0] ?? "";
		for (const scan of baseline.scans ?? []) expect(rows).toContain(scan.asOf.slice(0, 10));
		expect(rows.match(/<tr><th scope="row">/g)).toHaveLength((baseline.scans?.length ?? 0) + 1);
		expect(summary).toMatch(/<svg class="trend" role="img" aria-label="Results by state over 4 scans\./);
		const heights = [...(summary.split('class="trend"')[1]?.split("</svg>")[0] ?? "").matchAll(/<rect [^>]*height="([\d.]+)"/g)].map((match) =>
			Number(match[1]),
		);
		expect(heights.length).toBeGreaterThan(8);
		for (const height of heights) expect(height).toBeGreaterThan(0);
	});

	it("leaves old scans out in so many words", () => {
		const scans = Array.from({ length: 40 }, (_, index) => ({
			asOf: `2026-01-${String((index % 28) + 1).padStart(2, "0")}T07:00:00Z`,
			results: { fail: index },
			controls: {},
		}));
		const many = htmlOf({ ...result, run: { ...result.run, baseline: { ...baseline, scans } } });
		expect(section(many, "summary")).toContain("17 older scans stand in result.json.");
	});
});

describe("citations", () => {
	it("carry the heading of the longest paragraph that is known, and lead to the published text", () => {
		expect(headingOf("45 CFR 164.312(e)(2)(ii)")).toBe("Encryption");
		expect(headingOf("45 CFR 164.312(e)(1)")).toBe("Transmission security");
		expect(headingOf("45 CFR 164.312(a)(2)(i)")).toBe("Access control");
		expect(headingOf("45 CFR 164.508(c)(1)(vi)")).toBeNull();
		expect(headingOf("45 CFR 164.5")).toBeNull();
		expect(headingOf("RFC 7208")).toBeNull();
		expect(sourceOf("45 CFR 164.501")).toBe("https://www.ecfr.gov/current/title-45/section-164.501");
		expect(sourceOf("RFC 8461")).toBe("https://www.rfc-editor.org/rfc/rfc8461");
		for (const text of ["45 CFR 164.306(d) (proposed)", "90 FR 898", "15 USC 7704(b)", 'RFC 1" onclick="x', "45 CFR 164.312(e)(1)<script>"])
			expect(sourceOf(text), text).toBeNull();
	});
});

describe("the sample", () => {
	it("sets what was seen beside the agreements, and campaigns beside what their recipients had signed", () => {
		const text = section(html, "registers");
		expect(text).toContain("3 vendors, hosts and services seen, 2 of them without an agreement in force that covers it.");
		for (const said of [
			"us1.list-manage.com",
			"links of templates/",
			"Undeclared: no row of the register answers for it",
			"Could not be told",
			"12 no record, 8 expired",
			"3 opt out late",
			"none needed",
		])
			expect(text).toContain(said);
	});

	it("has every register in the published form", () => {
		expect(() => resultDocumentSchema.parse(result)).not.toThrow();
		const parsed = registersSchema.parse(result.records);
		for (const name of Object.keys(registersSchema.shape)) expect(parsed, name).toHaveProperty(name);
	});
});
