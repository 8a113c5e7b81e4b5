import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visible } from "../internal/text.ts";
import { writePortfolio } from "../portfolio/index.ts";
import { inPage, launch, noBrowser, withReport } from "../testing/browser.ts";
import { hostileResult, hostileTexts } from "../testing/hostile.ts";
import { realisticResult } from "../testing/realistic.ts";
import { defaultTheme, themeOf } from "../theme/theme.ts";
import { writer } from "./index.ts";

const benign = realisticResult();

function hostileHtml(text: string): string {
	const result = hostileResult(benign, text);
	const theme = { ...themeOf(result), coverText: text, footerText: text, classification: text };
	return [...writer.write(result, theme)].map((file) => [...file.chunks].join("")).join("");
}

function hostilePortfolio(text: string): string {
	const result = hostileResult(benign, text);
	return [...writePortfolio([{ name: text, href: text, result }], { ...defaultTheme, classification: text })].map((file) => [...file.chunks].join("")).join("");
}

/** How often each element occurs. Links and times depend on what the text is; all else may not change. */
const census = `(() => {
	const counts = {};
	for (const element of document.querySelectorAll("*")) {
		const name = element.tagName.toLowerCase();
		if (["a", "time", "br", "p", "span", "rect"].includes(name)) continue;
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
})()`;

interface Seen {
	hit: boolean;
	active: number;
	scripts: number;
	hrefs: string[];
	text: string;
	title: string;
}

const look = `({
	hit: "hit" in window,
	active: [...document.scripts].filter((script) => script.attributes.length > 0 || script.parentElement !== document.body || script !== document.body.lastElementChild).length
		+ document.querySelectorAll("iframe, form, base, link, object, embed, template, plaintext, [onerror], [onload], [onfocus], [style]").length,
	scripts: document.scripts.length,
	hrefs: [...document.querySelectorAll("[href], [src]")].map((element) => element.getAttribute("href") ?? element.getAttribute("src") ?? ""),
	text: document.body.textContent,
	title: document.title,
})`;

describe.skipIf(noBrowser !== null)("hostile text in every field", () => {
	let browser: Browser;
	let expected: Record<string, number>;
	beforeAll(async () => {
		browser = await launch();
		expected = await withReport(browser, hostileHtml(" harmless"), {}, ({ page }) => inPage<Record<string, number>>(page, census));
	});
	afterAll(() => browser.close());

	async function expectInert(kind: "report" | "portfolio", html: string, text: string, bypassCSP: boolean): Promise<void> {
		await withReport(browser, html, { bypassCSP }, async ({ page, requests, dialogs }) => {
			await page.mouse.move(200, 200);
			await page.waitForTimeout(50);
			const seen = await inPage<Seen>(page, look);
			expect(seen.hit).toBe(false);
			expect(seen.active).toBe(0);
			expect(seen.scripts).toBe(kind === "report" ? 1 : 0);
			expect(dialogs).toEqual([]);
			expect(requests).toEqual([]);
			for (const href of seen.hrefs) expect(href).toMatch(/^(?:#[A-Za-z][\w.-]*|https:\/\/[!-~]+|[\w%.!~*'()/-]+)$/);
			// Every field is there, as text, with what cannot be seen made visible.
			const times = seen.text.split(visible(text).trim()).length - 1;
			expect(times).toBeGreaterThan(kind === "report" ? 500 : 3);
			if (kind === "portfolio") return;
			expect(seen.title).toContain(visible(text).trim().slice(0, 20));
			expect(await inPage<Record<string, number>>(page, census)).toEqual(expected);
			expect(seen.text).toContain("is not a certification");
		});
	}

	// With the policy set aside: escaping has to hold on its own.
	for (const [index, text] of hostileTexts.entries()) {
		it(`text ${index + 1} stays text in report and portfolio`, async () => {
			await expectInert("report", hostileHtml(text), text, true);
			await expectInert("portfolio", hostilePortfolio(text), text, true);
		});
	}

	it("all of them together stay text under the policy", async () => {
		const text = hostileTexts.join(" ").slice(0, 500);
		await expectInert("report", hostileHtml(text), text, false);
	});

	it("gets no colour, position or page text of its own through the style block", async () => {
		const html = hostileHtml("\\27 ;} body{display:none} </style>");
		await withReport(browser, html, {}, async ({ page }) => {
			expect(await inPage(page, "getComputedStyle(document.body).display")).not.toBe("none");
			expect(await inPage(page, 'document.querySelectorAll("style").length')).toBe(1);
		});
	});
});
