import type { VendorMatch, VendorSignal } from "./match-vendors.ts";
import { asName, foldName, isOwnName, literalTail, suffixLabels } from "./names.ts";
import { type DocumentState, documentStateOf, provesPlan, type RegisterRow, type Standing, standingOf } from "./register.ts";
import type { VendorEdition, VendorRow, VendorTable } from "./vendor-data.ts";

/**
 * undeclared: seen, no row. contradiction: a BAA on file, but the vendor signs none. plan_gated_needs_proof: a BAA on
 * file, the vendor signs on some plans only, and the row does not prove the plan. excluded: the row itself leaves the
 * service out. document_faulty: the paper is missing or changed. covered: on file, in force, and nothing speaks against
 * it. edition_excluded: the row's own edition is one that the vendor is confirmed to sign none for; edition_open: whether the vendor signs for it is unconfirmed or old. not_in_force: a draft, sent, or not yet effective. ended: the row has ended and the records are still there.
 */
export type RegisterOutcome =
	| "undeclared"
	| "contradiction"
	| "edition_excluded"
	| "edition_open"
	| "plan_gated_needs_proof"
	| "excluded"
	| "document_faulty"
	| "covered"
	| "not_in_force"
	| "ended";

export interface RowEvidence {
	id: string;
	legalName: string;
	standing: Standing;
	document: DocumentState;
	effectiveOn: string | null;
	endsOn: string | null;
	/** What made the row answer for the vendor. */
	answeredBy: { field: "hosts" | "spfIncludes" | "dkimSelectors" | "legalName"; fingerprint: string; record: string }[];
	/** The vendor is named among the covered services. */
	namesService: boolean;
}

export interface VendorVerdict {
	baa: "yes" | "plan" | "no" | "unknown";
	note: string;
	source: string;
	asOf: string | null;
	confidence: "confirmed" | "confirm";
	/** Days from the first day of `asOf` to the given day; null without a month. */
	ageDays: number | null;
	/** The edition of the rows in force, as the vendor data knows it; null: none is named, or none of this name is known. */
	edition: { name: string; baa: "yes" | "no"; confidence: "confirmed" | "confirm"; note: string | null } | null;
	/** Confirmed and at most 180 days old: only then may a verdict of the vendor data decide anything. */
	conclusive: boolean;
}

export interface CrossResult {
	vendor: string;
	kind: string;
	outcome: RegisterOutcome;
	match: VendorMatch;
	/** The row that decided, then the other rows that answer. */
	rows: RowEvidence[];
	verdict: VendorVerdict;
	/** Products that may stand behind a carrier and have no row of their own in force. */
	askAbout: string[];
	/** Signals that no row answers by a fingerprint; a row found by its name answers for all. */
	unanswered: VendorSignal[];
}

export interface CrossRegister {
	vendors: CrossResult[];
	/** Rows without a trace in DNS, for information: many services leave none. */
	notSeen: { id: string; legalName: string; standing: Standing }[];
}

const maxVerdictAgeDays = 180;

/**
 * Vendors seen in DNS against the BAA register. A row answers for a vendor if one of its fingerprints covers a record of
 * the match, or if the party's legal name is the vendor's name (case and spaces aside). `hosts` answer for every name,
 * `spfIncludes` for SPF targets, `dkimSelectors` for selectors (whole) and CNAME targets (suffix).
 * `asOf` is a day, YYYY-MM-DD, in the entity's time zone.
 */
export function crossRegister(matches: readonly VendorMatch[], register: readonly RegisterRow[], table: VendorTable, asOf: string): CrossRegister {
	const seen = new Set<string>();
	const vendors: CrossResult[] = [];
	for (const match of matches) {
		const data = table.vendors.find((row) => row.vendor === match.vendor);
		if (data === undefined) continue;
		const answering = register.map((row) => ({ row, answers: answersOf(row, match) })).filter(({ answers }) => answers.length > 0);
		for (const { row } of answering) seen.add(row.id);
		const ranked = answering.sort((a, b) => standingRank(a.row, asOf) - standingRank(b.row, asOf) || (a.row.id < b.row.id ? -1 : 1));
		const rows = ranked.map(({ row, answers }) => evidenceOf(row, answers, match, asOf));
		const byName = rows.some((row) => row.answeredBy.some((answer) => answer.field === "legalName"));
		const answered = new Set(rows.flatMap((row) => row.answeredBy.map((answer) => answer.record)));
		vendors.push({
			vendor: match.vendor,
			kind: match.kind,
			outcome: outcomeOf(
				ranked.map(({ row }) => row),
				data,
				asOf,
			),
			match,
			rows,
			verdict: verdictOf(
				data,
				asOf,
				editionInForce(
					ranked.map(({ row }) => row),
					data,
					asOf,
				),
			),
			askAbout: match.possible.filter((name) => !register.some((row) => standingOf(row, asOf) === "in_force" && namesVendor(row, name))),
			unanswered: byName ? [] : match.signals.filter((signal) => !answered.has(signal.record)),
		});
	}
	const notSeen = register.filter((row) => !seen.has(row.id)).map((row) => ({ id: row.id, legalName: row.party.legalName, standing: standingOf(row, asOf) }));
	return { vendors, notSeen };
}

/** One outcome: rows are in order of standing, the best first, so that an ended row never hides one in force. */
function outcomeOf(rows: readonly RegisterRow[], data: VendorRow, day: string): RegisterOutcome {
	const inForce = rows.filter((row) => standingOf(row, day) === "in_force");
	if (inForce.length === 0) {
		if (rows.length === 0) return "undeclared";
		return rows.every((row) => standingOf(row, day) === "ended") ? "ended" : "not_in_force";
	}
	if (data.baa === "no") return "contradiction";
	// An exclusion in any agreement in force stands against another's coverage: a person must settle which one governs.
	if (inForce.some((row) => (row.excludedServices ?? []).some(({ service }) => sameName(service, data.vendor)))) return "excluded";
	const sound = inForce.filter((row) => documentStateOf(row) !== "faulty");
	if (sound.length === 0) return "document_faulty";
	const editions = sound.map((row) => editionOf(row, data));
	// One agreement for an edition that the vendor signs for is enough; an edition that the data does not know is for the proof of the plan.
	if (editions.every((edition) => edition !== undefined && !(edition.baa === "yes" && isSettled(edition, data, day))))
		return editions.every((edition) => edition?.baa === "no" && isSettled(edition, data, day)) ? "edition_excluded" : "edition_open";
	if (data.baa === "plan" && !sound.some(provesPlan)) return "plan_gated_needs_proof";
	return "covered";
}

function standingRank(row: RegisterRow, day: string): number {
	const order: Record<Standing, number> = { in_force: 0, not_yet_effective: 1, not_executed: 2, ended: 3 };
	return order[standingOf(row, day)];
}

function evidenceOf(row: RegisterRow, answeredBy: RowEvidence["answeredBy"], match: VendorMatch, day: string): RowEvidence {
	return {
		id: row.id,
		legalName: row.party.legalName,
		standing: standingOf(row, day),
		document: documentStateOf(row),
		effectiveOn: row.effectiveOn ?? null,
		endsOn: row.endsOn ?? row.lastInEffectOn ?? null,
		answeredBy,
		namesService: (row.coveredServices ?? []).some(({ service }) => sameName(service, match.vendor)),
	};
}

function answersOf(row: RegisterRow, match: VendorMatch): RowEvidence["answeredBy"] {
	const answers: RowEvidence["answeredBy"] = [];
	for (const signal of match.signals) {
		const { names, selector } = namesOf(signal);
		for (const field of ["hosts", "spfIncludes", "dkimSelectors"] as const) {
			if (field === "spfIncludes" && signal.signal !== "spfDirect" && signal.signal !== "spfNested") continue;
			if (field === "dkimSelectors" && signal.signal !== "dkimCname") continue;
			for (const fingerprint of row[field] ?? []) {
				const wanted = asName(fingerprint);
				if (wanted === undefined) continue;
				const whole = field === "dkimSelectors" && selector === wanted;
				if (whole || (isOwnName(wanted) && names.some((name) => suffixLabels(name, wanted) > 0))) answers.push({ field, fingerprint, record: signal.record });
			}
		}
	}
	if (sameName(row.party.legalName, match.vendor)) answers.push({ field: "legalName", fingerprint: row.party.legalName, record: match.vendor });
	return answers;
}

/** The names that a signal's record holds. Tokens and what is not a name hold none. */
function namesOf(signal: VendorSignal): { names: string[]; selector?: string } {
	if (signal.signal === "txtToken") return { names: [] };
	if (signal.signal === "dkimCname") {
		const [selector = "", target = ""] = signal.record.split("._domainkey CNAME ");
		const name = asName(target);
		return { names: name === undefined ? [] : [name], selector: selector.toLowerCase() };
	}
	const name = signal.signal === "spfDirect" || signal.signal === "spfNested" ? literalTail(signal.record) : asName(signal.record);
	return { names: name === undefined ? [] : [name] };
}

/** The row is about a product by its party or by a service that it covers. */
function namesVendor(row: RegisterRow, vendor: string): boolean {
	return sameName(row.party.legalName, vendor) || (row.coveredServices ?? []).some(({ service }) => sameName(service, vendor));
}

function sameName(a: string, b: string): boolean {
	return foldName(a) === foldName(b);
}

/** The edition that a row names: under one of its names, or the longest of them that stands in the text as whole words. */
function editionOf(row: RegisterRow, data: VendorRow): VendorEdition | undefined {
	if (row.edition === undefined) return undefined;
	const named = ` ${foldName(row.edition).replace(/[^a-z0-9.]+/g, " ")} `;
	let best: { edition: VendorEdition; length: number } | undefined;
	for (const edition of data.editions ?? []) {
		for (const name of [edition.name, ...(edition.also ?? [])]) {
			const wanted = ` ${foldName(name).replace(/[^a-z0-9.]+/g, " ")} `;
			if (named.includes(wanted) && wanted.length > (best?.length ?? 0)) best = { edition, length: wanted.length };
		}
	}
	return best?.edition;
}

function isSettled(edition: VendorEdition | undefined, data: VendorRow, day: string): boolean {
	const age = ageOf(data, day);
	return edition?.confidence === "confirmed" && age !== null && age <= maxVerdictAgeDays;
}

function editionInForce(rows: readonly RegisterRow[], data: VendorRow, day: string): VendorVerdict["edition"] {
	const edition = rows.filter((row) => standingOf(row, day) === "in_force").map((row) => editionOf(row, data))[0];
	return edition === undefined ? null : { name: edition.name, baa: edition.baa, confidence: edition.confidence, note: edition.note ?? null };
}

function ageOf(data: VendorRow, day: string): number | null {
	return data.asOf === null ? null : Math.floor((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${data.asOf}-01T00:00:00Z`)) / 86_400_000);
}

function verdictOf(data: VendorRow, day: string, edition: VendorVerdict["edition"]): VendorVerdict {
	const ageDays = ageOf(data, day);
	return {
		baa: data.baa,
		note: data.baaNote,
		source: data.source.baa,
		asOf: data.asOf,
		confidence: data.confidence,
		ageDays,
		edition,
		conclusive: data.confidence === "confirmed" && ageDays !== null && ageDays <= maxVerdictAgeDays,
	};
}
