import { baaClauses } from "../../../model/records/index.ts";
import { documentStateOf, type RegisterRow, standingOf } from "../../protocols/vendors/index.ts";
import { errorOf, type DerivedItem, type Derivation } from "../derivation.ts";

/** BAA-02 needs the first twelve clauses, BAA-03 the last three (records.md section 6). */
const securityClauses = new Set(["complySubpartC", "subcontractorsSecurity", "reportSecurityIncidents"]);

interface BaaValues extends RegisterRow {
	clauses?: Record<string, { present: "yes" | "no" | "not_applicable" }>;
	renewal?: { kind: string; noticeDays?: number };
	signedBy?: unknown[];
	breachNoticeDays?: number;
	verification?: { verifiedOn: string };
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
			return error === undefined ? { ...own, values: factsOf(item.values as BaaValues, view.today) } : { ...own, error };
		});
		const readable = rows.filter((item) => item.status === "ok").map((item) => standingOf(item.values as RegisterRow, view.today));
		items.push({ kind: "derived.baa_register", id: view.target, values: { rows: rows.length, inForce: readable.filter((standing) => standing === "in_force").length }, basis: rows });
		return items;
	},
};

export default derivation;

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
		signers: row.signedBy?.length ?? 0,
		breachNoticeDays: row.breachNoticeDays ?? null,
		clauses: {
			contract: groupOf(clauses.filter((clause) => !clause.security)),
			security: groupOf(clauses.filter((clause) => clause.security)),
		},
	};
}

function groupOf(clauses: readonly { key: string; present: string | null }[]): { absent: string[]; open: string[] } {
	return { absent: clauses.filter((clause) => clause.present === "no").map((clause) => clause.key), open: clauses.filter((clause) => clause.present === null).map((clause) => clause.key) };
}

function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
