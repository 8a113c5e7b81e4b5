import { byCodeUnit, sha256Hex } from "../../model/canonical.ts";
import type { Judgement } from "../../model/config.ts";
import type { Evidence, EvidenceManifest, Target, TargetType } from "../../model/evidence.ts";
import { isChosenGap } from "../../model/reasons.ts";
import {
	type ControlResult,
	countStates,
	type EarlierResult,
	type EvidenceRef,
	earlierResultSchema,
	type PastState,
	type ResultDocument,
	type ResultItem,
	resultSchemaId,
	type State,
	stateOf,
	worstState,
} from "../../model/result.ts";
import { unopenedMx } from "../collectors/dns/discover-mx.ts";
import type { Control, Framework } from "../frameworks/frameworks.ts";
import { breather } from "./breathe.ts";
import { configRulesOf } from "./config-rules.ts";
import { type Attestation, attestationsFor, type Decisions, decide, isLive, newest, waiverOf } from "./dispositions.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { CheckMetadata } from "./metadata.ts";
import { effectiveParameters } from "./parameters.ts";
import { isOfMxAlone, type Supply, selectChecks, targetsOf } from "./selection.ts";
import { judgeCheck, judgeUnopened, reasonOf, type Verdict } from "./verdict.ts";
import { calendarDate, runDerivation } from "./view.ts";
import type { PolicyHost } from "./wasm-host.ts";

export interface EvaluateOptions {
	manifest: EvidenceManifest;
	judgement: Judgement;
	store: EvidenceStore;
	checks: readonly CheckMetadata[];
	framework: Framework;
	supply: Supply;
	host: PolicyHost;
	policySha256: string;
	accountWideKinds: ReadonlySet<string>;
	/** The clock that ages are measured by. */
	asOf: Date;
	/** Globs over check ids; empty selects all. */
	include: readonly string[];
	skip: readonly string[];
	/** Codes accepted by name on the command line. */
	accept: readonly string[];
}

/** select -> derive -> evaluate -> verdict -> waive: evidence in, document 2 out. Pure but for the wasm. */
export async function evaluate(options: EvaluateOptions): Promise<ResultDocument> {
	const { manifest, store, supply, asOf, judgement } = options;
	const given = new Set(manifest.targets.map((target) => target.type));
	const clock = { asOf, today: calendarDate(asOf, judgement.entity.timeZone) };
	const selected = selectChecks(options.checks, options.include, options.skip);
	const wanted = new Set<string>();
	for (const check of selected) for (const kind of check.evidence) for (const source of supply.sources(kind)) wanted.add(source);
	const breathe = breather();
	for (const target of inDerivationOrder(manifest.targets)) {
		for (const derivation of supply.derivations(target.type)) {
			if (!derivation.produces.some((kind) => wanted.has(kind))) continue;
			await runDerivation(derivation, target, store, clock, supply);
			await breathe();
		}
	}

	const controlById = new Map(options.framework.controls.map((control) => [control.id, control]));
	const parameters: ResultDocument["parameters"] = [];
	const verdicts: Verdict[] = [];
	const unopened = manifest.targets
		.filter(({ type }) => type === "domain")
		.map((domain) => ({ domain, hosts: unopenedMx(domain.id, (kind, id) => store.item(domain.id, kind, id)) }))
		.filter(({ hosts }) => hosts.length > 0);
	for (const check of selected) {
		const targets = targetsOf(check, manifest.targets, supply);
		for (const { domain, hosts } of unopened) if (isOfMxAlone(check, supply)) verdicts.push(...judgeUnopened(check, domain, hosts));
		if (targets.length === 0) continue;
		const effective = effectiveParameters(check, judgement.parameters[check.id]);
		parameters.push(...effective.shown);
		for (const target of targets) {
			verdicts.push(
				...judgeCheck(check, target, store, {
					host: options.host,
					parameters: effective.values,
					asOf: asOf.toISOString(),
					accountWideKinds: options.accountWideKinds,
				}),
			);
			await breathe();
		}
	}

	const decisions = decisionsOf(options, verdicts, clock.today);
	const used = new Map<string, Evidence>();
	const citations = new Map(selected.map((check) => [check, citationsOf(check, controlById)]));
	const results = verdicts.map((verdict) => resultOf(verdict, { store, used, decisions, citations, asOf: asOf.toISOString() }));
	results.sort(byTargetThenCheck(manifest.targets));
	const resultsOf = new Map<string, ResultItem[]>(options.framework.controls.map((control) => [control.id, []]));
	for (const result of results) for (const id of new Set(result.controls)) resultsOf.get(id)?.push(result);
	const controls = options.framework.controls.map((control) => controlOf(control, resultsOf.get(control.id) ?? [], decisions, given));
	// Proposed rules are an appendix: they change no count.
	const inForce = new Set(controls.filter((control) => control.ruleStatus === "in-force").map((control) => control.id));
	const accepted = acceptedCodes(options, clock.today);
	const types = manifest.targets.map((target) => target.type);
	const complete =
		!manifest.run.interrupted &&
		results.every(
			(result) =>
				result.state !== "not_assessed" ||
				(result.reason !== null && (isChosenGap(result.reason.code, types) || accepted.some((one) => one.code === result.reason?.code))),
		);

	return {
		schema: resultSchemaId,
		run: {
			...manifest.run,
			asOf: asOf.toISOString(),
			profile: options.framework.profile,
			policySha256: options.policySha256,
			configSha256: manifest.configSha256,
			complete,
		},
		entity: judgement.entity,
		scope: { targets: manifest.targets, notRequested: manifest.notRequested },
		parameters,
		accepted,
		results,
		controls,
		totals: {
			results: countStates(results.filter((result) => result.controls.some((id) => inForce.has(id))).map((result) => result.state)),
			controls: countStates(controls.filter((control) => inForce.has(control.id)).map((control) => control.state)),
		},
		deniedCalls: manifest.deniedCalls,
		records: {},
		evidence: [...used]
			.map(([sha256, item]) => evidenceRef(sha256, item))
			.sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.id, b.id) || byCodeUnit(a.sha256, b.sha256)),
		report: judgement.report,
	};
}

/** Domains last: their derivations read those of the MX addresses and the records. */
function inDerivationOrder(targets: readonly Target[]): Target[] {
	const rank: Record<TargetType, number> = { records: 0, content: 0, reports: 0, plan: 0, account: 0, mx: 1, domain: 2 };
	return [...targets].sort((a, b) => rank[a.type] - rank[b.type]);
}

interface ResultContext {
	store: EvidenceStore;
	used: Map<string, Evidence>;
	decisions: Decisions;
	/** Made once a check: a large target has thousands of results of each. */
	citations: ReadonlyMap<CheckMetadata, string[]>;
	asOf: string;
}

function resultOf(verdict: Verdict, context: ResultContext): ResultItem {
	const { check, target, resource, status, reason } = verdict;
	const id = fingerprintOf(check, target.id, resource);
	const evidence = new Set<string>();
	let namedWaiver: string | undefined;
	for (const item of verdict.evidence) {
		for (const hash of item.basis ?? [context.store.sha256(item)]) {
			const raw = context.store.byHash(hash);
			if (raw === undefined) continue;
			evidence.add(hash);
			context.used.set(hash, raw);
			if (raw.id === resource) namedWaiver ??= raw.source.waiver;
		}
	}
	const { id: checkId, aliases, controls } = check;
	const decision = decide({ fingerprint: id, check: checkId, aliases, controls, resource, status, reason, namedWaiver }, context.decisions);
	const rules = target.type === "account" ? configRulesOf(context.store, target.id, arnsOf(verdict)) : [];
	for (const { item, says } of rules) context.used.set(says.evidence, item);
	const state = stateOf(status, decision.disposition, reason, decision.outcome);
	return {
		id,
		check: check.id,
		title: check.title,
		reference: check.reference,
		controls: check.controls,
		target: target.id,
		resource,
		domains: target.type === "domain" ? [target.id] : (target.domains ?? []),
		status,
		state,
		reason,
		method: check.method,
		severity: verdict.severity,
		message: verdict.message,
		path: verdict.path,
		observed: verdict.observed,
		expected: verdict.expected,
		denials: verdict.denials,
		...since(state, earlierOf(context.store, target, id), context.asOf),
		citations: context.citations.get(check) ?? [],
		remediation: check.remediation,
		evidence: [...evidence].sort(byCodeUnit),
		...(rules.length === 0 ? {} : { configRules: rules.map(({ says }) => says) }),
		disposition: decision.disposition,
		waiver: decision.waiver,
		...(namedWaiver === undefined ? {} : { namedWaiver }),
		attestation: decision.attestation,
	};
}

/** Those of its controls, then its own, each once. */
function citationsOf(check: CheckMetadata, controlById: ReadonlyMap<string, Control>): string[] {
	return [...new Set([...check.controls.flatMap((control) => controlById.get(control)?.citations ?? []), ...check.citations])];
}

/** The resource by its id and, where its own item holds it under another one, by its ARN. */
function arnsOf({ resource, evidence }: Verdict): string[] {
	const arn: unknown = (evidence.find((item) => item.id === resource)?.values as { arn?: unknown } | undefined)?.arn;
	return typeof arn === "string" ? [resource, arn] : [resource];
}

function earlierOf(store: EvidenceStore, target: Target, id: string): EarlierResult | undefined {
	const item = store.item(target.id, "baseline.result", id);
	if (item?.status !== "ok") return undefined;
	const parsed = earlierResultSchema.safeParse(item.values);
	return parsed.success ? parsed.data : undefined;
}

/** More earlier states than this are not carried on: the oldest go. */
const maxHistory = 50;

/** A state that lasts keeps its first day, also across a time in which nobody could look. */
function since(state: State, earlier: EarlierResult | undefined, asOf: string): { firstSeen: string; history?: PastState[] } {
	if (earlier === undefined) return { firstSeen: asOf };
	if (earlier.state === state) return { firstSeen: earlier.firstSeen, history: earlier.history };
	const { history, ...past } = earlier;
	const before = history.at(-1);
	const isBack = past.state === "not_assessed" && before?.state === state;
	return { firstSeen: isBack ? before.firstSeen : asOf, history: [...history, past].slice(-maxHistory) };
}

/** Stable across scans and renames: check by its oldest alias, target, resource. */
export function fingerprintOf(check: CheckMetadata, target: string, resource: string): string {
	return sha256Hex([check.aliases[0] ?? check.id, target, resource].join("\n")).slice(0, 32);
}

function controlOf(control: Control, own: readonly ResultItem[], decisions: Decisions, given: ReadonlySet<TargetType>): ControlResult {
	const base = {
		id: control.id,
		family: control.family,
		title: control.title,
		citations: control.citations,
		implementation: control.implementation,
		ruleStatus: control.status,
	};
	const worst = worstState(own.map((result) => result.state));
	if (worst !== undefined) {
		const reason = own.find((result) => result.state === worst)?.reason ?? null;
		return { ...base, state: worst, reason, attestation: null, results: own.map((result) => result.id) };
	}
	// Nothing was judged: a person's word may settle it where the catalogue lets a person prove it, and nothing else does.
	const attestation = newest(attestationsFor([control.id], decisions));
	if (attestation !== undefined) {
		if (!isLive(attestation, decisions.today))
			return { ...base, state: "not_assessed", reason: reasonOf("attestation_stale", attestation.id), attestation: attestation.id, results: [] };
		const state = attestation.outcome === "met" ? "attested" : attestation.outcome === "not_met" ? "fail" : "not_applicable";
		return { ...base, state, reason: null, attestation: attestation.id, results: [] };
	}
	if (control.provenBy.length === 1 && control.provenBy[0] === "attestation")
		return { ...base, state: "manual_pending", reason: reasonOf("manual"), attestation: null, results: [] };
	const code = control.provenBy.includes("record") && given.has("records") ? "record_missing" : "input_not_supplied";
	return { ...base, state: "not_assessed", reason: reasonOf(code, control.provenBy.join(", ")), attestation: null, results: [] };
}

function decisionsOf(options: EvaluateOptions, verdicts: readonly Verdict[], today: string): Decisions {
	const items = (kind: string): Evidence[] =>
		options.manifest.targets
			// Waivers may be given beside the records.
			.flatMap((target) => options.store.items(target.id, kind))
			.filter((item) => item.status === "ok");
	return {
		waivers: items("record.waiver").map((item) => waiverOf(item.values)),
		attestations: items("record.attestation").map((item) => item.values as Attestation),
		today,
		attestable: new Set(
			options.framework.controls
				.filter((control) => control.provenBy.includes("attestation") || control.provenBy.includes("record"))
				.map((control) => control.id),
		),
		failing: new Set(verdicts.filter((verdict) => verdict.status === "fail").map((verdict) => verdict.check.id)),
	};
}

function acceptedCodes(options: EvaluateOptions, today: string): ResultDocument["accepted"] {
	const fromConfig = options.judgement.accept.filter((one) => one.until >= today).map((one) => ({ ...one, until: one.until as string | null }));
	const fromCommandLine = options.accept.map((code) => ({ code, why: "accepted on the command line", by: "the caller", until: null }));
	return [...fromConfig, ...fromCommandLine];
}

function byTargetThenCheck(targets: readonly Target[]): (a: ResultItem, b: ResultItem) => number {
	const rank = new Map(targets.map((target, index) => [target.id, index]));
	return (a, b) => (rank.get(a.target) ?? 0) - (rank.get(b.target) ?? 0) || byCodeUnit(a.check, b.check) || byCodeUnit(a.resource, b.resource);
}

function evidenceRef(sha256: string, item: Evidence): EvidenceRef {
	return { sha256, kind: item.kind, id: item.id, status: item.status, call: item.source.call, collectedAt: item.collectedAt };
}
