import type { Severity } from "../../model/config.ts";
import { severities } from "../../model/config.ts";
import type { Evidence, EvidenceError, Target } from "../../model/evidence.ts";
import { type ReasonCode, reasonCodes } from "../../model/reasons.ts";
import type { Denial, Reason, Status } from "../../model/result.ts";
import type { UnopenedHost } from "../collectors/dns/discover-mx.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { listingFault } from "./listings.ts";
import type { CheckMetadata } from "./metadata.ts";
import { pathsOverlap, valueAt } from "./paths.ts";
import { relate } from "./relations.ts";
import type { PolicyDenial, PolicyHost, PolicyVerdict } from "./wasm-host.ts";

/** One check on one resource, before waivers and attestations. */
export interface Verdict {
	check: CheckMetadata;
	target: Target;
	resource: string;
	status: Status;
	reason: Reason | null;
	severity: Severity;
	message: string;
	path: string | null;
	observed: unknown;
	expected: string | null;
	denials: Denial[];
	/** Items the verdict rests on; derived ones are replaced by their basis when the result is written. */
	evidence: Evidence[];
}

export interface JudgeOptions {
	host: PolicyHost;
	parameters: Record<string, unknown>;
	asOf: string;
	/** Kinds that belong to an account or Region as a whole: a plan that lacks them says nothing about them. */
	accountWideKinds: ReadonlySet<string>;
}

export function reasonOf(code: ReasonCode, detail?: string | null): Reason {
	return { kind: reasonCodes[code].kind, code, detail: detail ?? null };
}

/**
 * The verdict rules of docs/architecture.md, "Verdict": Rego only names resources and denials; whether a denial is a fail
 * or a gap is decided here, in one place for all checks.
 */
export function judgeCheck(check: CheckMetadata, target: Target, store: EvidenceStore, options: JudgeOptions): Verdict[] {
	const kinds = check.evidence;
	const listings: Evidence[] = [];
	for (const kind of kinds) {
		const listing = store.listing(target.id, kind);
		const fault = faultOf(listing, kind, target, store, options);
		if (fault !== undefined) {
			return [unassessed(check, target, target.id, reasonOf(fault.code, fault.detail), fault.message, listing === undefined ? [] : [listing])];
		}
		if (listing !== undefined) listings.push(listing);
	}

	const items = kinds.flatMap((kind) => store.items(target.id, kind));
	const seen = items.filter((item) => item.status !== "error");
	const errored = items.filter((item) => item.status === "error");

	let policy: PolicyVerdict;
	try {
		// A policy names items: where there are none it has nothing to say, and most kinds have none in most plans.
		policy = seen.length === 0 ? { resources: [], deny: [] } : options.host.evaluate(check.id, policyInput(kinds, target, store, options));
	} catch (error) {
		const detail = error instanceof Error ? error.message : String(error);
		return [unassessed(check, target, target.id, reasonOf("check_failed", detail), "the check could not be evaluated", listings)];
	}

	const related =
		kinds.length > 1 || errored.length > 0 ? store.remember(target.id, `relations ${kinds.join()}`, () => relate(items)) : new Map<Evidence, Set<Evidence>>();
	const byId = new Map<string, Evidence>();
	for (const item of seen.toReversed()) byId.set(item.id, item);
	const denialsById = Map.groupBy(policy.deny, (denial) => denial.resource);
	const verdicts: Verdict[] = [];
	const reported = new Set<Evidence>();

	for (const resource of new Set([...policy.resources, ...denialsById.keys()])) {
		const item = byId.get(resource);
		if (item === undefined) {
			verdicts.push(
				unassessed(
					check,
					target,
					resource,
					reasonOf("check_failed", `no evidence ${resource}`),
					"the check named a resource that is not in its evidence",
					listings,
				),
			);
			continue;
		}
		const neighbours = [...(related.get(item) ?? [])];
		const unreadable = neighbours.filter((other) => other.status === "error");
		for (const other of unreadable) reported.add(other);
		// An item that could not be read may be the one whose want is denied: it holds nothing that would tell whose it is.
		const strangers = errored.filter((other) => other.kind !== item.kind && !unreadable.includes(other));
		verdicts.push(judgeResource({ check, target, item, denials: denialsById.get(resource) ?? [], neighbours, unreadable, strangers, byId }));
	}
	for (const item of errored) {
		if (reported.has(item)) continue;
		const error = item.error as EvidenceError;
		verdicts.push(unassessed(check, target, item.id, reasonOf(error.code, error.detail), error.message, [item]));
	}
	if (verdicts.length > 0) return verdicts;
	return [
		{ ...blank(check, target, target.id), status: "not_applicable", message: "nothing in scope of this check was found", evidence: [...listings, ...seen] },
	];
}

/** A check of MX addresses on a domain some of whose addresses were not looked at: there it is open, host by host. */
export function judgeUnopened(check: CheckMetadata, domain: Target, unopened: readonly UnopenedHost[]): Verdict[] {
	return unopened.map(({ host, error, item }) => {
		const message = `where its mail goes is not known: ${error.message}`;
		return unassessed(check, domain, host, reasonOf(error.code, error.detail), message, item === undefined ? [] : [item]);
	});
}

interface ResourceCase {
	check: CheckMetadata;
	target: Target;
	item: Evidence;
	denials: PolicyDenial[];
	neighbours: Evidence[];
	/** Errored items that are linked to the resource. */
	unreadable: Evidence[];
	/** Errored items of other kinds that may belong to it. */
	strangers: Evidence[];
	byId: ReadonlyMap<string, Evidence>;
}

function judgeResource({ check, target, item, denials, neighbours, unreadable, strangers, byId }: ResourceCase): Verdict {
	const certain: PolicyDenial[] = [];
	let gap: { reason: Reason; message: string; rests: Evidence[] } | undefined;
	for (const denial of denials) {
		const why = gapBehind(denial, item, byId, [...unreadable, ...strangers]);
		if (why === undefined) certain.push(denial);
		else gap ??= why;
	}
	const evidence = [item, ...neighbours.filter((other) => other.status !== "error")];
	if (certain.length > 0) {
		const all = certain.map((denial) => denialOf(check, denial, item)).sort(worstFirst);
		const worst = all[0] as Denial;
		return {
			...blank(check, target, item.id),
			status: "fail",
			severity: worst.severity,
			message: worst.message,
			path: worst.path,
			observed: worst.observed,
			expected: worst.expected,
			denials: all,
			evidence,
		};
	}
	if (gap !== undefined) return unassessed(check, target, item.id, gap.reason, gap.message, [...new Set([item, ...gap.rests])]);
	const hidden = unreadable[0];
	if (hidden !== undefined) {
		const error = hidden.error as EvidenceError;
		return unassessed(check, target, item.id, reasonOf(error.code, error.detail), error.message, [item, ...unreadable]);
	}
	return { ...blank(check, target, item.id), status: "pass", message: check.title, evidence };
}

/** Why a denial is no fail: its path, or an item it rests on, is unknown, underivable or unreadable. */
function gapBehind(
	denial: PolicyDenial,
	item: Evidence,
	byId: ReadonlyMap<string, Evidence>,
	errored: Evidence[],
): { reason: Reason; message: string; rests: Evidence[] } | undefined {
	for (const [path, why] of Object.entries(item.gaps ?? {})) {
		if (pathsOverlap(path, denial.path)) return { reason: reasonOf(why.code, why.detail), message: reasonCodes[why.code].meaning, rests: [] };
	}
	if (item.unknown?.some((path) => pathsOverlap(path, denial.path)) === true) {
		return { reason: reasonOf("unknown_until_apply", denial.path), message: `${denial.path} is known only after apply`, rests: [] };
	}
	if (denial.restsOn === undefined) return undefined;
	for (const { id, path } of denial.restsOn) {
		const other = byId.get(id);
		for (const [gap, why] of Object.entries(other?.gaps ?? {})) {
			if (other !== undefined && pathsOverlap(gap, path))
				return { reason: reasonOf(why.code, why.detail), message: reasonCodes[why.code].meaning, rests: [other] };
		}
		if (other?.unknown?.some((unknown) => pathsOverlap(unknown, path)) === true) {
			return { reason: reasonOf("unknown_until_apply", `${id} ${path}`), message: `${path} of ${id} is known only after apply`, rests: [other] };
		}
	}
	const hidden = errored[0];
	if (hidden === undefined) return undefined;
	const error = hidden.error as EvidenceError;
	return { reason: reasonOf(error.code, error.detail), message: error.message, rests: errored };
}

function faultOf(listing: Evidence | undefined, kind: string, target: Target, store: EvidenceStore, options: JudgeOptions): EvidenceError | undefined {
	if (listing !== undefined) return listingFault(store, target.id, kind);
	if (target.type === "plan" && options.accountWideKinds.has(kind)) return { code: "not_in_plan", detail: kind, message: reasonCodes.not_in_plan.meaning };
	return { code: "input_not_supplied", detail: kind, message: reasonCodes.input_not_supplied.meaning };
}

/** The input as JSON text: the parts that checks share are written once per target. */
function policyInput(kinds: readonly string[], target: Target, store: EvidenceStore, { parameters, asOf }: JudgeOptions): string {
	const evidence = kinds.map((kind) => `${JSON.stringify(kind)}:${store.policyItems(target.id, kind)}`).join(",");
	return `{"evidence":{${evidence}},"parameters":${JSON.stringify(parameters)},"asOf":${JSON.stringify(asOf)}}`;
}

function denialOf(check: CheckMetadata, denial: PolicyDenial, item: Evidence): Denial {
	const lowered = severities.find((severity) => severity === denial.severity);
	const severity = lowered !== undefined && severities.indexOf(lowered) > severities.indexOf(check.severity) ? lowered : check.severity;
	return {
		path: denial.path === "" ? null : denial.path,
		message: denial.message,
		observed: (denial.observed === undefined ? valueAt(item.values, denial.path) : denial.observed) ?? null,
		expected: denial.expected ?? check.expected,
		severity,
	};
}

function worstFirst(a: Denial, b: Denial): number {
	const bySeverity = severities.indexOf(a.severity) - severities.indexOf(b.severity);
	if (bySeverity !== 0) return bySeverity;
	const left = `${a.path ?? ""}\n${a.message}`;
	const right = `${b.path ?? ""}\n${b.message}`;
	return left < right ? -1 : left > right ? 1 : 0;
}

function unassessed(check: CheckMetadata, target: Target, resource: string, reason: Reason, message: string, evidence: Evidence[]): Verdict {
	return { ...blank(check, target, resource), status: "not_assessed", reason, message, evidence };
}

function blank(check: CheckMetadata, target: Target, resource: string): Verdict {
	return {
		check,
		target,
		resource,
		status: "not_assessed",
		reason: null,
		severity: check.severity,
		message: "",
		path: null,
		observed: null,
		expected: check.expected,
		denials: [],
		evidence: [],
	};
}
