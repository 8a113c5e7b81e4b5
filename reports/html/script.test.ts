import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inPage, launch, noBrowser, type Opened, withReport } from "../testing/browser.ts";
import { realisticResult } from "../testing/realistic.ts";
import { control, resultDocument, resultItem } from "../testing/result-builder.ts";
import { themeOf } from "../theme/theme.ts";
import { writer } from "./index.ts";

const result = realisticResult();
const html = [...writer.write(result, themeOf(result))].map((file) => [...file.chunks].join("")).join("");
const rows = '#controls tr[id^="r-"]';
const shown = (selector: string): string => `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility()).length`;

describe.skipIf(noBrowser !== null)("the script of the report", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch();
	});
	afterAll(() => browser.close());
	const open = <T>(use: (opened: Opened) => Promise<T>, options: BrowserContextOptions = {}, page = html): Promise<T> =>
		withReport(browser, page, options, use);

	it("filters results by text, state and severity, says how many, and hides pages that have none left", async () => {
		await open(async ({ page, errors }) => {
			const bar = page.getByRole("group", { name: "Filter results" });
			await bar.getByLabel("State").selectOption("fail");
			const failed = result.results.filter((item) => item.state === "fail").length;
			expect(await inPage(page, shown(rows))).toBe(failed);
			await expect.poll(() => bar.getByRole("status").textContent()).toBe(`${failed} of ${result.results.length} results shown. A print has all of them.`);
			const pages = result.controls.filter((one) => one.ruleStatus === "in-force" && one.state === "fail").length;
			expect(await inPage(page, shown("#controls > article"))).toBeLessThanOrEqual(pages);
			await bar.getByLabel("State").selectOption("");
			await bar.getByLabel("Find").fill("MX2.clinic.example|");
			const named = result.results.filter((item) => item.resource.includes("mx2.clinic.example|")).length;
			await expect.poll(() => inPage(page, shown(rows))).toBe(named);
			await bar.getByRole("button", { name: "Clear" }).click();
			expect(await inPage(page, shown(rows))).toBe(result.results.length);
			expect(await inPage(page, shown("#controls > article"))).toBe(result.controls.length);
			expect(await bar.getByRole("status").textContent()).toBe("");
			expect(errors).toEqual([]);
		});
	});

	it("filters findings", async () => {
		await open(async ({ page }) => {
			await page.getByRole("group", { name: "Filter findings" }).getByLabel("Severity").selectOption("critical");
			const marks = await page.$$eval("#findings > article", (found) =>
				found.filter((one) => one.checkVisibility()).map((one) => one.querySelector(".severity")?.textContent),
			);
			expect(marks.length).toBeGreaterThan(0);
			expect(new Set(marks)).toEqual(new Set(["Critical"]));
		});
	});

	it("prints everything, whatever is filtered or folded", async () => {
		await open(async ({ page }) => {
			const links = await inPage(page, shown(`${rows} .hash`));
			await page.getByRole("group", { name: "Filter results" }).getByLabel("State").selectOption("pass");
			await page.emulateMedia({ media: "print" });
			expect(await inPage(page, shown(rows))).toBe(result.results.length);
			expect(await inPage(page, shown(`${rows} .hash`))).toBe(links);
			expect(await inPage(page, shown(".tools, .unfold"))).toBe(0);
		});
	});

	it("leads from a finding to its row, also where the row is filtered away", async () => {
		await open(async ({ page }) => {
			await page.getByRole("group", { name: "Filter results" }).getByLabel("State").selectOption("pass");
			const link = page.locator('#findings a.hash[href^="#r-"]').first();
			const target = await link.getAttribute("href");
			await link.click();
			await expect.poll(() => page.locator(target ?? "none").isVisible()).toBe(true);
		});
	});

	it("sorts up, down and back, and says so", async () => {
		await open(async ({ page }) => {
			const table = page.locator("#evidence table.sortable");
			const head = table.locator("thead th").nth(1);
			const column = () =>
				table.locator("tbody tr").evaluateAll((found) => found.map((row) => row.querySelectorAll("td")[0]?.textContent?.trim().toLowerCase() ?? ""));
			const before = await column();
			await head.getByRole("button").click();
			expect(await head.getAttribute("aria-sort")).toBe("ascending");
			const up = [...before].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
			expect(await column()).toEqual(up);
			await head.getByRole("button").click();
			expect(await head.getAttribute("aria-sort")).toBe("descending");
			expect(await column()).toEqual(up.toReversed());
			await head.getByRole("button").click();
			expect(await head.getAttribute("aria-sort")).toBeNull();
			expect(await column()).toEqual(before);
		});
	});

	it("folds long lists of evidence and opens them again", async () => {
		const evidence = Array.from({ length: 9 }, (_, index) => String(index).repeat(64));
		const many = resultDocument([resultItem({ check: "a.b", resource: "x", controls: ["TEC-10"], evidence })], [control({ id: "TEC-10" })]);
		const page = [...writer.write(many, themeOf(many))].map((file) => [...file.chunks].join("")).join("");
		await open(
			async (opened) => {
				const button = opened.page.getByRole("button", { name: "6 more" });
				expect(await inPage(opened.page, shown(`${rows} .hash`))).toBe(3);
				await button.click();
				expect(await inPage(opened.page, shown(`${rows} .hash`))).toBe(9);
				expect(await opened.page.getByRole("button", { name: "Fewer" }).getAttribute("aria-expanded")).toBe("true");
			},
			{},
			page,
		);
	});

	it("is not needed: without scripts every row is there and nothing looks like a control that does nothing", async () => {
		await open(
			async ({ page }) => {
				expect(await page.locator(rows).count()).toBe(result.results.length);
				expect(await page.locator(`${rows} >> visible=true`).count()).toBe(result.results.length);
				expect(await page.locator("button, input, select").count()).toBe(0);
			},
			{ javaScriptEnabled: false },
		);
	});

	it("is the only one that runs: the policy refuses any other", async () => {
		const injected = html.replace("</main>", "<script>window.hit = 1</script></main>");
		expect(injected).not.toBe(html);
		await open(
			async ({ page }) => {
				expect(await inPage(page, "'hit' in window")).toBe(false);
				expect(await page.getByRole("group", { name: "Filter results" }).count()).toBe(1);
			},
			{},
			injected,
		);
	});
});
