import type { Disposition, Reason, Status } from "../../model/result.ts";
import { matchesResource } from "./resource-pattern.ts";

/** The fields of a waiver record (records.md section 16) that judging needs. */
export interface Waiver {
	id: string;
	scope: {
		controls?: string[] | undefined;
		checks?: string[] | undefined;
		resources?: string[] | undefined;
		findings?: string[] | undefined;
		namedInStack?: boolean | undefined;
	};
	approvedOn: string;
	expiresOn: string;
	/** Checks whose fail voids the waiver. */
	checkIds: string[];
}

/** The part of a waiver record that judging needs. */
export function waiverOf(record: unknown): Waiver {
	const values = record as Waiver & { alternativeMeasure?: { checkIds?: string[] }; compensatingControl?: { checkIds?: string[] } };
	const checkIds = [...(values.alternativeMeasure?.checkIds ?? []), ...(values.compensatingControl?.checkIds ?? [])];
	return { id: values.id, scope: values.scope, approvedOn: values.approvedOn, expiresOn: values.expiresOn, checkIds };
}

/** The fields of an attestation record (records.md section 17) that judging needs. */
export interface Attestation {
	id: string;
	controls: string[];
	outcome: "met" | "not_met" | "not_applicable";
	performedOn: string;
	validUntil: string;
}

export interface Decidable {
	fingerprint: string;
	check: string;
	aliases: readonly string[];
	controls: readonly string[];
	resource: string;
	status: Status;
	reason: Reason | null;
	/** Id of the waiver that the stack names at the resource. */
	namedWaiver?: string | undefined;
}

export interface Decision {
	disposition: Disposition;
	waiver: string | null;
	attestation: string | null;
	outcome: Attestation["outcome"] | null;
}

export interface Decisions {
	waivers: readonly Waiver[];
	attestations: readonly Attestation[];
	/** Calendar date of the run in the entity's time zone, YYYY-MM-DD. */
	today: string;
	/** Controls that a person may prove: attestation or record stands under provenBy. */
	attestable: ReadonlySet<string>;
	/** Checks with at least one fail in this run. */
	failing: ReadonlySet<string>;
}

/** Project defaults (records.md sections 16 and 17): a longer term than these is cut to them. */
const maxWaiverDays = 366;
const maxAttestationDays = 365;

/** The last day on which a waiver holds. */
export function lastDayOf(waiver: Waiver): string {
	return lastDay(waiver.approvedOn, waiver.expiresOn, maxWaiverDays);
}

/** The last day on which a decision holds: as it says, but no longer after its start than the default allows. */
function lastDay(from: string, to: string, maxDays: number): string {
	const limit = new Date(Date.parse(`${from}T00:00:00Z`) + maxDays * 86_400_000).toISOString().slice(0, 10);
	return to < limit ? to : limit;
}

const undecided: Decision = { disposition: "none", waiver: null, attestation: null, outcome: null };

/** What people decided about a result. It never changes the raw status: a waiver speaks to a fail only, an attestation to a gap only. */
export function decide(result: Decidable, decisions: Decisions): Decision {
	if (result.status === "fail") return decideFail(result, decisions);
	if (result.status !== "not_assessed") return undecided;
	const attestation = newest(attestationsFor(result.controls, decisions));
	if (attestation === undefined) return undecided;
	const live = isLive(attestation, decisions.today);
	return { disposition: live ? "attested" : "attestation_expired", waiver: null, attestation: attestation.id, outcome: live ? attestation.outcome : null };
}

function decideFail(result: Decidable, decisions: Decisions): Decision {
	let ended: Decision | undefined;
	// The one that the stack names comes before others that cover the same.
	const named = decisions.waivers.filter(({ id }) => id === result.namedWaiver);
	for (const waiver of named.length === 0 ? decisions.waivers : [...named, ...decisions.waivers]) {
		if (!covers(waiver, result) || waiver.approvedOn > decisions.today) continue;
		if (waiver.checkIds.some((check) => decisions.failing.has(check))) {
			ended ??= { ...undecided, disposition: "waiver_void", waiver: waiver.id };
			continue;
		}
		if (lastDayOf(waiver) >= decisions.today) return { ...undecided, disposition: "waived", waiver: waiver.id };
		ended ??= { ...undecided, disposition: "waiver_expired", waiver: waiver.id };
	}
	if (ended !== undefined) return ended;
	const claim = newest(attestationsFor(result.controls, decisions).filter((one) => one.outcome === "met" && isLive(one, decisions.today)));
	return claim === undefined ? undecided : { ...undecided, disposition: "attestation_conflict", attestation: claim.id };
}

export function covers(waiver: Waiver, result: Decidable): boolean {
	const { controls, checks, resources, findings, namedInStack } = waiver.scope;
	if (namedInStack === true && result.namedWaiver !== waiver.id) return false;
	if ((checks ?? []).length === 0 && (findings ?? []).length === 0) return false;
	if (findings !== undefined && findings.length > 0 && !findings.includes(result.fingerprint)) return false;
	if (checks !== undefined && checks.length > 0 && ![result.check, ...result.aliases].some((id) => checks.includes(id))) return false;
	if (controls !== undefined && controls.length > 0 && !result.controls.some((id) => controls.includes(id))) return false;
	if (resources !== undefined && resources.length > 0 && !resources.some((pattern) => matchesResource(result.resource, pattern))) return false;
	return true;
}

/** Attestations about any of the controls that a person may prove, already performed. */
export function attestationsFor(controls: readonly string[], decisions: Decisions): Attestation[] {
	return decisions.attestations.filter(
		(one) => one.performedOn <= decisions.today && one.controls.some((id) => controls.includes(id) && decisions.attestable.has(id)),
	);
}

export function isLive(attestation: Attestation, today: string): boolean {
	return lastDay(attestation.performedOn, attestation.validUntil, maxAttestationDays) >= today;
}

export function newest(attestations: readonly Attestation[]): Attestation | undefined {
	let best: Attestation | undefined;
	for (const one of attestations) if (best === undefined || one.performedOn > best.performedOn) best = one;
	return best;
}
