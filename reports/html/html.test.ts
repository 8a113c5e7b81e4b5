import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countStates, type ResultDocument, resultDocumentSchema } from "../../model/result.ts";
import { ReportError } from "../report-error.ts";
import { inPage, launch, noBrowser, withReport } from "../testing/browser.ts";
import { largeResult, realisticResult } from "../testing/realistic.ts";
import { control, resultDocument, resultItem } from "../testing/result-builder.ts";
import { themeOf } from "../theme/theme.ts";
import { htmlReport, writer } from "./index.ts";
import { defaultLimits } from "./limits.ts";
import { stateLabels, stateOrder } from "./words.ts";

function htmlOf(result: ResultDocument): string {
	const files = [...writer.write(result, themeOf(result))];
	expect(files.map((file) => file.path)).toEqual(["report.html"]);
	return files.map((file) => [...file.chunks].join("")).join("");
}

describe("report.html as text", () => {
	const result = realisticResult();
	const html = htmlOf(result);

	it("is made from a document of the published schema", () => {
		expect(() => resultDocumentSchema.parse(result)).not.toThrow();
		expect(() => resultDocumentSchema.parse(largeResult(100))).not.toThrow();
	});

	it("is the same bytes for the same input", () => {
		expect(htmlOf(realisticResult())).toBe(html);
	});

	it("does not depend on the order of results, controls and evidence in the document", () => {
		const reversed = { ...result, results: [...result.results].reverse(), controls: [...result.controls].reverse(), evidence: [...result.evidence].reverse() };
		expect(htmlOf(reversed)).toBe(html);
	});

	it("carries one script and one style, each by its hash, and no style attribute, form or remote address", () => {
		expect(html.replace(/<script>.*<\/script>\n<\/body>/s, "")).not.toMatch(/<script|<form|<iframe|<link|<object|\sstyle=|\son[a-z]+=/i);
		for (const [element, directive] of [
			["script", "script-src"],
			["style", "style-src"],
		]) {
			const text = html.split(`<${element}>`)[1]?.split(`</${element}>`)[0] ?? "";
			expect(html).toContain(`${directive} 'sha256-${createHash("sha256").update(text).digest("base64")}';`);
		}
		expect(html).toContain("default-src 'none'; script-src 'sha256-");
		for (const address of html.matchAll(/(?:src|href)="([^"]*)"/g))
			expect(address[1]).toMatch(/^(?:#|https:\/\/(?:docs\.aws\.amazon\.com|harbor\.example|www\.ecfr\.gov|www\.rfc-editor\.org)\/)/);
	});

	it("claims nothing that HHS does not recognize", () => {
		const text = html
			.replace(/<style>[^<]*<\/style>/, "")
			.replace(/<script>[^<]*<\/script>/, "")
			.replaceAll("is not a certification; no certification is recognized by HHS", "");
		expect(text).not.toMatch(/complian(?:t|ce)|certif(?:ied|ication)|HIPAA-approved|score of|\d%/i);
		expect(html).toContain("This report gives no legal advice and is not a certification; no certification is recognized by HHS.");
		expect(html).toContain(
			"Six years is the retention period for documentation (45 CFR 164.316(b)(2)(i)); its use for logs is a policy of this configuration.",
		);
		expect(html).toContain("State law, 42 CFR Part 2 and the FTC Health Breach Notification Rule are not assessed in this report.");
	});

	it("prints the counting sentences with numerator, denominator and what was left out", () => {
		const totals = result.totals.results;
		const assessed = (totals.pass ?? 0) + (totals.fail ?? 0) + (totals.exception ?? 0) + (totals.attested ?? 0);
		const applicable = result.results.length - (totals.not_applicable ?? 0);
		expect(html).toContain(`${assessed} of ${applicable} applicable results assessed; ${totals.not_assessed} not assessed, ${totals.manual_pending} pending.`);
		expect(html).toContain(
			`${totals.pass} of ${assessed} assessed passed (1 attested, 1 exception, ${totals.fail} failed); ${applicable - assessed} of ${applicable} applicable have no verdict.`,
		);
	});

	it("says incomplete on the cover whenever something has no verdict, and only then", () => {
		expect(html).toContain('banner-incomplete">');
		const whole = resultDocument([resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"] })], [control({ id: "TEC-10" })]);
		expect(htmlOf(whole)).not.toContain('banner-incomplete">');
		const silent = resultDocument([resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"] })], [control({ id: "TEC-10" }), control({ id: "TEC-11" })]);
		expect(htmlOf(silent)).toContain('banner-incomplete">');
		expect(htmlOf({ ...whole, run: { ...whole.run, interrupted: true } })).toContain('banner-incomplete">');
		expect(htmlOf({ ...whole, run: { ...whole.run, complete: false } })).toContain('banner-incomplete">');
	});

	it("keeps rules that are not in force out of every count", () => {
		const rows = [
			resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"] }),
			resultItem({ check: "c.d", resource: "x", controls: ["NPR-01"], status: "fail", message: "not yet" }),
		];
		const document = resultDocument(rows, [control({ id: "TEC-10" }), control({ id: "NPR-01", family: "nprm", ruleStatus: "proposed" })]);
		const text = htmlOf(document);
		expect(text).toContain("1 of 1 applicable results assessed; 0 not assessed, 0 pending.");
		expect(text).toContain("Readiness for the proposed rule");
		expect(text).toContain("0</strong> <span>open findings");
		expect(text).toContain("control-NPR-01");
	});

	it("groups one cause on many resources into one finding", () => {
		const rows = ["a.example", "b.example", "c.example"].map((name) =>
			resultItem({
				check: "spf.single_record",
				resource: name,
				controls: ["TEC-12"],
				status: "fail",
				message: `${name} has no SPF record`,
				severity: name === "b.example" ? "high" : "low",
			}),
		);
		const text = htmlOf(resultDocument(rows, [control({ id: "TEC-12" })]));
		expect(text.match(/<article id="F-/g)).toHaveLength(1);
		expect(text).toContain("1</strong> <span>open finding<");
		expect(text).toContain("3 resources");
	});
});

describe("documents of earlier versions", () => {
	const folder = new URL("../testing/earlier/", import.meta.url);
	it.each(readdirSync(folder))("still render: %s", (name) => {
		const document = resultDocumentSchema.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8"))) as ResultDocument;
		const text = htmlOf(document);
		expect(text).toContain(document.entity.legalName);
		expect(text.match(/<tr id="r-/g)).toHaveLength(document.results.length);
	});
});

describe("a document that contradicts itself", () => {
	const rows = [resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"], status: "fail" })];
	const document = resultDocument(rows, [control({ id: "TEC-10" })]);
	const first = (): ResultDocument["results"][number] => resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"], status: "fail" });
	const cases: [string, ResultDocument, RegExp][] = [
		["totals of results", { ...document, totals: { ...document.totals, results: countStates(["pass"]) } }, /totals\.results does not match the rows/],
		["totals of controls", { ...document, totals: { ...document.totals, controls: countStates(["pass"]) } }, /totals\.controls does not match the rows/],
		[
			"a state its status cannot give",
			{ ...document, results: [{ ...first(), state: "pass" }], totals: { ...document.totals, results: countStates(["pass"]) } },
			/state is pass, which status fail/,
		],
		[
			"a control better than its results",
			{
				...document,
				controls: document.controls.map((one) => ({ ...one, state: "pass" as const })),
				totals: { ...document.totals, controls: countStates(["pass"]) },
			},
			/is pass although one of its results is fail/,
		],
		[
			"a control that names an unknown result",
			{ ...document, controls: document.controls.map((one) => ({ ...one, results: ["nowhere"] })) },
			/nowhere, which is not in the document/,
		],
		[
			"two results of one id",
			{ ...document, results: [first(), first()], totals: { ...document.totals, results: countStates(["fail", "fail"]) } },
			/two results have the id/,
		],
		[
			"a pass without any result",
			{
				...resultDocument([], [control({ id: "TEC-10" })]),
				controls: [control({ id: "TEC-10", state: "pass" })],
				totals: { results: countStates([]), controls: countStates(["pass"]) },
			},
			/pass without any result/,
		],
	];
	for (const [name, broken, message] of cases) {
		it(`gives no report: ${name}`, () => {
			expect(() => htmlOf(broken)).toThrow(ReportError);
			expect(() => htmlOf(broken)).toThrow(message);
		});
	}
});

describe("size", () => {
	it("keeps 1,000 results under 2 MB with every row in it", () => {
		const html = htmlOf(largeResult(1000));
		expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
		expect(html.match(/<tr id="r-/g)).toHaveLength(1000);
	});

	it("keeps 5,000 results under 5 MB and 10,000 under 6 MB, all rows in it", () => {
		for (const [count, limit] of [
			[5000, 5_000_000],
			[10_000, 6_000_000],
		] as const) {
			const html = htmlOf(largeResult(count));
			console.log(`${count} results: ${Buffer.byteLength(html)} bytes`);
			expect(Buffer.byteLength(html)).toBeLessThan(limit);
			expect(html.match(/<tr id="r-/g)).toHaveLength(count);
		}
	});

	it("shows first rows above the limit and counts the rest", () => {
		const html = htmlOf(largeResult(10_020));
		expect(Buffer.byteLength(html)).toBeLessThan(6_000_000);
		const inline = html.match(/<tr id="r-/g)?.length ?? 0;
		let left = 0;
		for (const match of html.matchAll(/<p class="left">(\d+) further results? of this control/g)) left += Number(match[1]);
		expect(inline).toBeGreaterThan(60);
		expect(inline + left).toBe(10_020);
	});

	it("is written as it is made", () => {
		const result = largeResult(200);
		let chunks = 0;
		for (const chunk of htmlReport(result, themeOf(result), defaultLimits).chunks) {
			chunks += 1;
			expect(typeof chunk).toBe("string");
		}
		expect(chunks).toBeGreaterThan(100);
	});
});

describe.skipIf(noBrowser !== null)("report.html in a browser", () => {
	let browser: Browser;
	const result = realisticResult();
	const html = htmlOf(result);
	beforeAll(async () => {
		browser = await launch();
	});
	afterAll(() => browser.close());

	it("shows every result once in full, with its state, resource and evidence", async () => {
		const rows = await withReport(browser, html, {}, ({ page }) =>
			page.$$eval('tr[id^="r-"]', (found) =>
				found.map((row) => ({
					id: row.id.slice(2),
					state: row.querySelector(".badge")?.textContent,
					resource: row.querySelector("th code")?.textContent ?? "",
					evidence: [...row.querySelectorAll("td:last-child .hash")].map((one) => one.textContent),
				})),
			),
		);
		expect(rows.map((row) => row.id).sort()).toEqual(result.results.map((item) => item.id).sort());
		const byId = new Map(rows.map((row) => [row.id, row]));
		for (const item of result.results) {
			const row = byId.get(item.id);
			expect(row?.state).toBe(stateLabels[item.state]);
			expect(row?.resource.startsWith(item.resource)).toBe(true);
			expect(row?.evidence).toEqual(item.evidence.map((sha256) => sha256.slice(0, 12)));
		}
	});

	it("prints totals equal to the document and to the rows of each section", async () => {
		const seen = await withReport(browser, html, {}, async ({ page }) => ({
			counts: await page.$$eval("#summary .counts tbody tr", (rows) =>
				rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent))),
			),
			controls: await page.$$eval("#controls > article", (found) => found.map((article) => article.querySelector(".control-state .badge")?.textContent)),
			matrix: await page.$$eval("#matrix tbody tr", (rows) => rows.map((row) => row.querySelector(".badge")?.textContent)),
			findings: await page.$$eval("#findings > article", (found) => found.map((article) => article.querySelector(".badge")?.textContent)),
			gaps: await page.$$eval("#not-assessed .gap td.figure", (cells) => cells.map((cell) => Number(cell.textContent))),
			evidence: await page.$$eval("#evidence tr[id] code.hash", (cells) => cells.map((cell) => cell.textContent)),
		}));
		const [controls, results, findings] = seen.counts;
		expect(results?.slice(0, 7)).toEqual(stateOrder.map((state) => result.totals.results[state] ?? 0));
		expect(results?.[7]).toBe(result.results.length);
		expect(controls?.slice(0, 7)).toEqual(stateOrder.map((state) => result.totals.controls[state] ?? 0));
		expect(controls?.[7]).toBe(result.controls.length);
		const tally = (labels: (string | null | undefined)[]): number[] => stateOrder.map((state) => labels.filter((label) => label === stateLabels[state]).length);
		expect(tally(seen.controls)).toEqual(controls?.slice(0, 7));
		expect(tally(seen.matrix)).toEqual(controls?.slice(0, 7));
		expect(tally(seen.findings)).toEqual(findings?.slice(0, 7));
		let gaps = 0;
		for (const n of seen.gaps) gaps += n;
		expect(gaps).toBe((result.totals.results.not_assessed ?? 0) + (result.totals.results.manual_pending ?? 0));
		expect(seen.evidence.sort()).toEqual(result.evidence.map((item) => item.sha256).sort());
	});

	it("has unique ids, and every link inside leads somewhere", async () => {
		const { ids, links, outer } = await withReport(browser, html, {}, ({ page }) =>
			inPage<{ ids: string[]; links: string[]; outer: [string, string][] }>(
				page,
				`({
					ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
					links: [...document.querySelectorAll('a[href^="#"], use')].map((element) => element.getAttribute("href").slice(1)),
					outer: [...document.querySelectorAll('a:not([href^="#"])')].map((element) => [element.getAttribute("href"), element.getAttribute("rel")]),
				})`,
			),
		);
		expect(new Set(ids).size).toBe(ids.length);
		const known = new Set(ids);
		expect(links.filter((link) => !known.has(link))).toEqual([]);
		expect(outer.length).toBeGreaterThan(0);
		for (const [href, rel] of outer) {
			expect(href).toMatch(/^https:\/\//);
			expect(rel).toBe("noreferrer noopener");
		}
	});

	it("has no dangling link when rows are left out", async () => {
		const links = await withReport(browser, htmlOf(largeResult(10_020)), {}, ({ page }) =>
			inPage<string[]>(
				page,
				`[...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href")).filter((href) => document.getElementById(href.slice(1)) === null)`,
			),
		);
		expect(links).toEqual([]);
	});

	it("applies its style, asks for nothing, and fits 320 px", async () => {
		for (const width of [320, 375, 1280]) {
			await withReport(browser, html, { viewport: { width, height: 800 } }, async ({ page, requests, errors }) => {
				const seen = await inPage<{ wide: number; border: string }>(
					page,
					'({ wide: document.documentElement.scrollWidth, border: getComputedStyle(document.querySelector("h2")).borderBottomWidth })',
				);
				expect(seen.wide).toBeLessThanOrEqual(width);
				expect(seen.border).toBe("2px");
				expect(requests).toEqual([]);
				expect(errors).toEqual([]);
			});
		}
	});

	it("prints with control pages on pages of their own, on Letter and on A4", async () => {
		for (const paperSize of ["Letter", "A4"] as const) {
			const document = { ...result, report: { ...result.report, paperSize } };
			const pdf = await withReport(browser, htmlOf(document), {}, ({ page }) => page.pdf({ preferCSSPageSize: true }));
			const text = pdf.toString("latin1");
			const pages = text.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
			const withRows = document.controls.filter((one) => one.results.length > 0).length;
			expect(pages).toBeGreaterThan(withRows);
			expect(text).toMatch(paperSize === "Letter" ? /\/MediaBox\s*\[0 0 612 792\]/ : /\/MediaBox\s*\[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
		}
	});
});
