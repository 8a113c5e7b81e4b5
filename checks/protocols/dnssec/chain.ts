import { type DnsAnswer, normalizeName, type RecordType, type Resolver } from "../resolver.ts";
import { anchorsByZone, type DsData, type DsRecord, readDs } from "./anchors.ts";
import { type ProofContext, Proofs } from "./denial.ts";
import { isBelow, isWithin, namesBetween, readName, shownName } from "./name.ts";
import { type DnssecReason, defaultLimits, LimitExceeded, type Limits, type Stop } from "./outcome.ts";
import { rrsetOf, verifyRrset, type ZoneKey } from "./rrset.ts";
import { keysOfDs, usableDs, zoneKeys } from "./zone-keys.ts";

export interface ChainOptions {
	/** Must pass on RRSIG, NSEC and NSEC3 records, and answers that do not validate (the DO and CD bits). */
	resolver: Resolver;
	/** Of the root as a rule; an anchor of a zone below it counts for that zone. */
	anchors: readonly (DsRecord | { name: string; data: unknown })[];
	/** The clock that signatures are dated by. The machine's when left out. */
	now?: Date | undefined;
	limits?: Partial<Limits> | undefined;
	signal?: AbortSignal | undefined;
}

/** A zone whose keys are vouched for down from an anchor. */
export interface SecureZone {
	name: string;
	keys: readonly ZoneKey[];
}

export type Located = { ok: true; zone: SecureZone } | { ok: false; stop: Stop };

/** At one name on the way down: a signed zone begins; none does; none does here or further down; the chain ends. */
type Step = { kind: "zone"; zone: SecureZone } | { kind: "same" } | { kind: "end" } | { kind: "stop"; stop: Stop };

/**
 * Walks from the anchors down to a name. Zone cuts are found by DS questions alone: a DS record starts a signed zone, a proof that
 * there is none says whether an unsigned zone starts or nothing does. Each step is taken once per instance.
 */
export class Chain {
	readonly context: ProofContext;
	readonly limits: Limits;
	private readonly resolver: Resolver;
	private readonly anchors: Map<string, DsData[]>;
	private readonly signal: AbortSignal | undefined;
	private readonly anchored = new Map<string, Promise<Step>>();
	private readonly steps = new Map<string, Promise<Step>>();
	private questions: number;

	constructor(options: ChainOptions) {
		this.limits = { ...defaultLimits, ...options.limits };
		this.resolver = options.resolver;
		this.signal = options.signal;
		this.anchors = anchorsByZone(options.anchors);
		const seconds = Math.floor((options.now ?? new Date()).getTime() / 1000);
		const { verifications, hashRounds } = this.limits;
		this.context = { now: seconds >>> 0, limits: this.limits, budget: { verifications, hashRounds } };
		this.questions = this.limits.questions;
	}

	ask(name: string, type: RecordType): Promise<DnsAnswer> {
		this.questions -= 1;
		if (this.questions < 0) throw new LimitExceeded(`questions for ${type} ${shownName(name)}`);
		return this.resolver.resolve(normalizeName(shownName(name)), type, this.signal);
	}

	/** The signed zone that a name lies in, or what ends the chain above it. */
	async locate(name: string): Promise<Located> {
		const top = this.closestAnchor(name);
		if (top === undefined) return { ok: false, stop: stopOf("indeterminate", "no_anchor", `anchors above ${shownName(name)}`, "") };
		let step = await once(this.anchored, top, () => this.anchor(top));
		if (step.kind === "stop") return { ok: false, stop: step.stop };
		if (step.kind !== "zone") return { ok: false, stop: stopOf("indeterminate", "no_anchor", shownName(top), "") };
		let zone = step.zone;
		for (const at of namesBetween(top, name)) {
			const above = zone;
			step = await once(this.steps, at, () => this.descend(above, at));
			if (step.kind === "stop") return { ok: false, stop: step.stop };
			if (step.kind === "end") break;
			if (step.kind === "zone") zone = step.zone;
		}
		return { ok: true, zone };
	}

	private closestAnchor(name: string): string | undefined {
		let closest: string | undefined;
		for (const zone of this.anchors.keys()) if (isWithin(name, zone) && (closest === undefined || isBelow(zone, closest))) closest = zone;
		return closest;
	}

	private async anchor(zone: string): Promise<Step> {
		const usable = usableDs(this.anchors.get(zone) ?? [], this.limits);
		if (!Array.isArray(usable)) return { kind: "stop", stop: stopOf("indeterminate", "no_anchor", `anchors of ${shownName(zone)}`, zone) };
		return this.enter(zone, usable, true);
	}

	/** Checks the keys of a zone against its DS records (RFC 4035 5.2). */
	private async enter(zone: string, list: readonly DsData[], anchored: boolean): Promise<Step> {
		const detail = `DNSKEY ${shownName(zone)}`;
		const answer = await this.ask(zone, "DNSKEY");
		const failure = failureOf(answer, detail, zone);
		if (failure !== undefined) return { kind: "stop", stop: failure };
		const set = rrsetOf(answer.answers, zone, "DNSKEY");
		// The zone of an anchor is signed for certain: when neither keys nor signatures of it come through, the way to the servers does
		// not pass DNSSEC on (RFC 4035 4.3, indeterminate), and says nothing of the names below.
		if (anchored && (set === undefined || !answer.answers.some((record) => record.type === "RRSIG"))) {
			return { kind: "stop", stop: stopOf("indeterminate", "stripped", detail, zone) };
		}
		if (set === undefined) return { kind: "stop", stop: stopOf("bogus", "no_dnskey", detail, zone) };
		const keys = zoneKeys({ ...set, records: set.records.slice(0, this.limits.records) });
		const trusted = keysOfDs(zone, keys, list, this.limits);
		if (trusted.length === 0) return { kind: "stop", stop: stopOf("bogus", "ds_mismatch", detail, zone) };
		const verdict = verifyRrset(set, zone, trusted, this.context);
		if (!verdict.ok) return { kind: "stop", stop: stopOf("bogus", verdict.fault, detail, zone) };
		return { kind: "zone", zone: { name: zone, keys } };
	}

	private async descend(zone: SecureZone, at: string): Promise<Step> {
		const detail = `DS ${shownName(at)}`;
		const answer = await this.ask(at, "DS");
		const failure = failureOf(answer, detail, zone.name);
		if (failure !== undefined) return { kind: "stop", stop: failure };
		const bogus = (reason: DnssecReason): Step => ({ kind: "stop", stop: stopOf("bogus", reason, detail, zone.name) });
		const insecure = (reason: DnssecReason): Step => ({ kind: "stop", stop: stopOf("insecure", reason, detail, zone.name) });

		const set = rrsetOf(answer.answers, at, "DS");
		if (set !== undefined) {
			const verdict = verifyRrset(set, zone.name, zone.keys, this.context);
			if (!verdict.ok) return bogus(verdict.fault);
			if (verdict.closestEncloser !== undefined) return bogus("bad_labels");
			const usable = usableDs(
				set.records.map((record) => readDs(record.data)).filter((ds) => ds !== undefined),
				this.limits,
			);
			return Array.isArray(usable) ? this.enter(at, usable, false) : insecure(usable.reason);
		}
		// No zone begins at an alias, nor below a redirection.
		const redirected = this.redirection(answer, zone, at);
		if (redirected !== undefined) return redirected;

		const proofs = new Proofs(answer.authorities ?? [], zone.name, zone.keys, this.context);
		for (const denial of proofs.denials(at, "DS")) {
			if (denial.kind === "nxdomain") return { kind: "end" };
			if (denial.kind === "opt_out") return insecure("nsec3_opt_out");
			if (denial.kind === "iterations") return insecure("nsec3_iterations");
			if (denial.delegation) return insecure("insecure_delegation");
			return { kind: denial.wildcard ? "end" : "same" };
		}
		return bogus(proofs.fault ?? "missing_proof");
	}

	private redirection(answer: DnsAnswer, zone: SecureZone, at: string): Step | undefined {
		for (const record of answer.answers) {
			const owner = record.type === "DNAME" ? readName(record.name) : undefined;
			if (owner === undefined || !isBelow(at, owner) || !isWithin(owner, zone.name)) continue;
			const dname = rrsetOf(answer.answers, owner, "DNAME");
			if (dname !== undefined && verifyRrset(dname, zone.name, zone.keys, this.context).ok) return { kind: "end" };
		}
		const alias = rrsetOf(answer.answers, at, "CNAME");
		if (alias === undefined) return undefined;
		const verdict = verifyRrset(alias, zone.name, zone.keys, this.context);
		if (!verdict.ok) return { kind: "stop", stop: stopOf("bogus", verdict.fault, `CNAME ${shownName(at)}`, zone.name) };
		return { kind: verdict.closestEncloser === undefined ? "same" : "end" };
	}
}

export function stopOf(security: Stop["security"], reason: DnssecReason, detail: string, zone: string): Stop {
	return { security, reason, detail, zone: shownName(zone) };
}

/** A question without an answer leaves the matter open; it never makes anything insecure. */
function failureOf(answer: DnsAnswer, detail: string, zone: string): Stop | undefined {
	return answer.status === "error" ? stopOf("indeterminate", answer.code ?? "protocol_error", detail, zone) : undefined;
}

function once(known: Map<string, Promise<Step>>, name: string, take: () => Promise<Step>): Promise<Step> {
	let step = known.get(name);
	if (step === undefined) {
		step = take();
		known.set(name, step);
	}
	return step;
}
