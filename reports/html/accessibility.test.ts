import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { buildModel } from "../internal/report-model.ts";
import { writePortfolio } from "../portfolio/index.ts";
import { inPage, launch, noBrowser, withReport } from "../testing/browser.ts";
import { largeResult, realisticResult } from "../testing/realistic.ts";
import { control, resultDocument, resultItem } from "../testing/result-builder.ts";
import { defaultTheme, themeOf } from "../theme/theme.ts";
import { handOuts } from "./hand-out.ts";
import { writer } from "./index.ts";

interface Violation {
	id: string;
	help: string;
	nodes: { target: unknown; failureSummary?: string }[];
}

const axeOptions = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] };
/** Nobody points at paper: WCAG 2.5.8 speaks of targets for pointer inputs. */
const axeOnPaper = { ...axeOptions, rules: { "target-size": { enabled: false } } };
/** axe takes minutes over ten thousand rows of one template: of a large report it sees the first of each kind. */
const thinned = `(() => {
	const keep = (list, count) => { for (const one of [...list].slice(count)) one.remove(); };
	keep(document.querySelectorAll("#controls > article"), 4);
	keep(document.querySelectorAll("#findings > article"), 4);
	for (const body of document.querySelectorAll("tbody")) keep(body.rows, 8);
})()`;
/** A reader sees no part that is not laid out; axe measures all at once, where parts out of sight still have a height that is a guess. */
const laidOut = "* { content-visibility: visible !important; }";
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const result = realisticResult();
const htmlOf = (document: ResultDocument): string => [...writer.write(document, themeOf(document))].map((file) => [...file.chunks].join("")).join("");
const report = htmlOf(result);
const empty = htmlOf(resultDocument([], []));
const large = htmlOf(largeResult(10_000));
const small = resultDocument([resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"] })], [control({ id: "TEC-10" })]);
const portfolio = [
	...writePortfolio(
		[
			{ name: "First clinic", href: "first/report.html", result },
			{ name: "Second clinic", href: "second/report.html", result: small },
		],
		defaultTheme,
	),
]
	.map((file) => [...file.chunks].join(""))
	.join("");

const firstFinding = buildModel(result).findings[0]?.id ?? "";
const finding = [...(handOuts(result, themeOf(result))(firstFinding)?.chunks ?? [])].join("");

describe.skipIf(noBrowser !== null)("WCAG 2.2 AA by axe-core", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch();
	});
	afterAll(() => browser.close());

	for (const [name, html, widths] of [
		["typical report", report, [320, 768, 1280]],
		["empty report", empty, [320, 1280]],
		["portfolio", portfolio, [320, 1280]],
		["finding", finding, [320, 1280]],
		["report of 10,000 results", large, [1280]],
	] as const) {
		for (const width of widths) {
			for (const look of ["light", "dark", "print"] as const) {
				it(`finds no violation: ${name}, ${look}, ${width} px`, async () => {
					const violations = await withReport(
						browser,
						html,
						{ bypassCSP: true, viewport: { width, height: 900 }, colorScheme: look === "dark" ? "dark" : "light" },
						async ({ page }) => {
							if (look === "print") await page.emulateMedia({ media: "print" });
							if (html === large) {
								await inPage(page, thinned);
								await page.addStyleTag({ content: laidOut });
							}
							await page.addScriptTag({ path: axePath });
							return (await inPage<{ violations: Violation[] }>(page, `axe.run(document, ${JSON.stringify(look === "print" ? axeOnPaper : axeOptions)})`))
								.violations;
						},
					);
					expect(violations.map((one) => `${one.id}: ${one.help} at ${JSON.stringify(one.nodes.slice(0, 3))}`)).toEqual([]);
				});
			}
		}
	}

	it("shows focus on the skip link and leads past the contents", async () => {
		await withReport(browser, report, {}, async ({ page }) => {
			await page.keyboard.press("Tab");
			const focused = await inPage<{ text: string; left: number; outline: string }>(
				page,
				"({ text: document.activeElement.textContent, left: document.activeElement.getBoundingClientRect().left, outline: getComputedStyle(document.activeElement).outlineStyle })",
			);
			expect(focused.text).toBe("Skip to the report");
			expect(focused.left).toBeGreaterThanOrEqual(0);
			expect(focused.outline).toBe("solid");
		});
	});
});
