import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { type Baseline, readBaseline } from "../pipeline/baseline.ts";
import { manifestSha256Of } from "../pipeline/bundle/previous.ts";
import { sealOf } from "../pipeline/bundle/seal-of.ts";
import { zipBundle } from "../pipeline/bundle/zip.ts";
import { collect, touches } from "../pipeline/collect.ts";
import { scanDomainList } from "../pipeline/domain-list.ts";
import { evaluateBundle } from "../pipeline/evaluate.ts";
import type { HashedItem } from "../pipeline/evidence-files.ts";
import { type ExitPolicy, exitCodeOf } from "../pipeline/exit-code.ts";
import { prepareOutDir } from "../pipeline/out-dir.ts";
import { checkNewFile } from "../pipeline/probe.ts";
import type { RedactOptions } from "../pipeline/redact/redact-bundle.ts";
import { checkFormats, formats, logoOf, themeOf, writeReports } from "../pipeline/report.ts";
import type { Request } from "../pipeline/targets.ts";
import { fitHeap, growNewSpace } from "./heap.ts";
import type { Invocation } from "./invocation.ts";
import { createLog } from "./log.ts";
import { drawProgress } from "./progress.ts";
import { asksForAws, checkGlobs, type JudgeOptions, type RunOptions, resolveRequest } from "./run-options.ts";
import { printSummary } from "./summary.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface ScanOptions extends RunOptions, JudgeOptions {
	format: string[];
	bundle?: string;
	recipient: string[];
	redact?: boolean;
	finding: string[];
	dryRun?: boolean;
	resume?: boolean;
}

/** collect + evaluate + report. With --out - the result goes to stdout and nothing is kept. */
export async function runScan(options: ScanOptions, invocation: Invocation): Promise<void> {
	const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
	checkGlobs(options);
	const { config, request } = await resolveRequest(options);
	if (options.dryRun === true) {
		for (const { target, touches: touched } of touches(config, request)) process.stdout.write(`${target}\n${touched.map((line) => `  ${line}\n`).join("")}`);
		return;
	}
	if (options.domains !== undefined) return runDomainList(options, config, request, invocation, terminal);
	fitHeap(request);
	const pack = await packerOf(options);
	if (options.resume === true) throw new UsageError("--resume continues a run over --domains FILE: give the same list again");
	const toStdout = options.out === "-";
	if (toStdout && options.format.join() !== "json") throw new UsageError("--out - writes one document to stdout: give --format json with it");
	if (toStdout && options.bundle !== undefined) throw new UsageError("--out - keeps no bundle: leave --bundle out, or give --out a folder");
	await checkFormats(options.format);
	if (toStdout && options.redact === true) throw new UsageError("--redact writes a second bundle: give --out a folder");
	if (options.redact === true && options.finding.length > 0) throw new UsageError(findingOfRedacted);
	const seal = await sealOf(config, request.open);
	await logoOf(config.report, request.open);
	// The bundle that stands at --out is moved aside below.
	const baseline = await baselineOf(options, config);
	let previous: string | undefined;
	const out = toStdout ? await mkdtemp(join(tmpdir(), "mailward-")) : options.out;
	try {
		if (!toStdout) {
			const moved = await prepareOutDir(out);
			if (moved !== undefined) {
				previous = await manifestSha256Of(moved);
				terminal.line(`the earlier bundle was moved to ${moved}`);
			}
		}
		const { progress, clear } = drawProgress(terminal);
		const fixed = options.now;
		progress({ type: "stage", stage: "collect" });
		const evidence: HashedItem[] = [];
		await collect({
			written: (item, sha256) => evidence.push({ item, sha256 }),
			config,
			request,
			out,
			profile: options.profile,
			concurrency: options.concurrency,
			now: fixed === undefined ? () => new Date() : () => fixed,
			signal: invocation.signal,
			progress,
			log: createLog({ verbose: options.verbose ?? false, json: options.logFormat === "json" }),
			include: options.check,
			skip: options.skip,
			evidence: options.evidence,
			baseline,
			subjectKey: options.subjectKey,
			waivers: options.waivers,
			data: options.data,
		});
		progress({ type: "stage", stage: "evaluate" });
		const result = await evaluateBundle({ dir: out, evidence, include: options.check, skip: options.skip, accept: options.accept });
		if (!toStdout) progress({ type: "stage", stage: "report" });
		if (options.format.includes("pdf")) terminal.line(printing);
		const omitted = await writeReports(
			out,
			result,
			options.format,
			await themeOf(out, result, request.open),
			{
				...seal,
				previous,
				signal: invocation.signal,
			},
			options.finding,
		);
		const shared = options.redact === true ? await redact(out, options.format, { ...seal, signal: invocation.signal }, terminal) : out;
		await pack(shared);
		clear();
		if (toStdout) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
		printSummary(result, terminal);
		checkJudged(result, options);
		for (const said of omitted) terminal.line(said);
		if (!toStdout) terminal.line(written(out, options.format));
		if (options.bundle !== undefined) terminal.line(`Bundle: ${options.bundle}`);
		invocation.exit(exitOf(result, options));
	} finally {
		if (toStdout) await rm(out, { recursive: true, force: true });
	}
}

export async function baselineOf(options: RunOptions, config: Config): Promise<Baseline | undefined> {
	if (options.baseline === undefined) return undefined;
	return readBaseline(options.baseline, { now: options.now ?? new Date(), timeZone: config.entity.timeZone });
}

/** --domains FILE: results.jsonl, summary.json and evidence, target by target. */
async function runDomainList(options: ScanOptions, config: Config, request: Request, invocation: Invocation, terminal: Terminal): Promise<void> {
	if (options.out === "-") throw new UsageError("--domains writes files: give --out a folder");
	if (options.redact === true) throw new UsageError("--redact speaks of one bundle: it does not go with --domains");
	if (options.finding.length > 0) throw new UsageError("--finding speaks of one report: it does not go with --domains");
	if (options.bundle !== undefined) throw new UsageError("--bundle packs one bundle: it does not go with --domains");
	if (options.evidence.length > 0) throw new UsageError("--evidence speaks of the domains of one scan: name them with --domain instead of --domains");
	if (asksForAws(options))
		throw new UsageError(
			"--aws, --aws-organization, --region and --role-arn speak of the accounts of one scan: name the domains with --domain instead of --domains",
		);
	if (options.waivers !== undefined) throw new UsageError("--waivers speaks of one scan: name its domains with --domain instead of --domains");
	// What stands at --out is moved aside below.
	const baseline = await baselineOf(options, config);
	const { out } = options;
	if (options.resume !== true) {
		const moved = await prepareOutDir(out);
		if (moved !== undefined) terminal.line(`the earlier bundle was moved to ${moved}`);
	}
	const { progress, clear } = drawProgress(terminal);
	const fixed = options.now;
	// A list goes on for long: a fiftieth of the CPU time for some 10 MB.
	growNewSpace(30);
	const { summary, exitCode } = await scanDomainList({
		config,
		request,
		out,
		profile: options.profile,
		concurrency: options.concurrency,
		now: fixed === undefined ? () => new Date() : () => fixed,
		fixedClock: fixed?.toISOString() ?? null,
		signal: invocation.signal,
		progress,
		log: createLog({ verbose: options.verbose ?? false, json: options.logFormat === "json" }),
		include: options.check,
		skip: options.skip,
		accept: options.accept,
		subjectKey: options.subjectKey,
		data: options.data,
		baseline,
		resume: options.resume ?? false,
		exitPolicy: exitPolicyOf(options),
	});
	clear();
	const { pass, fail, not_assessed } = summary.totals;
	terminal.line(
		`${summary.domains} of ${request.domains.length} domains, ${summary.hosts} MX addresses: ${pass} passed, ${fail} failed, ${not_assessed} not assessed.`,
	);
	terminal.line(
		summary.interrupted
			? `Interrupted; continue with: mailward scan --domains ${options.domains} --out ${out} --resume`
			: `Results: ${join(out, "results.jsonl")}; summary: ${join(out, "summary.json")}`,
	);
	invocation.exit(exitCode);
}

export function written(out: string, wanted: readonly string[]): string {
	if (wanted.includes("pdf")) return `Report: ${join(out, "report.pdf")} and report.html; result: ${join(out, "result.json")}`;
	return wanted.includes("html")
		? `Report: ${join(out, "report.html")} (open it in a browser); result: ${join(out, "result.json")}`
		: `Result: ${join(out, "result.json")}`;
}

/** Said before it: it takes seconds, for a very large report a minute. */
export const printing = "Printing report.pdf";

export const recipientHelp = "encrypt the packed bundle to age1... or to an X.509 certificate in PEM (repeatable); age, or openssl cms -decrypt, opens it";

/** What --bundle and --recipient ask for, looked at before a long run: packs a bundle, or does nothing without --bundle. Throws InputError. */
export async function packerOf(options: { bundle?: string; recipient: readonly string[] }): Promise<(dir: string) => Promise<void>> {
	const { bundle, recipient } = options;
	if (bundle === undefined) {
		if (recipient.length > 0) throw new UsageError("--recipient encrypts the packed bundle: name its file with --bundle");
		return async () => undefined;
	}
	await checkNewFile(bundle);
	const encrypt = recipient.length === 0 ? undefined : await (await import("../pipeline/bundle/encrypt.ts")).encryptFor(recipient);
	return (dir) => zipBundle(dir, bundle, encrypt);
}

export const findingHelp = "write this finding on a page of its own too, for whoever fixes it (repeatable): its id, or that of one of its results";

/** Redaction changes the words that a finding's id is made from. */
export const findingOfRedacted = "--finding does not go with --redact: the redacted report has ids of its own";

export const redactHelp = "write a second bundle for sharing beside the bundle: ordinal names for whatever identifies somebody, and no evidence";

/** Writes the redacted bundle and says where it and its map are. */
export async function redact(dir: string, wanted: readonly string[], seal: RedactOptions["seal"], terminal: Terminal): Promise<string> {
	const { redactBundle } = await import("../pipeline/redact/redact-bundle.ts");
	const redacted = await redactBundle({ dir, formats: wanted, seal });
	if (redacted.moved !== undefined) terminal.line(`the earlier redacted bundle was moved to ${redacted.moved}`);
	for (const said of redacted.omitted) terminal.line(said);
	terminal.line(`Redacted: ${redacted.dir}; what stands for what, to be kept here: ${redacted.map}`);
	return redacted.dir;
}

export const formatHelp = `report files to write, separated by commas: ${formats.join(", ")}`;

export function parseFormats(text: string): string[] {
	const wanted = text
		.split(",")
		.map((one) => one.trim())
		.filter((one) => one !== "");
	for (const one of wanted) if (!formats.includes(one)) throw new UsageError(`--format ${one}: expected ${formats.join(", ")}`);
	return wanted;
}

/** A choice of checks that no given target can answer judges nothing: that must not read as good. */
export function checkJudged(result: ResultDocument, options: JudgeOptions): void {
	if (result.results.length > 0 || result.run.interrupted || options.check.length + options.skip.length === 0) return;
	throw new UsageError("nothing was judged: no check that --check and --skip leave looks at the targets given; mailward checks says where each one looks");
}

export function exitOf(result: ResultDocument, options: JudgeOptions): number {
	return exitCodeOf(result, exitPolicyOf(options));
}

function exitPolicyOf(options: JudgeOptions): ExitPolicy {
	return { failOn: options.failOn, requireAssessed: options.requireAssessed ?? false };
}
