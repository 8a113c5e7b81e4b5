import { HtmlValidate } from "html-validate";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModel } from "../internal/report-model.ts";
import { inPage, launch, noBrowser, withReport } from "../testing/browser.ts";
import { hostileResult, hostileTexts } from "../testing/hostile.ts";
import { largeResult, realisticResult } from "../testing/realistic.ts";
import { themeOf } from "../theme/theme.ts";
import { handOuts } from "./hand-out.ts";

const result = realisticResult();
const { findings } = buildModel(result);
const [first, second] = findings;
if (first === undefined || second === undefined) throw new Error("the sample has no findings");

function pageOf(document: typeof result, id: string): string {
	const file = handOuts(document, themeOf(document))(id);
	if (file === null) throw new Error(`no page for ${id}`);
	return [...file.chunks].join("");
}

describe("a finding on a page of its own", () => {
	it("says what is wrong, where, how to fix it and whom to ask, and nothing of the other findings", () => {
		const html = pageOf(result, first.id);
		const [item] = first.results;
		for (const said of [
			result.entity.legalName,
			first.id,
			"Harbor Audit Partners",
			first.check,
			item?.resource ?? "?",
			"mailward scan --check",
			"is not a certification",
		])
			expect(html).toContain(said);
		for (const other of findings) if (other !== first) expect(html).not.toContain(other.id);
		expect(handOuts(result, themeOf(result))(first.id)?.path).toBe(`finding-${first.id}.html`);
	});

	it("is found by the id of a result too, and is the same bytes each time", () => {
		expect(pageOf(result, second.results[0]?.id ?? "")).toBe(pageOf(result, second.id));
	});

	it("is not made up for an id that no finding has", () => {
		expect(handOuts(result, themeOf(result))("F-0000000000")).toBeNull();
		const passing = result.results.find((one) => one.state === "pass");
		expect(handOuts(result, themeOf(result))(passing?.id ?? "")).toBeNull();
	});

	it("leads nowhere within itself, since the rest of the report is not there", () => {
		const targets = [...pageOf(result, first.id).matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? "");
		expect(targets.filter((target) => !target.startsWith("i-"))).toEqual([]);
	});

	it("names a hundred resources and counts the rest", () => {
		const large = largeResult(20_000);
		const most = buildModel(large).findings.sort((a, b) => b.results.length - a.results.length)[0];
		const html = pageOf(large, most?.id ?? "");
		expect(html.match(/<tr><th scope="row">/g)).toHaveLength(Math.min(100, most?.results.length ?? 0));
		if ((most?.results.length ?? 0) > 100) expect(html).toContain("further resource");
	});

	it.each([
		["typical", result, first.id],
		["hostile", hostileResult(result, hostileTexts.join(" ").slice(0, 400)), null],
	])("is valid HTML: %s", async (_name, document, id) => {
		const html = pageOf(document, id ?? buildModel(document).findings[0]?.id ?? "");
		const report = await new HtmlValidate({ extends: ["html-validate:standard", "html-validate:a11y"] }).validateString(html);
		expect(report.results.flatMap((file) => file.messages).map((message) => `${message.ruleId} ${message.line}: ${message.message}`)).toEqual([]);
	});
});

describe.skipIf(noBrowser !== null)("hostile text on the page of a finding", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch();
	});
	afterAll(() => browser.close());

	it("stays text, with the policy set aside", async () => {
		const document = hostileResult(result, hostileTexts.join(" ").slice(0, 500));
		const html = pageOf(document, buildModel(document).findings[0]?.id ?? "");
		await withReport(browser, html, { bypassCSP: true }, async ({ page, requests, dialogs }) => {
			const seen = await inPage<[boolean, number]>(
				page,
				'["hit" in window, document.querySelectorAll("script, iframe, form, base, object, embed, [onerror], [onload], [style]").length]',
			);
			expect(seen).toEqual([false, 0]);
			expect([requests, dialogs]).toEqual([[], []]);
		});
	});
});
