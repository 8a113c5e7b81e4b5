import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { BrowserError } from "./browser-error.ts";

export interface BrowserOptions {
	/** Milliseconds until the browser is killed, whatever it does. */
	deadlineMs: number;
	signal?: AbortSignal | undefined;
	/** Called for each event of the page. */
	event(method: string, params: unknown): void;
}

/** Asks one thing of the browser, by its DevTools protocol; sessionId names the page, without it the browser itself is meant. */
export type Send = (method: string, params?: Record<string, unknown>, sessionId?: string) => Promise<unknown>;

/** No answer of the browser is larger: it hands a PDF over in pieces. */
const maxMessageBytes = 64 * 1024 * 1024;
/** What a browser says on its way down is quoted up to here. */
const maxSaidCharacters = 2000;

/**
 * Neither names nor addresses can be reached, background services are off. The report itself forbids every request by its policy; this
 * holds the browser's own errands, too.
 */
const offline = [
	"--headless",
	"--remote-debugging-pipe",
	"--host-resolver-rules=MAP * ~NOTFOUND",
	"--proxy-server=http://127.0.0.1:1",
	"--proxy-bypass-list=<-loopback>",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--disable-extensions",
	"--disable-default-apps",
	"--disable-domain-reliability",
	"--disable-breakpad",
	"--disable-crash-reporter",
	"--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
	"--disable-gpu",
	"--disable-dev-shm-usage",
	"--metrics-recording-only",
	"--no-first-run",
	"--no-default-browser-check",
	"--no-pings",
	"--password-store=basic",
	"--use-mock-keychain",
	"--mute-audio",
	"--hide-scrollbars",
];

const messageSchema = z.object({
	id: z.number().optional(),
	method: z.string().optional(),
	params: z.unknown().optional(),
	result: z.unknown().optional(),
	error: z.object({ message: z.string() }).optional(),
});

/**
 * Runs a browser of the Chromium family for `use`, with a profile of its own that is removed afterwards, and kills it and all its
 * children at the end, at the deadline and when the signal is aborted. Throws BrowserError.
 */
export async function withBrowser<T>(file: string, options: BrowserOptions, use: (send: Send) => Promise<T>): Promise<T> {
	if (options.signal?.aborted === true) throw new BrowserError("interrupted");
	// A short name: the browser's socket lies two names below, and the path of a socket holds 103 octets on some systems (sun_path).
	const home = await mkdtemp(join(tmpdir(), "mw"));
	const child = start(file, home);
	const ended = new Promise<void>((resolve) => {
		child.once("close", () => resolve());
		child.once("error", () => resolve());
	});
	let stop: (error: Error) => void = () => undefined;
	const stopped = new Promise<never>((_resolve, reject) => {
		stop = reject;
	});
	const onAbort = (): void => stop(new BrowserError("interrupted"));
	const timer = setTimeout(() => stop(new BrowserError(`${file} was not done after ${options.deadlineMs / 1000} s and was stopped`)), options.deadlineMs);
	options.signal?.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([use(connect(child, file, options.event, stop)), stopped]);
	} finally {
		clearTimeout(timer);
		options.signal?.removeEventListener("abort", onAbort);
		kill(child);
		await ended;
		await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
	}
}

function start(file: string, home: string): ChildProcess {
	// Chromium's own sandbox refuses to run for root, as in most containers.
	const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
	const { PATH, LD_LIBRARY_PATH, FONTCONFIG_FILE, FONTCONFIG_PATH } = process.env;
	return spawn(file, [...offline, ...asRoot, `--user-data-dir=${join(home, "profile")}`, "about:blank"], {
		stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
		// Credentials in the environment are none of its business, and its caches lie in the profile.
		env: { PATH, LD_LIBRARY_PATH, FONTCONFIG_FILE, FONTCONFIG_PATH, HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: home, LANG: "C.UTF-8" },
		cwd: home,
		// A group of its own, which is killed as a whole.
		detached: true,
	});
}

function kill(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, "SIGKILL");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}

/** Messages are JSON, each ended by a zero octet: written to descriptor 3, read from descriptor 4. */
function connect(child: ChildProcess, file: string, event: BrowserOptions["event"], stop: (error: Error) => void): Send {
	const [, , said, input, output] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
	const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
	let words = "";
	said.setEncoding("utf8").on("data", (text: string) => {
		words = `${words}${text}`.slice(-maxSaidCharacters);
	});
	child.once("error", (error) => stop(new BrowserError(`${file} could not be started: ${error.message}`)));
	child.once("close", (code, signal) => stop(new BrowserError(`${file} ended early (${signal ?? code}): ${words.trim() || "it said nothing"}`)));
	// Its end is told by the process; a pipe that breaks on the way says no more.
	for (const stream of [input, output]) stream.on("error", () => undefined);
	let pieces: Buffer[] = [];
	let bytes = 0;
	const take = (text: string): void => {
		const message = messageSchema.parse(JSON.parse(text));
		if (message.id === undefined) {
			if (message.method !== undefined) event(message.method, message.params);
			return;
		}
		const asked = waiting.get(message.id);
		waiting.delete(message.id);
		if (message.error === undefined) asked?.resolve(message.result);
		else asked?.reject(new BrowserError(`${file} refused: ${message.error.message}`));
	};
	output.on("data", (chunk: Buffer) => {
		let from = 0;
		for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
			const text = Buffer.concat([...pieces, chunk.subarray(from, end)]).toString("utf8");
			pieces = [];
			bytes = 0;
			from = end + 1;
			try {
				take(text);
			} catch (error) {
				stop(new BrowserError(`${file} does not speak the DevTools protocol`, { cause: error }));
			}
		}
		pieces.push(chunk.subarray(from));
		bytes += chunk.length - from;
		if (bytes > maxMessageBytes) stop(new BrowserError(`${file} sent a message of more than ${maxMessageBytes} bytes`));
	});
	let last = 0;
	return (method, params = {}, sessionId) => {
		last += 1;
		const id = last;
		input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
		return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
	};
}
