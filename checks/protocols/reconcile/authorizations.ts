import type { AuthorizationRecord } from "../../../model/records/index.ts";
import { type CampaignFacts, nameKey } from "./campaign.ts";
import { SubjectTable } from "./subject-table.ts";

/** What one text of an authorization says, judged once for all who signed it. */
export interface TermsFacts {
	/** Core elements and statements that are absent or say nothing; the expiration and the signature are a matter of each row. */
	missing: readonly string[];
	/** Care depends on it and no permitted exception is named: 45 CFR 164.508(b)(4). */
	conditioned: boolean;
	/** Combined with what may not be combined: 45 CFR 164.508(b)(3). */
	compound: boolean;
	/** It says that somebody pays: 45 CFR 164.508(a)(3)(ii). */
	statesRemuneration: boolean;
	/** Who it names to disclose and to receive (45 CFR 164.508(c)(1)(ii), (iii)), by name in lower case; a class of persons has none. */
	parties: readonly string[];
	namesClasses: boolean;
	/** The hash of the signed document is on file: 45 CFR 164.508(b)(6). */
	signatureOnFile: boolean;
	/** Limits of its scope; null: none stated. */
	channels: readonly string[] | null;
	campaigns: readonly string[] | null;
	topics: readonly string[] | null;
	/** An expiration of the text itself, where a row has none of its own. */
	expiresOnDay: number;
	checkedOnDay: number;
	/** Sends in reliance on it after its revocation are explained: the note names the campaign. */
	relianceNote: string;
}

/** No day stated. */
export const noDay = -(2 ** 31);

export interface AuthorizationRow {
	subject: string;
	/** From `addTerms`. */
	terms: number;
	signedAtMs: number;
	/** The last day on which it holds, or the day on which the event that ends it occurred; noDay where neither is stated. */
	expiresOnDay: number;
	/** The day up to which the event that ends it is known not to have occurred. */
	checkedOnDay: number;
	/** NaN while it is not revoked. */
	revokedAtMs: number;
}

/** What became of one authorization at the time of one send. */
export type AuthorizationState =
	| "valid"
	| "revoked"
	| "relied"
	| "expired"
	| "unresolved"
	| "missing"
	| "conditioned"
	| "compound"
	| "out_of_scope"
	| "remuneration"
	| "sender"
	| "sender_open"
	| "unproven";

export interface SendMoment {
	subject: string;
	ms: number;
	/** The calendar day in the entity's time zone. */
	day: number;
	campaign: string;
	facts: CampaignFacts;
	/** The latest revocation of the person's own on file up to this moment, in milliseconds; NaN: none. */
	revokedAtMs: number;
}

/** An event is asked after again before each send: 45 CFR 164.508(b)(2)(i) with a window of this project. */
const eventWindowDays = 30;

/** Authorizations by subject, a million of them in about 110 MB. */
export class Authorizations {
	readonly #subjects = new SubjectTable();
	readonly #terms: TermsFacts[] = [];
	readonly #termsByKey = new Map<string, number>();
	#termsOf = new Uint32Array(1024);
	#days = new Int32Array(2048);
	#times = new Float64Array(2048);

	get size(): number {
		return this.#subjects.size;
	}

	/** The number of a text; equal ones have one number. */
	addTerms(facts: TermsFacts): number {
		const key = JSON.stringify(facts);
		const known = this.#termsByKey.get(key);
		if (known !== undefined) return known;
		this.#termsByKey.set(key, this.#terms.length);
		return this.#terms.push(facts) - 1;
	}

	add({ subject, terms, signedAtMs, expiresOnDay, checkedOnDay, revokedAtMs }: AuthorizationRow): void {
		const row = this.#subjects.add(subject);
		if (row === this.#termsOf.length) this.#grow();
		this.#termsOf[row] = terms;
		this.#days[row * 2] = expiresOnDay;
		this.#days[row * 2 + 1] = checkedOnDay;
		this.#times[row * 2] = signedAtMs;
		this.#times[row * 2 + 1] = revokedAtMs;
	}

	/** Whether the person had signed what the send needs: valid if any authorization carries it, else the state of the one signed last before the send; null if there is none. */
	stateAt(send: SendMoment): AuthorizationState | null {
		let newest: AuthorizationState | null = null;
		let newestAt = Number.NEGATIVE_INFINITY;
		for (let row = this.#subjects.first(send.subject); row >= 0; row = this.#subjects.after(row)) {
			const signedAt = this.#times[row * 2] ?? Number.POSITIVE_INFINITY;
			if (!(signedAt <= send.ms)) continue;
			const state = this.#stateOf(row, signedAt, send);
			if (state === "valid") return state;
			if (signedAt > newestAt) {
				newest = state;
				newestAt = signedAt;
			}
		}
		return newest;
	}

	#stateOf(row: number, signedAt: number, { ms, day, campaign, facts, revokedAtMs }: SendMoment): AuthorizationState {
		const terms = this.#terms[this.#termsOf[row] ?? -1];
		if (terms === undefined) return "missing";
		const revoked = this.#times[row * 2 + 1] ?? Number.NaN;
		if (revoked <= ms || (revokedAtMs <= ms && revokedAtMs >= signedAt)) return names(terms.relianceNote, campaign) ? "relied" : "revoked";
		const expires = stated(this.#days[row * 2], terms.expiresOnDay);
		const checked = stated(this.#days[row * 2 + 1], terms.checkedOnDay);
		if (expires !== noDay && day > expires) return "expired";
		if (expires === noDay && checked === noDay) return "missing";
		if (expires === noDay && checked < day - eventWindowDays) return "unresolved";
		if (terms.missing.length > 0) return "missing";
		if (terms.conditioned) return "conditioned";
		if (terms.compound) return "compound";
		if (!inScope(terms, campaign, facts)) return "out_of_scope";
		if (facts.paid && !terms.statesRemuneration) return "remuneration";
		return partyFault(terms, facts, day) ?? (terms.signatureOnFile ? "valid" : "unproven");
	}

	#grow(): void {
		const [terms, days, times] = [this.#termsOf, this.#days, this.#times];
		this.#termsOf = new Uint32Array(terms.length * 2);
		this.#days = new Int32Array(days.length * 2);
		this.#times = new Float64Array(times.length * 2);
		this.#termsOf.set(terms);
		this.#days.set(days);
		this.#times.set(times);
	}
}

function stated(own: number | undefined, ofText: number): number {
	return own === undefined || own === noDay ? ofText : own;
}

/** Each limit that is stated has to admit the campaign; one that is named itself needs no topic. */
function inScope(terms: TermsFacts, campaign: string, facts: CampaignFacts): boolean {
	if (terms.channels !== null && !terms.channels.some((channel) => /^e-?mail$/i.test(channel.trim()))) return false;
	if (terms.campaigns !== null) return terms.campaigns.includes(campaign);
	return terms.topics === null || terms.topics.some((topic) => facts.topics.includes(topic));
}

/**
 * Who sends, and who pays and receives data, is a party of the text or acts for the entity under an agreement on the day: 45 CFR
 * 164.508(c)(1)(ii), (iii), 164.502(e)(1). Open where the record does not say, or where a person has to say whether a class means them.
 */
function partyFault(terms: TermsFacts, { sender, agreements, sponsor }: CampaignFacts, day: number): "sender" | "sender_open" | null {
	const isCovered = (name: string, covered: CampaignFacts["agreements"]): boolean =>
		terms.parties.includes(name) || covered.some(({ from, to }) => from <= day && day <= to);
	const sends = sender === null ? null : isCovered(sender, agreements);
	const receives = sponsor === null || isCovered(sponsor.name, sponsor.agreements) || (sponsor.receivesData === null ? null : false);
	if ((sends === false || receives === false) && !terms.namesClasses) return "sender";
	return sends === true && receives === true ? null : "sender_open";
}

function names(note: string, campaign: string): boolean {
	return note.split(/[^A-Za-z0-9._-]+/).some((word) => word.replace(/\.$/, "") === campaign);
}

type Terms = Partial<Omit<AuthorizationRecord, "id" | "subjectRef">>;

/** 45 CFR 164.508(c)(1)(i)-(iv), (c)(2)(i)-(iii): what a text itself can lack. */
const elements = ["informationDescription", "disclosers", "recipients", "purposes", "revocation", "conditioning", "redisclosure"] as const;

/**
 * The facts of a text. `isFree`: whether an authorization with this id exists and conditions nothing, so that it may be combined.
 * `signatureOnFile`: the hash of the signed document is on record.
 */
export function termsFacts(
	terms: Terms,
	expiry: { expiresOnDay: number; checkedOnDay: number },
	isFree: (id: string) => boolean,
	signatureOnFile: boolean,
): TermsFacts {
	const conditioned = terms.conditioned === true && !hasException(terms.conditioning);
	const combined = terms.compoundWith ?? [];
	const parties = [...(terms.disclosers ?? []), ...(terms.recipients ?? [])];
	return {
		missing: elements.filter((element) => isEmpty(terms[element]) || (element === "informationDescription" && saysNothing(terms[element] ?? ""))),
		conditioned,
		compound: combined.length > 0 && (terms.conditioned === true || combined.some((id) => !isFree(id))),
		statesRemuneration: terms.remuneration?.involved === true && terms.remuneration.statement !== undefined,
		parties: parties.flatMap(({ name }) => (name === undefined ? [] : [nameKey(name)])),
		namesClasses: parties.some((party) => party.class !== undefined),
		signatureOnFile,
		channels: terms.scope?.channels ?? null,
		campaigns: terms.scope?.campaigns ?? null,
		topics: terms.scope?.topics ?? null,
		...expiry,
		relianceNote: terms.relianceNote ?? "",
	};
}

const vague =
	"any|and|all|of|the|my|our|your|his|her|their|other|or|entire|complete|full|whole|relevant|necessary|health|healthcare|medical|clinical|patient|personal|protected|private|care|treatment|information|info|records?|data|details|files?|charts?|phi|everything|anything|history";
const catchAll = new RegExp(`^(?:(?:${vague})[ /-]+)*(?:${vague})?$`);
const placeholder = /^(?:n ?\/? ?a|none|tbd|tba|to ?do|to be (?:determined|completed|filled in)|unknown|see (?:above|below|form)|test|lorem ipsum.*|x+)$/;

/** A description that is empty, a placeholder, or a catch-all without type, source or period: 45 CFR 164.508(c)(1)(i) asks for a specific and meaningful one. */
export function saysNothing(description: string): boolean {
	const words = description
		.slice(0, 400)
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{M}\p{N}/ -]+/gu, " ")
		.replaceAll(/ +/g, " ")
		.trim();
	return catchAll.test(words) || placeholder.test(words);
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function hasException(conditioning: Terms["conditioning"]): boolean {
	return conditioning !== undefined && "permittedException" in conditioning;
}
