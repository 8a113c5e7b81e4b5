/**
 * Takes docs/screenshots/*.png of the demo's reports with a headless Chromium, and of pages of the printed one with poppler's pdftotext
 * and pdftoppm. Sizes and crops are fixed; fonts and clock are the machine's.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContextOptions, chromium } from "playwright-core";
import { demo } from "../pipeline/demo.ts";
import { findBrowser } from "../pipeline/pdf/find-browser.ts";
import { printPdf } from "../pipeline/pdf/print.ts";

interface Shot {
	name: string;
	/** Below the demo's folder. */
	file: string;
	/** The element at whose top the picture begins. */
	from: string;
	/** The element whose column it shows. */
	within: string;
	/** CSS pixels. */
	height: number;
	context: BrowserContextOptions;
}

const maxBytes = 300_000;
/** White around an element, in CSS pixels. */
const margin = 32;
const desktop: BrowserContextOptions = { viewport: { width: 1360, height: 900 } };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 820 }, deviceScaleFactor: 2, isMobile: true };
const parts = [
	{ name: "cover", from: ".cover", within: ".cover", height: 900, printed: /./ },
	{ name: "summary", from: "#summary-title", within: "#summary", height: 904, printed: /^\d+ Executive summary$/m },
	{ name: "control", from: "#control-TEC-10", within: "#controls", height: 904, printed: /^TEC-10 .*\n+ *[A-Z][a-z ]+ {2,}(?:Addressable|Required)/m },
	{ name: "findings", from: "#findings-title", within: "#findings", height: 904, printed: /^\d+ Findings register$/m },
] as const;
const shots: readonly Shot[] = [
	...parts.map((part) => ({ ...part, name: `report-${part.name}`, file: "typical/report.html", context: desktop })),
	...parts.map((part) => ({ ...part, name: `report-${part.name}-phone`, file: "typical/report.html", height: 822, context: phone })),
	{ name: "portfolio", file: "index.html", from: "h1", within: "body", height: 998, context: { viewport: { width: 1200, height: 900 } } },
];

const folder = join(import.meta.dirname, "..", "docs", "screenshots");
const work = mkdtempSync(join(tmpdir(), "mailward-screenshots-"));
const out = join(work, "demo");
try {
	await demo({ out, signal: new AbortController().signal, progress: () => undefined });
	mkdirSync(folder, { recursive: true });
	const browser = await chromium.launch({
		executablePath: await findBrowser(),
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
	try {
		for (const { name, file, from, within, height, context } of shots) {
			// Only what is in sight is drawn: a report is hundreds of screens high.
			const viewport = { width: context.viewport?.width ?? 1360, height };
			const opened = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", ...context, viewport });
			const page = await opened.newPage();
			await page.goto(pathToFileURL(join(out, file)).href);
			const [top, column] = [await page.locator(from).first().boundingBox(), await page.locator(within).first().boundingBox()];
			if (top === null || column === null) throw new Error(`${file} has no ${from} in ${within}`);
			const x = Math.max(0, column.x - margin);
			const width = Math.min(viewport.width - x, column.width + 2 * margin);
			await page.evaluate(`scrollTo(0, ${Math.max(0, top.y - margin)})`);
			await page.screenshot({ path: join(folder, `${name}.png`), clip: { x, y: 0, width, height }, timeout: 120_000 });
			await opened.close();
			tell(name);
		}
	} finally {
		await browser.close();
	}
	const pdf = join(work, "report.pdf");
	await printPdf(join(out, "typical/report.html"), pdf, { browser: await findBrowser(), at: new Date(0) });
	const pages = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).split("\f");
	for (const { name, printed } of parts) {
		const page = pages.findIndex((text) => printed.test(text)) + 1;
		if (page === 0) throw new Error(`no page of the printed report shows ${printed}`);
		const only = ["-f", String(page), "-l", String(page), "-r", "80", "-png", "-singlefile"];
		execFileSync("pdftoppm", [...only, pdf, join(folder, `report-${name}-page`)]);
		tell(`report-${name}-page`);
	}
} finally {
	rmSync(work, { recursive: true, force: true });
}

function tell(name: string): void {
	const { size } = statSync(join(folder, `${name}.png`));
	if (size > maxBytes) throw new Error(`${name}.png has ${size} bytes; at most ${maxBytes} are wanted`);
	process.stdout.write(`docs/screenshots/${name}.png ${Math.round(size / 1000)} kB\n`);
}
