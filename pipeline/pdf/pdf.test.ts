import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../model/source.ts";
import { noBrowser } from "../../reports/testing/browser.ts";
import { findBrowser } from "./find-browser.ts";
import { printPdf } from "./print.ts";

const at = new Date("2026-11-24T09:00:00Z");
const arn = `arn:aws:ses:us-east-1:123456789012:configuration-set/${"a-very-long-name-".repeat(20)}end`;
let dir: string;

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "mailward-pdf-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));
/** Profiles lie in the system's folder for temporary files; none of this process may stay. */
const profiles = async (): Promise<string[]> => (await readdir(dir)).filter((name) => /^mw\w{6}$/.test(name));
let before: string | undefined;
beforeAll(() => {
	before = process.env.TMPDIR;
	process.env.TMPDIR = dir;
});
afterAll(() => {
	if (before === undefined) delete process.env.TMPDIR;
	else process.env.TMPDIR = before;
});
afterEach(async () => expect(await profiles()).toEqual([]));

/** A program that takes the place of the browser. */
async function script(name: string, text: string): Promise<string> {
	const file = join(dir, name);
	await writeFile(file, `#!/bin/sh\n${text}\n`);
	await chmod(file, 0o755);
	return file;
}

/** Whether a process runs. One that was killed and that nobody has asked about is listed as a zombie. */
function isAlive(pid: number): boolean {
	const { stdout, error } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
	if (error !== undefined) throw error;
	return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

function page(body: string): string {
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sample</title><style>
@page{size:A4;margin:20mm;@top-left{content:"Clinic - MW-1"}@bottom-right{content:"Page " counter(page) " of " counter(pages)}}
table{width:100%;table-layout:fixed;border-collapse:collapse}td,th{overflow-wrap:anywhere}thead{display:table-header-group}</style></head><body>${body}</body></html>`;
}

async function pageFile(name: string, body: string): Promise<string> {
	const file = join(dir, name);
	await writeFile(file, page(body));
	return file;
}

function hasTool(name: string): boolean {
	try {
		execFileSync(name, ["-v"], { stdio: "ignore" });
		return true;
	} catch {
		console.log(`${name} is not installed: what a PDF reads as is not tested`);
		return false;
	}
}

describe("findBrowser", () => {
	it("takes what the variable names and nothing else", async () => {
		const own = await script("own-browser", "exit 0");
		expect(await findBrowser({ MAILWARD_CHROMIUM: own, PATH: "/usr/bin" })).toBe(own);
		await expect(findBrowser({ MAILWARD_CHROMIUM: join(dir, "absent"), PATH: "/usr/bin" })).rejects.toThrow(
			/MAILWARD_CHROMIUM names .*absent, which is no program/,
		);
	});
	it("looks on PATH name by name, then in the known places", async () => {
		const chrome = await script("google-chrome", "exit 0");
		expect(await findBrowser({ PATH: `${join(dir, "nowhere")}:${dir}` }, [])).toBe(chrome);
		const chromium = await script("chromium", "exit 0");
		expect(await findBrowser({ PATH: dir }, [])).toBe(chromium);
		expect(await findBrowser({ PATH: "" }, [join(dir, "nowhere"), chrome])).toBe(chrome);
		await rm(chromium);
	});
	it("says what to do where there is none", async () => {
		await expect(findBrowser({ PATH: join(dir, "nowhere") }, [])).rejects.toThrow(InputError);
		await expect(findBrowser({ PATH: "" }, [])).rejects.toThrow(/install it, or set MAILWARD_CHROMIUM/);
		await chmod(join(dir, "google-chrome"), 0o644);
		await expect(findBrowser({ PATH: dir }, [])).rejects.toThrow(InputError);
	});
});

describe("a browser that misbehaves", () => {
	const html = (): Promise<string> => pageFile("plain.html", "<h1>x</h1>");
	const outcome = async (browser: string, more: object = {}): Promise<string> => {
		const pdf = join(dir, "never.pdf");
		await expect(printPdf(await html(), pdf, { browser, at, ...more })).rejects.toThrow();
		const said = await printPdf(await html(), pdf, { browser, at, ...more }).catch((error: Error) => `${error.name}: ${error.message}`);
		expect((await readdir(dir)).filter((name) => name.startsWith("never.pdf"))).toEqual([]);
		return String(said);
	};
	it("ends early: its last words are told", async () => {
		expect(await outcome(await script("ends", "echo no usable sandbox >&2; exit 7"))).toMatch(/^BrowserError: .*ends ended early \(7\): no usable sandbox$/);
	});
	it("cannot be started", async () => {
		const file = await script("unstartable", "");
		await writeFile(file, "#!/nonexistent/interpreter\n");
		expect(await outcome(file)).toMatch(/^BrowserError: .*could not be started: /);
	});
	it("speaks another language", async () => {
		expect(await outcome(await script("babel", "printf 'hello\\0' >&4; sleep 30"))).toMatch(/does not speak the DevTools protocol$/);
	});
	it("refuses", async () => {
		expect(await outcome(await script("refuses", `printf '{"id":1,"error":{"code":1,"message":"not here"}}\\0' >&4; sleep 30`))).toMatch(/refused: not here$/);
	});
	it("never answers: it and its children are killed at the deadline and on interruption", async () => {
		const file = await script("silent", `sleep 600 & echo $! > ${join(dir, "child.pid")}; wait`);
		expect(await outcome(file, { deadlineMs: 400 })).toMatch(/was not done after 0\.4 s and was stopped$/);
		expect(isAlive(Number(await readFile(join(dir, "child.pid"), "utf8")))).toBe(false);
		// Before it starts: it is the new one that is waited for.
		await rm(join(dir, "child.pid"));
		const abort = new AbortController();
		const printing = printPdf(await html(), join(dir, "never.pdf"), { browser: file, at, signal: abort.signal });
		const started = async (): Promise<void> => {
			for (;;) {
				if ((await readFile(join(dir, "child.pid"), "utf8").catch(() => "")).endsWith("\n")) return;
				await new Promise((done) => setTimeout(done, 10));
			}
		};
		await started();
		abort.abort();
		await expect(printing).rejects.toThrow("interrupted");
		expect(isAlive(Number(await readFile(join(dir, "child.pid"), "utf8")))).toBe(false);
		await expect(printPdf(await html(), join(dir, "never.pdf"), { browser: file, at, signal: abort.signal })).rejects.toThrow("interrupted");
	});
});

describe.skipIf(noBrowser !== null)("a printed page", () => {
	it("has tags, an outline, a header, page x of y and the head of a table on every page; what was folded is open, long names wrap", async () => {
		const rows = Array.from({ length: 120 }, (_, index) => `<tr><th scope="row">row ${index}</th><td>${index === 3 ? arn : "value"}</td></tr>`).join("");
		const html = await pageFile(
			"long.html",
			`<h1>First</h1><details><summary>Folded</summary><p>inside the fold</p></details><h2>Second</h2><table><thead><tr><th>Resourcehead</th><th>State</th></tr></thead><tbody>${rows}</tbody></table>`,
		);
		const pdf = join(dir, "long.pdf");
		await printPdf(html, pdf, { browser: await findBrowser(), at });
		const octets = (await readFile(pdf)).toString("latin1");
		expect(octets).toMatch(/\/Marked true/);
		expect(octets).toMatch(/\/StructTreeRoot \d+ 0 R/);
		expect(octets).toMatch(/\/Outlines \d+ 0 R/);
		expect(octets).toMatch(/\/Lang \(en\)/);
		expect(octets).toContain("/CreationDate (D:20261124090000+00'00')");
		if (!hasTool("pdftotext")) return;
		const pages = execFileSync("pdftotext", ["-layout", pdf, "-"], { encoding: "utf8" }).split("\f").slice(0, -1);
		expect(pages.length).toBeGreaterThan(2);
		for (const [index, text] of pages.entries()) {
			expect(text).toContain("Clinic - MW-1");
			expect(text).toContain(`Page ${index + 1} of ${pages.length}`);
			expect(text).toContain("Resourcehead");
		}
		expect(pages[0]).toContain("inside the fold");
		expect(pages.join("").replaceAll(/\s/g, "")).toContain(arn.slice(-100));
	}, 60_000);

	it("is the same octets twice", async () => {
		const html = await pageFile("same.html", "<h1>Same</h1><p>text</p>");
		for (const name of ["one.pdf", "two.pdf"]) await printPdf(html, join(dir, name), { browser: await findBrowser(), at });
		expect((await readFile(join(dir, "one.pdf"))).equals(await readFile(join(dir, "two.pdf")))).toBe(true);
	}, 60_000);

	it("asks nobody for anything: not a server on this machine, not another file, and no name is looked up", async () => {
		const asked: string[] = [];
		const server = createServer((request, response) => {
			asked.push(request.url ?? "");
			response.end("x");
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const { port } = server.address() as AddressInfo;
		const log = join(dir, "net-log.json");
		const real = await findBrowser();
		const logging = await script("logging", `exec "${real}" "$@" --log-net-log=${log} --net-log-capture-mode=Everything`);
		const secret = join(dir, "secret.txt");
		await writeFile(secret, "not for others");
		const html = await pageFile(
			"asking.html",
			`<link rel="stylesheet" href="http://127.0.0.1:${port}/style"><link rel="preconnect" href="http://localhost:${port}"><img src="http://localhost:${port}/image"><img src="https://example.org/image"><iframe src="file://${secret}"></iframe><script>document.title="ran";document.body.append("the script ran")</script><script>fetch("http://127.0.0.1:${port}/fetch")</script><p>still here</p>`,
		);
		const pdf = join(dir, "asking.pdf");
		await printPdf(html, pdf, { browser: logging, at });
		server.close();
		expect(asked).toEqual([]);
		// The log of the browser's own network stack, cut off by the kill at its end: names by number, then one event a line.
		const text = await readFile(log, "utf8");
		const numbers = JSON.parse(/"logEventTypes":(\{[^}]*\})/.exec(text)?.[1] ?? "{}") as Record<string, number>;
		for (const event of ["TCP_CONNECT_ATTEMPT", "UDP_BYTES_SENT", "HOST_RESOLVER_DNS_TASK", "HOST_RESOLVER_SYSTEM_TASK"]) {
			expect(numbers[event], event).toBeTypeOf("number");
			const lines = text.split("\n").filter((line) => new RegExp(`"type":${numbers[event]}[,}]`).test(line));
			expect([event, lines.filter((line) => !line.includes('127.0.0.1:1"'))]).toEqual([event, []]);
		}
		if (hasTool("pdftotext")) {
			const said = execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" });
			expect(said).toContain("still here");
			expect(said).not.toContain("the script ran");
			expect(said).not.toContain("not for others");
		}
	}, 60_000);
});
