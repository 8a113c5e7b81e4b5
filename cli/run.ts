import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResultDocument } from "../model/result.ts";
import { collect, touches } from "../pipeline/collect.ts";
import { evaluateBundle } from "../pipeline/evaluate.ts";
import { exitCodeOf } from "../pipeline/exit-code.ts";
import { prepareOutDir } from "../pipeline/out-dir.ts";
import { formats, themeOf, writeReports } from "../pipeline/report.ts";
import { createLog } from "./log.ts";
import type { Invocation } from "./program.ts";
import { drawProgress } from "./progress.ts";
import { type JudgeOptions, type RunOptions, resolveRequest } from "./run-options.ts";
import { printSummary } from "./summary.ts";
import { createTerminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface ScanOptions extends RunOptions, JudgeOptions {
	format: string[];
	dryRun?: boolean;
}

/** collect + evaluate + report. With --out - the result goes to stdout and nothing is kept. */
export async function runScan(options: ScanOptions, invocation: Invocation): Promise<void> {
	const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
	const { config, request } = await resolveRequest(options);
	if (options.dryRun === true) {
		for (const { target, touches: touched } of touches(config, request)) process.stdout.write(`${target}\n${touched.map((line) => `  ${line}\n`).join("")}`);
		return;
	}
	const toStdout = options.out === "-";
	if (toStdout && options.format.join() !== "json") throw new UsageError("--out - writes one document to stdout: give --format json with it");
	const out = toStdout ? await mkdtemp(join(tmpdir(), "mailward-")) : options.out;
	try {
		if (!toStdout) {
			const moved = await prepareOutDir(out);
			if (moved !== undefined) terminal.line(`the earlier bundle was moved to ${moved}`);
		}
		const { progress, clear } = drawProgress(terminal);
		const fixed = options.now;
		progress({ type: "stage", stage: "collect" });
		await collect({
			config,
			request,
			out,
			profile: options.profile,
			concurrency: options.concurrency,
			now: fixed === undefined ? () => new Date() : () => fixed,
			signal: invocation.signal,
			progress,
			log: createLog({ verbose: options.verbose ?? false, json: options.logFormat === "json" }),
		});
		progress({ type: "stage", stage: "evaluate" });
		const result = await evaluateBundle({ dir: out, include: options.check, skip: options.skip, accept: options.accept });
		if (!toStdout) progress({ type: "stage", stage: "report" });
		await writeReports(out, result, options.format, await themeOf(out, result, request.open));
		clear();
		if (toStdout) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
		printSummary(result, terminal);
		if (!toStdout) terminal.line(written(out, options.format));
		invocation.exit(exitCodeOf(result, { failOn: options.failOn, requireAssessed: options.requireAssessed ?? false }));
	} finally {
		if (toStdout) await rm(out, { recursive: true, force: true });
	}
}

export function written(out: string, wanted: readonly string[]): string {
	return wanted.includes("html")
		? `Report: ${join(out, "report.html")} (open it in a browser); result: ${join(out, "result.json")}`
		: `Result: ${join(out, "result.json")}`;
}

export function parseFormats(text: string): string[] {
	const wanted = text
		.split(",")
		.map((one) => one.trim())
		.filter((one) => one !== "");
	for (const one of wanted) if (!formats.includes(one)) throw new UsageError(`--format ${one}: expected ${formats.join(", ")}`);
	return wanted;
}

export function exitOf(result: ResultDocument, options: JudgeOptions): number {
	return exitCodeOf(result, { failOn: options.failOn, requireAssessed: options.requireAssessed ?? false });
}
