import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Lab, type LabOptions, type LabWorld, startLab } from "../../lab/index.ts";
import type { ResultDocument, ResultItem } from "../../model/result.ts";

export const root = join(import.meta.dirname, "..", "..");
export const shared = resolve(root, process.env.MAILWARD_SHARED ?? "../shared");
/** The built command line; MAILWARD_CLI names another build. */
export const cli = process.env.MAILWARD_CLI ?? join(root, "dist", "cli", "main.js");
/** The clock of every run here: certificates of the lab and dates of the sample records hold then. */
export const now = "2026-11-24T09:00:00Z";
export const firstStack = join(root, "examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json");

/** Builds dist/ when it is missing or older than a source. Test files run side by side: one builds, the others wait. */
export async function built(): Promise<void> {
	if (process.env.MAILWARD_CLI !== undefined) return;
	const lock = join(root, "node_modules", ".mailward-build");
	for (let waited = 0; ; waited += 100) {
		try {
			mkdirSync(lock);
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
			// A build that was killed leaves its lock behind.
			if (waited > 45_000) rmSync(lock, { recursive: true, force: true });
			await wait(100);
		}
	}
	try {
		if (!existsSync(cli) || newestSource() > statSync(cli).mtimeMs) execFileSync(process.execPath, [join(root, "scripts/build.ts")], { cwd: root });
	} finally {
		rmdirSync(lock);
	}
}

function newestSource(): number {
	let newest = 0;
	for (const folder of ["model", "constructs", "checks", "reports", "pipeline", "cli", "lab"]) {
		for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
			if (!entry.isFile() || /\.test\.ts$|\.test-support\.ts$|\.rego$|\.cases\.yaml$/.test(entry.name) || entry.parentPath.includes("fixtures")) continue;
			newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
		}
	}
	return newest;
}

export interface Run {
	code: number | null;
	stdout: string;
	stderr: string;
	ms: number;
	/** From the signal to the end, when one was sent. */
	stopMs: number | undefined;
}

export interface RunOptions {
	cwd?: string;
	env?: Record<string, string>;
	/** Sent as soon as stderr matches, or after so many milliseconds. */
	interruptOn?: RegExp | number;
	/** Killed after this; the run then has the code null. */
	timeoutMs?: number;
	stdin?: string;
}

/** A real process of the built command line. */
export async function mailward(args: readonly string[], options: RunOptions = {}): Promise<Run> {
	const started = performance.now();
	const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
	const child = spawn(process.execPath, [cli, ...args], {
		cwd: options.cwd ?? root,
		env: { ...env, ...options.env },
		stdio: ["pipe", "pipe", "pipe"],
		timeout: options.timeoutMs ?? 20_000,
		killSignal: "SIGKILL",
	});
	child.stdin.end(options.stdin ?? "");
	let stdout = "";
	let stderr = "";
	let signalled: number | undefined;
	const interrupt = (): void => {
		if (signalled !== undefined) return;
		signalled = performance.now();
		child.kill("SIGINT");
	};
	child.stdout.setEncoding("latin1").on("data", (text: string) => (stdout += text));
	child.stderr.setEncoding("latin1").on("data", (text: string) => {
		stderr += text;
		if (options.interruptOn instanceof RegExp && options.interruptOn.test(stderr)) interrupt();
	});
	if (typeof options.interruptOn === "number") setTimeout(interrupt, options.interruptOn);
	const code = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
	const ended = performance.now();
	return { code, stdout: utf8(stdout), stderr: utf8(stderr), ms: ended - started, stopMs: signalled === undefined ? undefined : ended - signalled };
}

export interface Job {
	args: readonly string[];
	cwd: string;
}

/** Many command lines in one process of the built program, one after the other: most of a short run is start-up. */
export async function batch(jobs: readonly Job[]): Promise<Run[]> {
	const dir = temporaryFolder();
	const [jobsFile, runsFile] = [join(dir, "jobs.json"), join(dir, "runs.json")];
	writeFileSync(jobsFile, JSON.stringify(jobs));
	const program = pathToFileURL(join(dirname(cli), "program.js")).href;
	const child = spawn(process.execPath, [join(import.meta.dirname, "batch-runner.mjs"), program, jobsFile, runsFile], {
		stdio: ["ignore", "inherit", "inherit"],
	});
	const code = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
	if (code !== 0) throw new Error(`the program broke off with ${code}`);
	return (JSON.parse(readFileSync(runsFile, "utf8")) as Omit<Run, "stopMs">[]).map((run) => ({ ...run, stopMs: undefined }));
}

function utf8(latin1: string): string {
	return Buffer.from(latin1, "latin1").toString("utf8");
}

const folders: string[] = [];

export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "mailward-smoke-"));
	folders.push(folder);
	return folder;
}

export function removeTemporaryFolders(): void {
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface Project {
	/** Holds mailward.yaml; runs take it as their working folder. */
	dir: string;
	lab: Lab;
	close(): Promise<void>;
}

/** A lab, and a folder with the mailward.yaml that leads into it. `extra` are further top-level keys. */
export async function labProject(world: LabWorld, extra: Record<string, unknown> = {}, options: LabOptions = {}): Promise<Project> {
	const dir = temporaryFolder();
	const lab = await startLab(world, {
		now: new Date(now),
		timeoutMs: { dns: 200, smtp: 1500, https: 1500 },
		retryWaitMs: 20,
		caFile: join(dir, "ca.pem"),
		rootAnchorsFile: join(dir, "root.ds"),
		...options,
	});
	write(
		join(dir, "mailward.yaml"),
		JSON.stringify({ version: 1, domains: [exemplary], network: { ...lab.network, caFile: "ca.pem", rootAnchors: "root.ds" }, ...extra }),
	);
	return { dir, lab, close: () => lab.close() };
}

export const exemplary = { name: "exemplary.example", dkimSelectors: ["s1", "s2"] };

export function write(file: string, content: string | Uint8Array): string {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
	return file;
}

export function resultIn(dir: string): ResultDocument {
	return JSON.parse(readFileSync(join(dir, "result.json"), "utf8")) as ResultDocument;
}

/** One line per result, for comparing and for reading a failed comparison. */
export function verdicts(results: readonly ResultItem[]): string[] {
	return results.map((one) => `${one.check} ${one.resource} ${one.status}${one.reason === null ? "" : ` ${one.reason.code}`}`).sort();
}

/** Files below a folder with their content, by path. */
export function contents(dir: string): Record<string, string> {
	const files: Record<string, string> = {};
	for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
		if (entry.isFile()) files[join(entry.parentPath, entry.name).slice(dir.length + 1)] = readFileSync(join(entry.parentPath, entry.name), "latin1");
	}
	return files;
}
