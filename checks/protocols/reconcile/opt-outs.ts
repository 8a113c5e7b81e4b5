import { addBusinessDays } from "../../../model/records/index.ts";
import type { CampaignFacts } from "./campaign.ts";
import { dateOfDay, dayNumber } from "./days.ts";

/** The fields of an opt-out record that reconciling reads. */
interface OptOutValues {
	subjectRef: string;
	kind: string;
	receivedAt: string;
	lastInEffectOn?: string | null;
	scope?: { lists?: string[]; topics?: string[]; channels?: string[] };
}

interface Entry {
	kind: string;
	receivedMs: number;
	/** The last business day for it to be applied: 15 USC 7704(a)(4)(A)(i). */
	limitDay: number;
	endsOnDay: number;
	scope: NonNullable<OptOutValues["scope"]>;
}

/** A send after an opt-out: `within`: in the first two days; `late`: after these, which bulk-sender rules ask for; `unlawful`: after ten business days. */
export type OptOutState = "none" | "within" | "late" | "unlawful";

const twoDaysMs = 2 * 86_400_000;
const forever = 2 ** 31;

/** Opt-outs, revocations, bounces and complaints by subject. */
export class OptOuts {
	readonly #bySubject = new Map<string, Entry[]>();
	readonly #dayOf: (ms: number) => number;
	readonly #limits = new Map<number, number>();

	constructor(dayOf: (ms: number) => number) {
		this.#dayOf = dayOf;
	}

	get size(): number {
		return this.#bySubject.size;
	}

	add(record: object): void {
		const { subjectRef, kind, receivedAt, lastInEffectOn, scope } = record as OptOutValues;
		const receivedMs = Date.parse(receivedAt);
		const entry: Entry = {
			kind,
			receivedMs,
			limitDay: this.#limitOf(this.#dayOf(receivedMs)),
			endsOnDay: typeof lastInEffectOn === "string" ? dayNumber(lastInEffectOn) : forever,
			scope: scope ?? {},
		};
		const subject = subjectRef.toLowerCase();
		const known = this.#bySubject.get(subject);
		if (known === undefined) this.#bySubject.set(subject, [entry]);
		else known.push(entry);
	}

	/** The time of the latest written revocation up to a moment, in milliseconds; NaN: none. */
	revokedBefore(subject: string, ms: number): number {
		let latest = Number.NaN;
		for (const { kind, receivedMs } of this.#bySubject.get(subject) ?? [])
			if (kind === "revocation" && receivedMs <= ms && !(receivedMs <= latest)) latest = receivedMs;
		return latest;
	}

	/** What a send to somebody who opted out of it is, by the opt-out that makes it worst. */
	stateAt(subject: string, ms: number, day: number, facts: CampaignFacts): OptOutState {
		let worst: OptOutState = "none";
		for (const entry of this.#bySubject.get(subject) ?? []) {
			if (entry.receivedMs > ms || day > entry.endsOnDay || !speaksTo(entry, facts)) continue;
			if (day > entry.limitDay) return "unlawful";
			if (ms - entry.receivedMs > twoDaysMs) worst = "late";
			else if (worst === "none") worst = "within";
		}
		return worst;
	}

	/** The address bounced, or its owner complained, before the send. */
	isSuppressed(subject: string, ms: number, day: number): boolean {
		return (this.#bySubject.get(subject) ?? []).some(
			({ kind, receivedMs, endsOnDay }) => (kind === "bounce" || kind === "complaint") && receivedMs <= ms && day <= endsOnDay,
		);
	}

	#limitOf(day: number): number {
		let limit = this.#limits.get(day);
		if (limit === undefined) {
			limit = dayNumber(addBusinessDays(dateOfDay(day), 10));
			this.#limits.set(day, limit);
		}
		return limit;
	}
}

/** An opt-out of commercial mail never stops care mail. What a scope limits is compared; a campaign that does not name its lists or topics is not let off by it. */
function speaksTo({ kind, scope }: Entry, facts: CampaignFacts): boolean {
	const speaks = (kind === "opt_out" && facts.commercial) || (kind === "fundraising_opt_out" && facts.fundraising);
	return (
		speaks &&
		meets(scope.lists, facts.listIds) &&
		meets(scope.topics, facts.topics) &&
		(scope.channels ?? ["email"]).some((one) => /^e-?mail$/i.test(one.trim()))
	);
}

function meets(limits: readonly string[] | undefined, of: readonly string[]): boolean {
	return limits === undefined || limits.length === 0 || of.length === 0 || limits.some((one) => of.includes(one));
}
