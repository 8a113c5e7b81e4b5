import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { openAws } from "../checks/aws/open.ts";
import type { AwsRun } from "../checks/aws/session.ts";
import type { CollectContext, Collector, Log } from "../checks/collectors/collector.ts";
import { linkedHosts } from "../checks/collectors/dns/linked-hosts.ts";
import { publishedKeys, sharedKeys } from "../checks/collectors/dns/shared-keys.ts";
import { waiversOf } from "../checks/collectors/records/waiver-file.ts";
import { createConnector } from "../checks/network/create-connector.ts";
import { createResolver } from "../checks/network/create-resolver.ts";
import { proxyFromEnvironment } from "../checks/network/proxy.ts";
import { type DsRecord, parseAnchors } from "../checks/protocols/dnssec/index.ts";
import { collectors } from "../checks/registry.ts";
import type { Config, Judgement } from "../model/config.ts";
import {
	type AccountLook,
	type AggregatorLook,
	type DeniedCall,
	type Evidence,
	type EvidenceManifest,
	evidenceManifestSchemaId,
	listingId,
	type Target,
	type TargetType,
} from "../model/evidence.ts";
import { readInputFile } from "../model/input-file.ts";
import { chosenGaps } from "../model/reasons.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import type { Baseline } from "./baseline.ts";
import { configSha256, judgementOf } from "./config.ts";
import { readDatedFacts } from "./dated-facts.ts";
import { EvidenceWriter, manifestName, manifestText } from "./evidence-files.ts";
import { type EvidenceImports, readEvidenceFiles } from "./evidence-import.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import type { Progress } from "./progress.ts";
import { readSubjectKey } from "./subject-key.ts";
import { wantedKinds } from "./supply.ts";
import { collectOrder, documentOrder, domainLookup, namedTargets, notRequested, type Request, requestTargets, unique } from "./targets.ts";
import { packageInfo } from "./version.ts";

export interface CollectOptions {
	config: Config;
	request: Request;
	/** An empty folder. */
	out: string;
	profile: string;
	/** How many targets are looked at at once. */
	concurrency: number;
	/** The clock; fixed by --now. */
	now: () => Date;
	signal: AbortSignal;
	progress: Progress;
	log: Log;
	/** Globs over check ids: what no selected check needs is not looked at. */
	include?: readonly string[];
	skip?: readonly string[];
	/** Files of --evidence: signed probes, and reports of TLS test tools. */
	evidence?: readonly string[];
	/** What an earlier scan says. */
	baseline?: Baseline | undefined;
	/** Folder of --data. */
	data?: string | undefined;
	/** File of --subject-key. */
	subjectKey?: string | undefined;
	/** File of --waivers. */
	waivers?: string | undefined;
	/** Told each item as its line in the evidence reads, target by target: what is judged at once need not be read again. */
	written?: (item: Evidence, sha256: string) => void;
}

/** What looking needs, opened once per run: resolver, connector, clock, limits. */
export interface CollectRun {
	context: CollectContext;
	/** Kinds to look at; undefined means all. */
	wanted: ReadonlySet<string> | undefined;
	/** What others saw, joined to what this run sees. */
	imports: EvidenceImports | undefined;
	baseline: Baseline | undefined;
	close(): Promise<void>;
}

export async function openRun(options: Omit<CollectOptions, "out" | "profile" | "concurrency" | "progress">): Promise<CollectRun> {
	const { config, request, now, signal, log } = options;
	const extraRoots = await readRoots("caFile", config, request);
	const wanted = wantedKinds(options.include ?? [], options.skip ?? []);
	const imports = await readEvidenceFiles(options.evidence ?? [], { config, request, now, wanted });
	const aws = await openAccounts(options);
	const resolver = createResolver(config.network, { signal });
	const context: CollectContext = {
		config,
		path: "",
		domain: domainLookup(config, request),
		resolver,
		connector: createConnector(config.network, extraRoots, proxyFromEnvironment(process.env)),
		aws,
		dnssecAnchors: await readAnchors(config, request),
		markAnchors: await readRoots("markAnchors", config, request),
		...readDatedFacts(options.data),
		sends: await openSends(config, request, options.subjectKey),
		now: () => now().toISOString(),
		signal,
		limit: keyedLimiter(),
		log,
	};
	if (wanted !== undefined) context.wants = (kind) => wanted.has(kind);
	return {
		context,
		wanted,
		imports,
		baseline: options.baseline,
		close: async () => {
			options.baseline?.close();
			await resolver.close();
			await aws?.close();
		},
	};
}

async function openSends({ sends }: Config, request: Request, keyFile: string | undefined): Promise<CollectContext["sends"]> {
	const subjectKey = keyFile === undefined ? undefined : await readSubjectKey(keyFile);
	return { files: sends.paths.map((label) => ({ label, path: request.open(label) })), subjectKey };
}

async function openAccounts({ config, request, now, signal }: Pick<CollectOptions, "config" | "request" | "now" | "signal">): Promise<AwsRun | undefined> {
	if (request.aws === undefined) return undefined;
	const calls = { timeoutMs: config.network.timeoutMs.https, maxAttempts: 5, retryMode: "adaptive" } as const;
	return openAws(request.aws, { ...calls, signal, now: () => now().toISOString() });
}

/** Stage 1: looks at every target and writes evidence/*.jsonl and evidence-manifest.json. The same answers give the same bytes at any concurrency. */
export async function collect(options: CollectOptions): Promise<EvidenceManifest> {
	const { request, out, now, signal } = options;
	const startedAt = now().toISOString();
	const run = await openRun(options);
	const collected = new Map<string, Evidence[]>();
	const { aws } = run.context;
	const aggregators = (): AggregatorLook[] => aws?.aggregators() ?? [];
	for (const text of (aws?.accounts ?? []).flatMap((look) => accountNotes(look, run.wanted))) options.progress({ type: "note", text });
	const denied = new Set<string>();
	let targets = [...requestTargets(request), ...(aws?.targets ?? [])];
	try {
		const limit = pLimit(options.concurrency);
		let done = 0;
		for (const type of collectOrder) {
			const batch = targets.filter((target) => target.type === type);
			await Promise.all(
				batch.map((target) =>
					limit(async () => {
						options.progress({ type: "target-started", target: target.id, kind: type });
						const items = await collectTarget(target, run, request);
						collected.set(keyOf(target), items);
						done += 1;
						const errors = items.filter(isFault).length;
						if (type === "account") for (const text of newlyDenied(target, items, denied)) options.progress({ type: "note", text });
						options.progress({ type: "target-finished", target: target.id, kind: type, items: items.length, errors, done, of: targets.length });
					}),
				),
			);
			if (type === "content") run.context.linkedHosts = linkedHosts([...collected.values()].flat());
			targets = unique([...targets, ...batch.flatMap((target) => discoveredBy(target, collected.get(keyOf(target)) ?? [], run))]);
		}
	} finally {
		await run.close();
	}

	for (const look of aggregators()) options.progress({ type: "note", text: aggregatorNote(look) });
	if (options.waivers !== undefined) await addWaivers(options.waivers, targets, collected, startedAt);
	addSharedKeys(targets, collected, now().toISOString());
	targets = documentOrder(targets);
	const writer = new EvidenceWriter(out);
	const denials = deniedCalls(targets.flatMap((target) => collected.get(keyOf(target)) ?? []));
	for (const target of targets) {
		const items = collected.get(keyOf(target)) ?? [];
		collected.delete(keyOf(target));
		await writer.writeTarget(items, options.written);
	}
	const endedAt = now().toISOString();
	const manifest = manifestOf(
		{ ...options, configSha256: configSha256(options.config), judgement: judgementOf(options.config) },
		{ startedAt, endedAt, interrupted: signal.aborted },
		targets,
		denials,
		writer.close(),
	);
	manifest.run.network = networkOf(options.config);
	manifest.run.caller = aws?.caller ?? null;
	if (aws !== undefined) manifest.run.accounts = [...aws.accounts];
	if (aggregators().length > 0) manifest.run.aggregators = aggregators();
	if (run.imports !== undefined) manifest.run.vantage = run.imports.summary();
	if (run.baseline !== undefined) manifest.run.baseline = run.baseline.run;
	await writeFile(join(out, manifestName), manifestText(manifest), { mode: 0o600, flag: "wx" });
	return manifest;
}

/** What a reader wants to know of an account before it is looked at: who looks, where, and what will be missing. */
function accountNotes({ account, state, arn, regions, deniedBeforehand, notEnabled, reason }: AccountLook, wanted: CollectRun["wanted"]): string[] {
	if (state === "not_active") return [`AWS ${account}: not looked at, ${reason?.message}`];
	if (arn === null) return [`AWS ${account}: ${reason?.message}; nothing in it can be assessed`];
	const notes = [`AWS ${account}: looking as ${arn} in ${regions.join(", ")}`];
	const asked = new Set(collectorsOf("account").flatMap((collector) => (isNeeded(collector, wanted) ? collector.iamActions : [])));
	const missing = (deniedBeforehand ?? []).filter((action) => asked.has(action));
	if (missing.length > 0) {
		const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
		notes.push(`AWS ${account}: IAM says that ${missing.slice(0, 5).join(", ")}${more} will be denied; mailward iam-policy prints what to grant`);
	}
	const closed = regions.filter((region) => notEnabled?.includes(region));
	if (closed.length > 0) notes.push(`AWS ${account}: ${closed.join(", ")} is not enabled; nothing there can be assessed`);
	return notes;
}

/** How far an aggregator helped: one that refuses costs calls and no verdict. */
function aggregatorNote({ name, account, answers, failure }: AggregatorLook): string {
	const saved = `AWS ${account}: the aggregator ${name} answered ${answers} ${answers === 1 ? "call" : "calls"}`;
	return failure === null ? saved : `${saved}; the rest was asked account by account, as ${failure.message}`;
}

/** Actions whose first call of an account was denied. */
function newlyDenied(target: Target, items: readonly Evidence[], known: Set<string>): string[] {
	const account = target.id.split("/")[0];
	const actions = new Set(items.flatMap(({ error }) => (error?.code === "permission_denied" && error.detail !== undefined ? [error.detail] : [])));
	const fresh = [...actions].filter((action) => !known.has(`${account} ${action}`)).sort();
	for (const action of fresh) known.add(`${account} ${action}`);
	return fresh.length === 0 ? [] : [`AWS ${target.id}: denied: ${fresh.join(", ")}`];
}

function networkOf({ network }: Config): NonNullable<EvidenceManifest["run"]["network"]> {
	const { resolvers, tlsProfile, tlsDepth, connect, connectOnly, activeTests, timeoutMs, retryWaitMs } = network;
	return {
		resolvers,
		tlsProfile,
		tlsDepth,
		mapped: Object.keys(connect).length,
		connectOnly,
		activeTests: activeTests === undefined ? null : `${activeTests.permittedBy}, ${activeTests.on}`,
		timeoutMs,
		retryWaitMs,
	};
}

/** The waivers of --waivers stand beside those of the records, or where there are none with the first target. */
async function addWaivers(file: string, targets: readonly Target[], collected: Map<string, Evidence[]>, now: string): Promise<void> {
	const holder = targets.find((target) => target.type === "records") ?? targets[0];
	if (holder === undefined) return;
	const items = collected.get(keyOf(holder)) ?? [];
	const known = new Set(items.filter((item) => item.kind === "record.waiver").map((item) => item.id));
	const added = waiversOf(await readInputFile(file, file), file, { target: holder.id, now });
	const twice = added.filter((item) => known.has(item.id));
	if (twice.length > 0) {
		const line = (item: Evidence): number => (item.values as { file: { line: number } }).file.line;
		throw new InputError(
			twice.map((item) => ({
				file,
				line: line(item),
				column: 1,
				code: "REC-106",
				field: "id",
				message: `the records hold a waiver ${item.id} too; give it once`,
			})),
		);
	}
	collected.set(keyOf(holder), [...items, ...added]);
}

/** What only shows over all domains of the run. */
function addSharedKeys(targets: readonly Target[], collected: Map<string, Evidence[]>, now: string): void {
	const domains = targets.filter((target) => target.type === "domain").map((target) => ({ target, items: collected.get(keyOf(target)) ?? [] }));
	const published = domains.map(({ target, items }) => ({ domain: target.id, keys: publishedKeys(target.id, items) }));
	const shared = sharedKeys(published, now);
	for (const { target, items } of domains) collected.set(keyOf(target), [...items, ...(shared.get(target.id) ?? [])]);
}

export function manifestOf(
	{ configSha256: configHash, judgement, request, profile }: Pick<CollectOptions, "request" | "profile"> & { configSha256: string; judgement: Judgement },
	times: { startedAt: string; endedAt: string; interrupted: boolean },
	targets: Target[],
	denied: DeniedCall[],
	files: EvidenceManifest["files"],
): EvidenceManifest {
	const { startedAt, endedAt, interrupted } = times;
	return {
		schema: evidenceManifestSchemaId,
		run: { tool: { name: "mailward", version: packageInfo().version }, startedAt, endedAt, asOf: startedAt, caller: null, vantage: {}, interrupted },
		profile,
		configSha256: configHash,
		judgement,
		targets,
		notRequested: notRequested(request),
		deniedCalls: denied,
		files,
	};
}

/** Targets that a target's evidence opens, as far as anything is wanted of them: one that nobody looks at would only lack its listings. */
export function discoveredBy(target: Target, items: readonly Evidence[], { wanted }: Pick<CollectRun, "wanted">): Target[] {
	const opened = collectorsOf(target.type).flatMap((collector) => collector.discover?.(target, items) ?? []);
	return opened.filter((one) => collectorsOf(one.type).some((collector) => isNeeded(collector, wanted)));
}

/** What a run would touch, without touching it: every host and port, every AWS action. */
export function touches(config: Config, request: Request): { target: string; touches: string[] }[] {
	return namedTargets(request).map((target) => {
		const touched = collectorsOf(target.type).flatMap((collector) => collector.touches(target, { config }));
		return { target: target.id, touches: target.type === "domain" ? [...touched, ...proxyLine(), ...mailServers(target, config)] : touched };
	});
}

function proxyLine(): string[] {
	const proxy = proxyFromEnvironment(process.env);
	return proxy === undefined ? [] : [`tcp ${proxy.host}:${proxy.port} (the proxy of HTTPS_PROXY, for HTTPS that NO_PROXY does not except)`];
}

/** Which hosts they are is known once DNS has been asked, which --dry-run does not do. */
function mailServers(target: Target, { network }: Config): string[] {
	const probes = network.egressProbes.map((probe) => `tcp ${probe}:${network.ports.smtp} (is outgoing SMTP open here?)`);
	return [...probes, `tcp port ${network.ports.smtp} of every MX address of ${target.id} (STARTTLS)`];
}

function collectorsOf(type: TargetType): Collector[] {
	return collectors.filter((collector) => collector.target === type);
}

function keyOf(target: Target): string {
	return `${target.type} ${target.id}`;
}

/** Everything that the collectors of a target's type see of it. */
export async function collectTarget(target: Target, { context, wanted, imports, baseline }: CollectRun, request: Request): Promise<Evidence[]> {
	const items: Evidence[] = [];
	for (const collector of collectorsOf(target.type)) {
		if (!isNeeded(collector, wanted)) continue;
		if (context.signal.aborted) {
			items.push(...interrupted(collector, target, context, items));
			continue;
		}
		const opened = ["plan", "records", "content", "reports"].includes(target.type) ? request.open(target.id) : target.id;
		for await (const item of collector.collect(target, { ...context, path: opened })) items.push(item);
		if (context.signal.aborted) items.push(...interrupted(collector, target, context, items));
	}
	const seen = [...dedupe(items), ...(baseline?.items(target, context.now()) ?? [])];
	return imports === undefined ? seen : imports.merge(target, seen);
}

/** Whether a collector yields what the chosen checks need, or opens the targets whose collectors do. */
function isNeeded(collector: Collector, wanted: ReadonlySet<string> | undefined): boolean {
	if (wanted === undefined) return true;
	const yields = ({ produces }: Collector): boolean => produces.some((kind) => wanted.has(kind) && !kind.startsWith("config."));
	return yields(collector) || (collector.discover !== undefined && collectorsOf("mx").some(yields));
}

/** A run that was stopped says so for every kind it had not listed yet: the gap is never taken as "none". */
function interrupted(collector: Collector, target: Target, context: CollectContext, items: readonly Evidence[]): Evidence[] {
	const listed = new Set(items.filter((item) => item.kind === "listing").map((item) => item.id));
	return collector.produces
		.filter((kind) => !listed.has(listingId(kind, target.id)))
		.map((kind) => ({
			kind: "listing",
			id: listingId(kind, target.id),
			status: "error",
			error: { code: "interrupted", message: "the run was stopped before this was looked at" },
			source: { collector: collector.id, version: "1", call: `list ${kind}`, target: target.id },
			collectedAt: context.now(),
		}));
}

/** Two collectors of one target may state the same fact (a trust anchor): it is kept once. */
function dedupe(items: readonly Evidence[]): Evidence[] {
	const seen = new Map<string, Evidence>();
	for (const item of items) {
		const key = `${item.kind}\n${item.id}`;
		if (!seen.has(key)) seen.set(key, item);
	}
	return [...seen.values()];
}

/** Calls that failed, in the order of the targets and their items. What the user chose not to look at, and what another network saw, is no failed call. */
export function deniedCalls(items: readonly Evidence[]): DeniedCall[] {
	const calls = items
		.filter((item) => isFault(item) && item.kind !== "vantage.observation")
		.map(({ error, source }) => ({ call: error?.detail ?? source.call, target: source.target, code: error?.code ?? "", message: error?.message ?? "" }));
	// A call that was denied for a thousand identities, or that several kinds rest on, was denied once.
	return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

export function isFault(item: Evidence): boolean {
	return item.error !== undefined && !chosenGaps.has(item.error.code);
}

async function readRoots(field: "caFile" | "markAnchors", config: Config, request: Request): Promise<string[]> {
	const file = config.network[field];
	if (file === undefined) return [];
	await refuseNamedPipe(request.open(file), file);
	const text = (await readInputFile(request.open(file), file)).toString("latin1");
	const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g);
	if (blocks === null) throw new InputError([{ file, line: 1, column: 1, field: `network.${field}`, message: "holds no PEM certificate" }]);
	return blocks;
}

/** Trust anchors for DNSSEC, as DS records in presentation form. */
async function readAnchors(config: Config, request: Request): Promise<readonly DsRecord[] | undefined> {
	const file = config.network.rootAnchors;
	if (file === undefined) return undefined;
	await refuseNamedPipe(request.open(file), file);
	const parsed = parseAnchors(decodeUtf8(await readInputFile(request.open(file), file), file));
	if (!parsed.ok) throw new InputError([{ file, line: parsed.error.line, column: 1, field: "network.rootAnchors", message: parsed.error.message }]);
	return parsed.anchors;
}

/** At most `perKey` at once for a key, whoever asks: one SMTP connection per server, however many domains share it. */
function keyedLimiter(): CollectContext["limit"] {
	const limits = new Map<string, ReturnType<typeof pLimit>>();
	return (key, perKey, work) => {
		let limit = limits.get(key);
		if (limit === undefined) {
			limit = pLimit(perKey);
			limits.set(key, limit);
		}
		return limit(work);
	};
}
