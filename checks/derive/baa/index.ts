import type { Gap } from "../../../model/evidence.ts";
import { baaClauses, daysBetween } from "../../../model/records/index.ts";
import { documentStateOf, type RegisterRow, standingOf } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivedItem, errorOf } from "../derivation.ts";

/** BAA-02 needs the first twelve clauses, BAA-03 the last three (records.md section 6). */
const securityClauses = new Set(["complySubpartC", "subcontractorsSecurity", "reportSecurityIncidents"]);

interface BaaValues extends RegisterRow {
	clauses?: Record<string, { present: "yes" | "no" | "not_applicable" }>;
	renewal?: { kind: string; noticeDays?: number };
	signedBy?: unknown[];
	breachNoticeDays?: number;
	verification?: { verifiedOn: string };
	subcontractors?: { legalName: string; baaConfirmedOn?: string }[];
	knownIssues?: { action: "cured" | "terminated" | "open" }[];
}

/** derived.baa, one per register row, and derived.baa_register for the register as a whole: standing and ages on the run's day. */
const derivation: Derivation = {
	id: "baa",
	target: "records",
	needs: ["record.baa"],
	produces: ["derived.baa", "derived.baa_register"],
	derive(view): DerivedItem[] {
		const rows = view.items("record.baa");
		const items = rows.map((item): DerivedItem => {
			const own = { kind: "derived.baa", id: item.id, basis: [item] };
			const error = errorOf(item, "record.baa");
			if (error !== undefined) return { ...own, error };
			const row = item.values as BaaValues;
			return { ...own, values: factsOf(row, view.today), gaps: gapsOf(row) };
		});
		const readable = rows.filter((item) => item.status === "ok").map((item) => standingOf(item.values as RegisterRow, view.today));
		// A row that could not be read is no row; where it is the only one, whether there is a register stays open.
		const unread = rows.find((item) => item.status === "error")?.error;
		const gaps: Record<string, Gap> = {};
		if (readable.length === 0) gaps.rows = { code: unread?.code ?? "record_missing", detail: unread?.detail ?? "record.baa" };
		items.push({
			kind: "derived.baa_register",
			id: view.target,
			values: { rows: readable.length, inForce: readable.filter((standing) => standing === "in_force").length },
			gaps,
			basis: rows,
		});
		return items;
	},
};

export default derivation;

/** What the row leaves open is a gap (records.md section 4): an unchecked clause, a period that is not on record, a file that cannot be compared. */
function gapsOf(row: BaaValues): Record<string, Gap> {
	const gaps: Record<string, Gap> = {};
	gaps["clauses.contract.open"] = { code: "record_incomplete", detail: "clauses" };
	gaps["clauses.security.open"] = { code: "record_incomplete", detail: "clauses" };
	if (row.breachNoticeDays === undefined) gaps.breachNoticeDays = { code: "record_incomplete", detail: "breachNoticeDays" };
	gaps.unconfirmedSubcontractors = { code: "record_incomplete", detail: "subcontractors" };
	gaps.subcontractorsListed = { code: "record_incomplete", detail: "subcontractors" };
	gaps.issuesListed = { code: "record_incomplete", detail: "knownIssues" };
	gaps.verifiedDays = row.verification === undefined ? { code: "record_incomplete", detail: "verification" } : { code: "record_stale", detail: "verification" };
	const statuses = [row.document, ...(row.evidence ?? [])].map((one) => one?.documentStatus);
	if (statuses.includes("hash_differs")) gaps.documentState = { code: "evidence_hash_mismatch", detail: "document" };
	else if (statuses.includes("missing") || statuses.includes("unreadable")) gaps.documentState = { code: "evidence_missing", detail: "document" };
	return gaps;
}

function factsOf(row: BaaValues, today: string): Record<string, unknown> {
	const standing = standingOf(row, today);
	const ends = row.endsOn ?? row.lastInEffectOn ?? null;
	const clauses = Object.keys(baaClauses).map((key) => ({ key, present: row.clauses?.[key]?.present ?? null, security: securityClauses.has(key) }));
	return {
		party: row.party.legalName,
		status: row.status,
		source: row.source,
		standing,
		effectiveOn: row.effectiveOn ?? null,
		endsOn: ends,
		daysToEnd: ends === null ? null : daysBetween(today, ends),
		noticeDays: row.renewal?.noticeDays ?? null,
		documentState: documentStateOf(row),
		hasServices: (row.coveredServices ?? []).length > 0,
		verifiedOn: row.verification?.verifiedOn ?? null,
		verifiedDays: row.verification === undefined ? null : Math.max(0, daysBetween(row.verification.verifiedOn, today)),
		unconfirmedSubcontractors: (row.subcontractors ?? []).filter((one) => one.baaConfirmedOn === undefined).map((one) => one.legalName),
		subcontractorsListed: row.subcontractors !== undefined,
		openIssues: (row.knownIssues ?? []).filter((issue) => issue.action === "open").length,
		issuesListed: row.knownIssues !== undefined,
		signers: row.signedBy?.length ?? 0,
		breachNoticeDays: row.breachNoticeDays ?? null,
		clauses: {
			contract: groupOf(clauses.filter((clause) => !clause.security)),
			security: groupOf(clauses.filter((clause) => clause.security)),
		},
	};
}

function groupOf(clauses: readonly { key: string; present: string | null }[]): { absent: string[]; open: string[] } {
	return {
		absent: clauses.filter((clause) => clause.present === "no").map((clause) => clause.key),
		open: clauses.filter((clause) => clause.present === null).map((clause) => clause.key),
	};
}
