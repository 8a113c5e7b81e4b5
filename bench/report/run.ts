/** npm run bench -- report: size, CPU time and memory of `mailward report` from 1,000 to 100,000 results, report.html alone of its files measured, and how it behaves in Chromium. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { largeResult } from "../../reports/testing/realistic.ts";
import { timed } from "../timed.ts";

interface Budget {
	results: number;
	/** Bytes of report.html. */
	bytes: number;
	/** Of CPU time to write it, over what starting the program costs. */
	seconds: number | null;
	megabytes: number | null;
}

const budgets: readonly Budget[] = [
	{ results: 0, bytes: 1_000_000, seconds: null, megabytes: null },
	{ results: 1_000, bytes: 2_000_000, seconds: 1, megabytes: null },
	{ results: 10_000, bytes: 6_000_000, seconds: 4, megabytes: null },
	{ results: 100_000, bytes: 6_000_000, seconds: null, megabytes: 300 },
];
const browserBudget = { paintMs: 1000, filterMs: 200 } as const;
const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const executablePath = process.env.MAILWARD_CHROMIUM ?? "/usr/bin/chromium";

export async function run(): Promise<void> {
	const work = mkdtempSync(join(tmpdir(), "mailward-report-bench-"));
	try {
		let start = 0;
		for (const budget of budgets) {
			const bundle = join(work, String(budget.results));
			mkdirSync(bundle);
			writeFileSync(join(bundle, "result.json"), JSON.stringify(largeResult(budget.results)));
			writeFileSync(join(bundle, "evidence-manifest.json"), "{}\n");
			const { cpuSeconds, peakMegabytes, code } = await timed(work, process.execPath, [program, "report", bundle, "--format", "html", "--quiet"]);
			if (code !== 0) throw new Error(`the report of ${budget.results} results could not be written (exit ${code})`);
			if (budget.results === 0) start = cpuSeconds;
			const bytes = statSync(join(bundle, "report.html")).size;
			const own = cpuSeconds - start;
			say(
				`${budget.results} results: ${(bytes / 1e6).toFixed(2)} MB${over(bytes, budget.bytes)}, ${own.toFixed(2)} s CPU${over(own, budget.seconds)}, ${peakMegabytes} MB resident${over(peakMegabytes, budget.megabytes)}`,
			);
		}
		if (existsSync(executablePath)) await inBrowser(join(work, "10000", "report.html"));
		else say(`no Chromium at ${executablePath}: the browser is not measured`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

async function inBrowser(file: string): Promise<void> {
	const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
	try {
		const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
		await page.goto(pathToFileURL(file).href);
		const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN");
		say(`10000 results in Chromium: first paint after ${Math.round(paint)} ms${over(paint, browserBudget.paintMs)}`);
		// A reader looks before filtering: the script uses that time.
		await page.waitForTimeout(2000);
		for (const [name, choose] of [
			["first filter", "const s = document.querySelectorAll('#controls .tools select')[0]; s.value = 'fail'; s.dispatchEvent(new Event('change'));"],
			["next filter", "const s = document.querySelectorAll('#controls .tools select')[0]; s.value = 'pass'; s.dispatchEvent(new Event('change'));"],
			["no filter", "document.querySelector('#controls .tools button').click();"],
		] as const) {
			// What is hidden is laid out anew before the time is taken.
			const taken = await page.evaluate<number>(
				`(() => { const start = performance.now(); ${choose} void document.body.offsetHeight; return performance.now() - start; })()`,
			);
			say(`  ${name}: ${Math.round(taken)} ms${over(taken, browserBudget.filterMs)}`);
		}
	} finally {
		await browser.close();
	}
}

function over(value: number, budget: number | null): string {
	return budget === null ? "" : value <= budget ? ` (of ${budget})` : ` (OVER ${budget})`;
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}
