import { createHmac } from "node:crypto";
import type { Authorizations } from "./authorizations.ts";
import type { CampaignFacts } from "./campaign.ts";
import type { OptOuts } from "./opt-outs.ts";

/** One of these for each send of a campaign that needs authorizations; their counts add up to the sends. */
export const sendOutcomes = [
	"valid",
	"no_record",
	"revoked",
	"relied",
	"expired",
	"unresolved",
	"missing",
	"conditioned",
	"compound",
	"out_of_scope",
	"remuneration",
	"sender",
	"sender_open",
	"unproven",
	"unjoined",
] as const;
export type SendOutcome = (typeof sendOutcomes)[number];

/** What else a send can be, whatever its campaign needs. */
export const sendFlags = ["opt_out_within", "opt_out_late", "opt_out_unlawful", "suppressed"] as const;
type SendFlag = (typeof sendFlags)[number];

/**
 * Pseudonyms to examine by hand: all of them, or those with the lowest HMAC-SHA-256 under the seed, which anybody can draw again. The
 * verdict rests on the whole population, never on a sample.
 */
export interface Sample {
	method: "all" | "random";
	references: string[];
}

export interface ReconciledCampaign {
	sends: number;
	/** Milliseconds of the first and the last send. */
	firstMs: number;
	lastMs: number;
	/** Days in the entity's time zone on which it was sent. */
	sendDays: number;
	outcomes: Record<SendOutcome, number>;
	flags: Record<SendFlag, number>;
	samples: Partial<Record<SendOutcome | SendFlag, Sample>>;
}

interface Tally {
	facts: CampaignFacts;
	sends: number;
	firstMs: number;
	lastMs: number;
	days: Set<number>;
	counts: Map<SendOutcome | SendFlag, { count: number; drawn: Draw }>;
}

/** Counts sends by campaign as they stream by; nothing of a single one is kept but drawn pseudonyms. */
export class Reconciliation {
	readonly #tallies = new Map<string, Tally>();
	readonly #input: {
		campaigns: ReadonlyMap<string, CampaignFacts>;
		authorizations: Authorizations;
		optOuts: OptOuts;
		dayOf: (ms: number) => number;
		sample: { size: number; seed: string };
	};

	constructor(input: {
		campaigns: ReadonlyMap<string, CampaignFacts>;
		authorizations: Authorizations;
		optOuts: OptOuts;
		/** From an instant to the day in the entity's time zone. */
		dayOf: (ms: number) => number;
		sample: { size: number; seed: string };
	}) {
		this.#input = input;
	}

	/** `subject` null: nobody can say who it went to. False, and nothing counted, for a campaign without a record. */
	add(campaign: string, subject: string | null, ms: number): boolean {
		const tally = this.#tallyOf(campaign);
		if (tally === undefined) return false;
		const day = this.#input.dayOf(ms);
		tally.sends += 1;
		tally.days.add(day);
		if (ms < tally.firstMs) tally.firstMs = ms;
		if (ms > tally.lastMs) tally.lastMs = ms;
		if (subject === null) {
			this.#count(tally, "unjoined", null);
			return true;
		}
		const { facts } = tally;
		const { authorizations, optOuts } = this.#input;
		const folded = subject.toLowerCase();
		if (facts.needsAuthorization !== false) {
			const moment = { subject: folded, ms, day, campaign, facts, revokedAtMs: optOuts.revokedBefore(folded, ms) };
			this.#count(tally, authorizations.stateAt(moment) ?? "no_record", folded);
		}
		const state = optOuts.stateAt(folded, ms, day, facts);
		if (state !== "none") this.#count(tally, `opt_out_${state}`, folded);
		if (optOuts.isSuppressed(folded, ms, day)) this.#count(tally, "suppressed", folded);
		return true;
	}

	/** By campaign, in the order of their ids. */
	result(): Map<string, ReconciledCampaign> {
		const sorted = [...this.#tallies].sort(([a], [b]) => (a < b ? -1 : 1));
		return new Map(sorted.map(([id, tally]) => [id, reconciledOf(tally)]));
	}

	#tallyOf(campaign: string): Tally | undefined {
		let tally = this.#tallies.get(campaign);
		const facts = this.#input.campaigns.get(campaign);
		if (tally === undefined && facts !== undefined) {
			tally = { facts, sends: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY, days: new Set(), counts: new Map() };
			this.#tallies.set(campaign, tally);
		}
		return tally;
	}

	#count(tally: Tally, name: SendOutcome | SendFlag, subject: string | null): void {
		let entry = tally.counts.get(name);
		if (entry === undefined) {
			entry = { count: 0, drawn: new Draw(this.#input.sample) };
			tally.counts.set(name, entry);
		}
		entry.count += 1;
		if (subject !== null) entry.drawn.offer(subject);
	}
}

function reconciledOf({ sends, firstMs, lastMs, days, counts }: Tally): ReconciledCampaign {
	const countOf = (name: SendOutcome | SendFlag): number => counts.get(name)?.count ?? 0;
	const samples: ReconciledCampaign["samples"] = {};
	for (const [name, { drawn }] of counts) if (drawn.seen > 0) samples[name] = drawn.result();
	return {
		sends,
		firstMs,
		lastMs,
		sendDays: days.size,
		outcomes: Object.fromEntries(sendOutcomes.map((name) => [name, countOf(name)])) as Record<SendOutcome, number>,
		flags: Object.fromEntries(sendFlags.map((name) => [name, countOf(name)])) as Record<SendFlag, number>,
		samples,
	};
}

/** The n subjects with the lowest HMAC, each once. */
class Draw {
	seen = 0;
	readonly #size: number;
	readonly #seed: string;
	/** In order; the last one is the highest. */
	#drawn: { rank: string; subject: string }[] = [];
	#overflowed = false;

	constructor({ size, seed }: { size: number; seed: string }) {
		this.#size = size;
		this.#seed = seed;
	}

	offer(subject: string): void {
		this.seen += 1;
		const rank = createHmac("sha256", this.#seed).update(subject).digest("latin1");
		const last = this.#drawn.at(-1);
		const full = this.#drawn.length >= this.#size;
		if (full && (last === undefined || rank > last.rank)) {
			this.#overflowed = true;
			return;
		}
		const at = this.#drawn.findIndex((one) => one.rank >= rank);
		if (at >= 0 && this.#drawn[at]?.rank === rank) return;
		this.#drawn.splice(at < 0 ? this.#drawn.length : at, 0, { rank, subject });
		if (this.#drawn.length <= this.#size) return;
		this.#drawn.pop();
		this.#overflowed = true;
	}

	result(): Sample {
		const references = this.#drawn.map(({ subject }) => subject).sort();
		return { method: this.#overflowed ? "random" : "all", references };
	}
}
