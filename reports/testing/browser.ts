import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = process.env.MAILWARD_CHROMIUM ?? "/usr/bin/chromium";

/** Why tests that need a browser are skipped here; null when there is one. Printed once, so that no skip goes unseen. */
export const noBrowser: string | null = existsSync(executablePath)
	? null
	: `no Chromium at ${executablePath} (set MAILWARD_CHROMIUM): tests of the rendered report are skipped`;
if (noBrowser !== null) console.log(noBrowser);

export function launch(): Promise<Browser> {
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
}

/** Runs an expression in the page. It is text, because the project is compiled without the types of a browser. */
export function inPage<T>(page: Page, expression: string): Promise<T> {
	return page.evaluate<T>(expression);
}

export interface Opened {
	page: Page;
	/** Addresses the page asked for, its own file left out. None was let through. */
	requests: string[];
	dialogs: string[];
	errors: string[];
}

/** Opens a report as a reader does, from disk, and hands it over with everything it tried. */
export async function withReport<T>(browser: Browser, html: string, options: BrowserContextOptions, use: (opened: Opened) => Promise<T>): Promise<T> {
	const dir = await mkdtemp(join(tmpdir(), "mailward-report-"));
	const context = await browser.newContext(options);
	try {
		const file = join(dir, "report.html");
		await writeFile(file, html);
		const own = pathToFileURL(file).href;
		const opened: Opened = { page: await context.newPage(), requests: [], dialogs: [], errors: [] };
		await context.route("**/*", async (route) => {
			const url = route.request().url();
			if (url === own || url.startsWith("data:")) return route.continue();
			opened.requests.push(url);
			return route.abort();
		});
		opened.page.on("dialog", async (dialog) => {
			opened.dialogs.push(dialog.message());
			await dialog.dismiss();
		});
		opened.page.on("pageerror", (error) => opened.errors.push(error.message));
		await opened.page.goto(own);
		return await use(opened);
	} finally {
		await context.close();
		await rm(dir, { recursive: true, force: true });
	}
}
