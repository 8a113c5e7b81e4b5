import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { type Send, withBrowser } from "./browser.ts";
import { BrowserError } from "./browser-error.ts";

export interface PrintOptions {
	/** The browser, see findBrowser. */
	browser: string;
	/** Written into the file as its time of creation, so that the same report gives the same octets. */
	at: Date;
	signal?: AbortSignal | undefined;
	/** Milliseconds; default 5 minutes, ample for the largest report. */
	deadlineMs?: number | undefined;
}

const defaultDeadlineMs = 300_000;

const targetSchema = z.object({ targetId: z.string() });
const sessionSchema = z.object({ sessionId: z.string() });
const pausedSchema = z.object({ requestId: z.string(), request: z.object({ url: z.string() }) });
const navigatedSchema = z.object({ errorText: z.string().optional() });
const streamSchema = z.object({ stream: z.string() });
const pieceSchema = z.object({ data: z.string(), base64Encoded: z.boolean().optional(), eof: z.boolean() });

/** Nothing folded away on paper, whatever was folded on the screen. */
const unfold = "for (const one of document.querySelectorAll('details')) one.open = true";

/**
 * Prints an HTML file to a tagged PDF with an outline, on the pages that its own style sets. The file is written whole or not at all,
 * readable by its owner alone. No request but that for the file itself is let through. Throws BrowserError.
 */
export async function printPdf(html: string, pdf: string, options: PrintOptions): Promise<void> {
	const own = pathToFileURL(resolve(html)).href;
	let loaded: () => void = () => undefined;
	const load = new Promise<void>((done) => {
		loaded = done;
	});
	let answer: (params: unknown) => void = () => undefined;
	const event = (method: string, params: unknown): void => {
		if (method === "Page.loadEventFired") loaded();
		else if (method === "Fetch.requestPaused") answer(params);
	};
	const partial = `${pdf}.partial`;
	try {
		await withBrowser(options.browser, { deadlineMs: options.deadlineMs ?? defaultDeadlineMs, signal: options.signal, event }, async (send) => {
			const { targetId } = targetSchema.parse(await send("Target.createTarget", { url: "about:blank" }));
			const { sessionId } = sessionSchema.parse(await send("Target.attachToTarget", { targetId, flatten: true }));
			const page: Send = (method, params) => send(method, params, sessionId);
			answer = (params) => {
				const { requestId, request } = pausedSchema.parse(params);
				const verdict =
					request.url === own ? page("Fetch.continueRequest", { requestId }) : page("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
				// A page that is gone by now needs no answer; whatever else goes wrong shows in what is asked next.
				verdict.catch(() => undefined);
			};
			await page("Page.enable");
			await page("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
			// What the report's own script does is for the screen; on paper nothing runs.
			await page("Emulation.setScriptExecutionDisabled", { value: true });
			const { errorText } = navigatedSchema.parse(await page("Page.navigate", { url: own }));
			if (errorText !== undefined) throw new BrowserError(`${html} could not be opened: ${errorText}`);
			await load;
			await page("Runtime.evaluate", { expression: unfold });
			const { stream } = streamSchema.parse(
				await page("Page.printToPDF", {
					preferCSSPageSize: true,
					printBackground: true,
					generateTaggedPDF: true,
					generateDocumentOutline: true,
					transferMode: "ReturnAsStream",
				}),
			);
			await save(page, stream, partial);
		});
		await fixTimes(partial, options.at);
		await rename(partial, pdf);
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}

async function save(page: Send, handle: string, file: string): Promise<void> {
	const out = await open(file, "w", 0o600);
	try {
		for (let more = true; more; ) {
			const piece = pieceSchema.parse(await page("IO.read", { handle, size: 1024 * 1024 }));
			await out.write(Buffer.from(piece.data, piece.base64Encoded === true ? "base64" : "latin1"));
			more = !piece.eof;
		}
	} finally {
		await out.close();
	}
}

/** The browser writes the time of day into the first object of the file; a time of the same length keeps every offset. */
async function fixTimes(file: string, at: Date): Promise<void> {
	const handle = await open(file, "r+");
	try {
		const head = Buffer.alloc(4096);
		const { bytesRead } = await handle.read(head, 0, head.length, 0);
		const text = head.subarray(0, bytesRead).toString("latin1");
		if (!text.startsWith("%PDF-")) throw new BrowserError("the browser wrote no PDF");
		const stamp = `D:${at.toISOString().replaceAll(/[-:T]|\..*/g, "")}+00'00'`;
		const fixed = text.replaceAll(/(?<=\/(?:CreationDate|ModDate) ?\()D:\d{14}[+-]\d{2}'\d{2}'(?=\))/g, stamp);
		await handle.write(Buffer.from(fixed, "latin1"), 0, bytesRead, 0);
	} finally {
		await handle.close();
	}
}
