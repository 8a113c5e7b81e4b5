import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Severity, severities } from "../model/config.ts";
import type { ResultItem } from "../model/result.ts";
import { visible } from "../model/visible-text.ts";
import type { JudgeStackOptions } from "./judge-stack.ts";
import type { WorkerAnswer, WorkerRequest } from "./judge-worker.ts";

export interface JudgeOnSynthOptions extends JudgeStackOptions {
	/** Severity from which on a finding ends the synthesis. "low" for every one, which is the default. */
	failOn?: Severity;
}

/** The part of an app that is used here: `App` of cdktf and of cdktn has it. */
export interface SynthApp {
	readonly node: {
		addValidation(validation: { validate(): string[] }): void;
		findAll(): readonly SynthConstruct[];
	};
	readonly outdir: string;
	readonly manifest: { readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string }>> };
}

interface SynthConstruct {
	readonly node: { readonly path: string; readonly metadata: readonly { readonly type: string; readonly data: unknown }[] };
}

const waiverMetadata = "mailward:waiver";

/**
 * Attaches a validation to an app: `app.synth()`, and with it `cdktf synth`, fails where a stack fails a check, and says at
 * which construct. Findings that a live waiver of `records` covers do not count. What is known only after apply cannot be
 * judged here and does not count either: judge the plan with `mailward scan --plan`.
 *
 *     const app = new App();
 *     new MailStack(app, "mail");
 *     judgeOnSynth(app, { records: "records" });
 *     app.synth();
 */
export function judgeOnSynth(app: SynthApp, options: JudgeOnSynthOptions = {}): void {
	app.node.addValidation({ validate: () => problemsOf(app, options) });
}

/** The part of a construct that is used here. */
export interface WaivableConstruct {
	readonly node: {
		addMetadata(type: string, data: unknown): void;
		addValidation(validation: { validate(): string[] }): void;
		findAll(): readonly object[];
	};
}

/**
 * Says at a construct that a waiver of the records, by its id, covers what fails there. With judgeOnSynth, synthesis holds the two
 * together: it fails when there is no such waiver, when it is no longer live, or when nothing at or below the construct needs it.
 * Each resource at and below the construct carries the name in its comment, {"//": {"mailward": {"waiver": id}}}, so that
 * judgeStack and `mailward scan --plan cdk.tf.json` tell it too, and a waiver whose scope says `namedInStack: true` covers these
 * resources and no others. Plans and states hold no comments: there scope.resources has to name them.
 */
export function waivedBy(construct: WaivableConstruct, waiverId: string): void {
	construct.node.addMetadata(waiverMetadata, waiverId);
	const nameIt = (): string[] => {
		for (const part of construct.node.findAll()) if (isResource(part)) part.addOverride("//.mailward.waiver", waiverId);
		return [];
	};
	nameIt();
	// Once more when the stack is validated, for what is put below the construct later.
	construct.node.addValidation({ validate: nameIt });
}

/** Resources of both frameworks have terraformResourceType and addOverride; so have data sources, where a comment does no harm. */
function isResource(part: object): part is { addOverride(path: string, value: unknown): void } {
	return "terraformResourceType" in part && "addOverride" in part;
}

function problemsOf(app: SynthApp, options: JudgeOnSynthOptions): string[] {
	const { failOn = "low", ...judging } = options;
	const texts = Object.values(app.manifest.stacks).map(({ synthesizedStackPath }) => readFileSync(join(app.outdir, synthesizedStackPath), "utf8"));
	const answer = askWorker({ stacks: texts, options: judging });
	if ("problems" in answer) return [answer.problems];
	const used = new Set<string>();
	const problems: string[] = [];
	for (const [index, { failed, exceptions }] of answer.stacks.entries()) {
		const pathOf = constructPaths(texts[index] ?? "{}");
		for (const one of exceptions) for (const path of ancestors(pathOf(one.resource))) used.add(`${path}\n${one.waiver}`);
		for (const one of failed) {
			if (severities.indexOf(one.severity) <= severities.indexOf(failOn)) problems.push(told(one, pathOf(one.resource)));
		}
	}
	return [...problems, ...uselessWaivers(app, used)];
}

function* uselessWaivers(app: SynthApp, used: ReadonlySet<string>): Generator<string> {
	for (const { node } of app.node.findAll()) {
		for (const { type, data } of node.metadata) {
			if (type !== waiverMetadata || used.has(`${node.path}\n${String(data)}`)) continue;
			yield `[${node.path}] names the waiver ${visible(String(data))}, but no live waiver of that id in the records covers a finding here; renew the record, or take the name away`;
		}
	}
}

function told(one: ResultItem, path: string | undefined): string {
	const at = path === undefined ? one.resource : `[${path}] ${one.resource}`;
	const waiver = one.disposition === "waiver_expired" || one.disposition === "waiver_void" ? `; the waiver ${one.waiver} is ${one.disposition.slice(7)}` : "";
	const observed = one.observed === null || one.observed === undefined ? "nothing" : JSON.stringify(one.observed);
	const [fix = ""] = one.remediation.split("\n");
	return visible(
		`${at}${one.path === null ? "" : ` ${one.path}`}: ${one.message} (${one.check}, ${one.severity}); observed ${observed}, expected ${one.expected ?? "another value"}${waiver}. ${fix}`,
	);
}

/** The path of the construct that made a resource, by the resource's address: cdktf writes it beside each resource. */
function constructPaths(text: string): (address: string) => string | undefined {
	const { resource = {} } = JSON.parse(text) as { resource?: Record<string, Record<string, { "//"?: { metadata?: { path?: string } } }>> };
	return (address) => {
		const [type = "", name = ""] = address.replace(/\[.*$/s, "").split(".");
		return resource[type]?.[name]?.["//"]?.metadata?.path;
	};
}

/** A construct's path and those of the constructs around it, the app's own (the empty one) too. */
function ancestors(path: string | undefined): string[] {
	const parts = path?.split("/") ?? [];
	return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

/** In a process of its own: synthesis is synchronous, judging is not. */
function askWorker(request: WorkerRequest): WorkerAnswer {
	const worker = join(import.meta.dirname, `judge-worker${extname(import.meta.filename)}`);
	const { status, stdout, stderr, error } = spawnSync(process.execPath, [worker], {
		input: JSON.stringify(request),
		encoding: "utf8",
		maxBuffer: 1024 * 1024 * 1024,
	});
	if (error !== undefined) throw error;
	if (status !== 0) throw new Error(`mailward could not judge the stacks: ${stderr.trim()}`);
	return JSON.parse(stdout) as WorkerAnswer;
}
