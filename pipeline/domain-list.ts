import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { domainToASCII } from "node:url";
import { linkedHosts } from "../checks/collectors/dns/linked-hosts.ts";
import { publishedKeys, sharedKeys } from "../checks/collectors/dns/shared-keys.ts";
import { evaluate } from "../checks/engine/evaluate.ts";
import { EvidenceStore } from "../checks/engine/evidence-store.ts";
import type { CheckMetadata } from "../checks/engine/metadata.ts";
import { allChecks, loadPolicyLock } from "../checks/engine/policy-lock.ts";
import { selectChecks } from "../checks/engine/selection.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { byCodeUnit, evidenceLine, sha256Hex } from "../model/canonical.ts";
import { type DomainConfig, domainConfigSchema, type Judgement } from "../model/config.ts";
import type { Evidence, EvidenceManifest, Target } from "../model/evidence.ts";
import { readInputFile } from "../model/input-file.ts";
import { countStates, type ResultDocument, type State, type Totals } from "../model/result.ts";
import { decodeUtf8, InputError, type Problem } from "../model/source.ts";
import { type CollectOptions, collectTarget, deniedCalls, discoveredBy, isFault, manifestOf, openRun } from "./collect.ts";
import { configSha256, judgementOf } from "./config.ts";
import { listResultsName } from "./earlier-results.ts";
import { EvidenceWriter, manifestName, manifestText } from "./evidence-files.ts";
import { type ExitPolicy, exitCodeOf, exitCodes } from "./exit-code.ts";
import { type DomainEntry, type EvidenceLine, type EvidenceOctets, Journal, journalName } from "./journal.ts";
import { judging } from "./judging.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import { SingleFlight } from "./single-flight.ts";
import { requestTargets } from "./targets.ts";

export interface DomainListOptions extends Omit<CollectOptions, "request"> {
	request: CollectOptions["request"];
	include: readonly string[];
	skip: readonly string[];
	accept: readonly string[];
	/** Continue the run whose journal stands in `out`. */
	resume: boolean;
	/** A clock fixed by --now: results then say so; null for the real one. */
	fixedClock: string | null;
	exitPolicy: ExitPolicy;
}

export interface DomainListSummary {
	schema: "mailward/summary/v1";
	domains: number;
	hosts: number;
	interrupted: boolean;
	totals: Totals;
	/** By check: how many domains it fails for, and for how many it could not be assessed. */
	checks: Record<string, { fail: number; not_assessed: number }>;
	/** Exit code of each domain on its own, counted. */
	exits: Record<string, number>;
}

/** One domain a line; blank lines and # comments are left out. All wrong lines are reported at once. Repeated names are scanned once. */
export async function readDomainList(file: string, known: (name: string) => DomainConfig | undefined): Promise<DomainConfig[]> {
	if (file !== "-") await refuseNamedPipe(file, file);
	const octets = file === "-" ? Buffer.from(await text(process.stdin)) : await readInputFile(file, file);
	const shown = file === "-" ? "stdin" : file;
	const problems: Problem[] = [];
	const domains = new Map<string, DomainConfig>();
	for (const [index, raw] of decodeUtf8(octets, shown).split("\n").entries()) {
		const line = raw.trim();
		if (line === "" || line.startsWith("#")) continue;
		const bare = line.replace(/\.$/, "");
		const name = domainToASCII(bare) || bare.toLowerCase();
		const parsed = domainConfigSchema.safeParse(known(name) ?? { name });
		if (parsed.success && name.includes(".")) domains.set(name, { ...parsed.data, name });
		else if (problems.length < 20) problems.push({ file: shown, line: index + 1, column: 1, message: "is no domain name, such as example.org; one a line" });
	}
	if (problems.length > 0) throw new InputError(problems);
	if (domains.size === 0) throw new InputError([{ file: shown, line: 1, column: 1, message: "names no domain; write one a line" }]);
	return [...domains.values()];
}

/**
 * Scans a list of domains, target by target: evidence and results go to disk as they come, an MX address is looked at once,
 * and what was finished survives a kill. Memory does not grow with the list but for names and offsets.
 */
export async function scanDomainList(options: DomainListOptions): Promise<{ summary: DomainListSummary; exitCode: number }> {
	const { config, request, out, signal } = options;
	const lock = loadPolicyLock();
	const header = {
		listSha256: sha256Hex(request.domains.map((domain) => domain.name).join("\n")),
		configSha256: configSha256(config),
		policySha256: lock.wasmSha256,
		profile: options.profile,
		asOf: options.fixedClock,
		options: JSON.stringify([options.include, options.skip, options.accept, options.baseline?.run.sha256]),
	};
	const startedAt = options.now().toISOString();
	const fixed: Fixed = {
		startedAt,
		configSha256: header.configSha256,
		judgement: judgementOf(config),
		shared: sharedTargets(request),
		checks: selectChecks(allChecks(), options.include, options.skip),
	};
	const journal = options.resume ? Journal.resume(out, header) : Journal.create(out, header);
	// A list is about domains alone: the configuration's accounts belong to the scan of the entity.
	const run = await openRun({ ...options, request: { ...request, aws: undefined } });
	try {
		const shared: Evidence[] = [];
		for (const target of fixed.shared) shared.push(...(await collectTarget(target, run, request)));
		run.context.linkedHosts = linkedHosts(shared);
		const sharedSeen = seenOf(shared);
		const hosts = new SingleFlight<Seen[]>(512);
		const look = (target: Target): Promise<Seen[]> =>
			hosts.run(target.id, async () => {
				if (journal.hasHost(target.id)) return journal.host(target.id).map(seenLine);
				const seen = seenOf(await collectTarget(target, run, request));
				if (!signal.aborted) journal.appendHost(target.id, seen);
				return seen;
			});
		let next = 0;
		const total = request.domains.length;
		const worker = async (): Promise<void> => {
			while (!signal.aborted && next < total) {
				const index = next;
				next += 1;
				if (journal.has(index)) continue;
				const { name } = request.domains[index] as DomainConfig;
				const target: Target = { id: name, type: "domain" };
				options.progress({ type: "target-started", target: name, kind: "domain" });
				const items = await collectTarget(target, run, request);
				const opened = discoveredBy(target, items, run);
				const own = seenOf(items);
				const others = await Promise.all(opened.map(look));
				// What was cut short is looked at again on resuming: it never counts as finished.
				if (signal.aborted) return;
				const result = await judgeDomain(options, fixed, target, opened, [...own, ...others.flat(), ...sharedSeen]);
				journal.appendDomain(
					{ index, domain: name, hosts: opened.map((host) => host.id), keys: publishedKeys(name, items), ...summaryOf(result, options.exitPolicy) },
					own,
					JSON.stringify(result),
				);
				const errors = items.filter(isFault).length;
				options.progress({ type: "target-finished", target: name, kind: "domain", items: items.length, errors, done: journal.finished, of: total });
			}
		};
		await Promise.all(Array.from({ length: Math.min(options.concurrency, total) }, worker));
		return await finish(options, journal, shared, fixed, sharedSeen);
	} finally {
		await run.close();
		journal.close();
	}
}

/** Targets that every domain of the list is judged with: the records, the reports and the content. */
function sharedTargets(request: CollectOptions["request"]): Target[] {
	return requestTargets(request).filter((target) => target.type === "records" || target.type === "reports" || target.type === "content");
}

/** What is the same for every domain of a run. */
interface Fixed {
	startedAt: string;
	configSha256: string;
	judgement: Judgement;
	shared: readonly Target[];
	checks: readonly CheckMetadata[];
}

/** An item with its line and hash, made once. */
interface Seen extends EvidenceLine {
	item: Evidence;
	sha256: string;
}

function seenOf(items: readonly Evidence[]): Seen[] {
	return items.toSorted((a, b) => byCodeUnit(a.id, b.id)).map((item) => ({ kind: item.kind, item, ...evidenceLine(item) }));
}

function seenLine({ kind, line: octets }: EvidenceOctets): Seen {
	const line = octets.toString("utf8");
	return { kind, line, item: JSON.parse(line) as Evidence, sha256: sha256Hex(octets) };
}

async function judgeDomain(options: DomainListOptions, fixed: Fixed, target: Target, hosts: readonly Target[], seen: readonly Seen[]): Promise<ResultDocument> {
	const targets: Target[] = [target, ...hosts.map((host) => ({ ...host, domains: [target.id] })), ...fixed.shared];
	const store = new EvidenceStore(targets);
	for (const { item, sha256 } of seen) store.add(item, sha256);
	const times = { startedAt: fixed.startedAt, endedAt: fixed.startedAt, interrupted: false };
	return evaluate({
		manifest: withBaseline(manifestOf({ ...options, ...fixed }, times, targets, deniedCalls(seen.map(({ item }) => item)), []), options),
		judgement: fixed.judgement,
		store,
		checks: fixed.checks,
		framework: loadFramework(options.profile),
		...judging(),
		asOf: new Date(fixed.startedAt),
		include: [],
		skip: [],
		accept: options.accept,
	});
}

/** Says which scan the run was compared with. Totals of scans before it are those of whole scans, and say nothing of a domain of a list. */
function withBaseline(manifest: EvidenceManifest, { baseline }: Pick<DomainListOptions, "baseline">): EvidenceManifest {
	if (baseline === undefined) return manifest;
	const { scans: _, ...run } = baseline.run;
	return { ...manifest, run: { ...manifest.run, baseline: run } };
}

function summaryOf(result: ResultDocument, policy: ExitPolicy): { totals: Totals; fail: string[]; notAssessed: string[]; exitCode: number } {
	const checksIn = (state: State): string[] => [...new Set(result.results.filter((one) => one.state === state).map((one) => one.check))];
	return { totals: result.totals.results, fail: checksIn("fail"), notAssessed: checksIn("not_assessed"), exitCode: exitCodeOf(result, policy) };
}

/** Sums up what was finished. A whole run is merged into input order and its journal removed; an interrupted one keeps it for --resume. */
async function finish(
	options: DomainListOptions,
	journal: Journal,
	shared: Evidence[],
	fixed: Fixed,
	sharedSeen: readonly Seen[],
): Promise<{ summary: DomainListSummary; exitCode: number }> {
	const { out, request } = options;
	const interrupted = options.signal.aborted;
	const summary: DomainListSummary = {
		schema: "mailward/summary/v1",
		domains: journal.finished,
		hosts: 0,
		interrupted,
		totals: countStates([]),
		checks: {},
		exits: {},
	};
	const hosts = new Map<string, Target>();
	const merge = interrupted ? undefined : { evidence: new EvidenceWriter(out), results: await open(join(out, listResultsName), "w", 0o600) };
	const finished = [...request.domains.entries()].filter(([index]) => journal.has(index)).map(([index, { name }]) => ({ index, name }));
	// What spans domains is known only now: those that it concerns are judged again, with it.
	const published = finished.map(({ index, name }) => ({ domain: name, keys: journal.keys(index) }));
	const spanning = interrupted ? new Map<string, Evidence[]>() : sharedKeys(published, fixed.startedAt);
	for (const { index, name } of finished) {
		const { entry, evidence, result } = await rejudged(journal.domain(index), spanning.get(name), { options, journal, fixed, sharedSeen });
		merge?.evidence.writeLines(evidence);
		await merge?.results.writeFile(result);
		await merge?.results.writeFile("\n");
		for (const id of entry.hosts) {
			const known = hosts.get(id);
			if (known === undefined) {
				hosts.set(id, { id, type: "mx", domains: [name] });
				merge?.evidence.writeLines(journal.host(id));
			} else known.domains?.push(name);
		}
		count(summary, entry);
	}
	summary.hosts = hosts.size;
	await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`, { mode: 0o600 });
	if (merge === undefined) return { summary, exitCode: exitCodes.interrupted };
	await merge.results.close();
	for (const { id } of fixed.shared) await merge.evidence.writeTarget(shared.filter((item) => item.source.target === id));
	const targets = [...request.domains.map(({ name }): Target => ({ id: name, type: "domain" })), ...hosts.values(), ...fixed.shared];
	const times = { startedAt: fixed.startedAt, endedAt: options.now().toISOString(), interrupted };
	const manifest = withBaseline(manifestOf({ ...options, ...fixed }, times, targets, [], merge.evidence.close()), options);
	await writeFile(join(out, manifestName), manifestText(manifest), { mode: 0o600 });
	await rm(join(out, journalName));
	return { summary, exitCode: worstExit(Object.keys(summary.exits).map(Number)) };
}

type Finished = Omit<ReturnType<Journal["domain"]>, "evidence"> & { evidence: readonly (EvidenceLine | EvidenceOctets)[] };

/** A finished domain, judged again where something of other domains bears on it. */
async function rejudged(
	domain: ReturnType<Journal["domain"]>,
	more: readonly Evidence[] | undefined,
	{ options, journal, fixed, sharedSeen }: { options: DomainListOptions; journal: Journal; fixed: Fixed; sharedSeen: readonly Seen[] },
): Promise<Finished> {
	if (more === undefined) return domain;
	const own = [...domain.evidence.map(seenLine), ...seenOf(more)];
	const hosts = domain.entry.hosts.map((id): Target => ({ id, type: "mx" }));
	const others = hosts.flatMap((host) => journal.host(host.id).map(seenLine));
	const target: Target = { id: domain.entry.domain, type: "domain" };
	const result = await judgeDomain(options, fixed, target, hosts, [...own, ...others, ...sharedSeen]);
	return { entry: { ...domain.entry, ...summaryOf(result, options.exitPolicy) }, evidence: own, result: Buffer.from(JSON.stringify(result)) };
}

function count(summary: DomainListSummary, entry: DomainEntry): void {
	for (const [state, number] of Object.entries(entry.totals)) summary.totals[state as State] += number;
	const at = (check: string): { fail: number; not_assessed: number } => {
		summary.checks[check] ??= { fail: 0, not_assessed: 0 };
		return summary.checks[check];
	};
	for (const check of entry.fail) at(check).fail += 1;
	for (const check of entry.notAssessed) at(check).not_assessed += 1;
	summary.exits[String(entry.exitCode)] = (summary.exits[String(entry.exitCode)] ?? 0) + 1;
}

/** A fail anywhere is 1, else a gap anywhere is 3. */
function worstExit(codes: readonly number[]): number {
	if (codes.includes(exitCodes.failed)) return exitCodes.failed;
	return codes.includes(exitCodes.incomplete) ? exitCodes.incomplete : exitCodes.good;
}
