/** The fields of a record.baa item's values that the cross-check reads (records.md section 6, documentStatus from the collector). */
export interface RegisterRow {
	id: string;
	party: { legalName: string };
	status: "draft" | "sent" | "executed" | "terminated";
	source: string;
	effectiveOn?: string | undefined;
	endsOn?: string | null | undefined;
	lastInEffectOn?: string | null | undefined;
	edition?: string | undefined;
	acceptedOn?: string | undefined;
	document?: { sha256?: string | undefined; documentStatus?: string | undefined } | undefined;
	evidence?: readonly { sha256?: string | undefined; documentStatus?: string | undefined }[] | undefined;
	coveredServices?: readonly { service: string }[] | undefined;
	excludedServices?: readonly { service: string; reason?: string | undefined }[] | undefined;
	hosts?: readonly string[] | undefined;
	spfIncludes?: readonly string[] | undefined;
	dkimSelectors?: readonly string[] | undefined;
}

export type Standing = "in_force" | "not_yet_effective" | "not_executed" | "ended";

/** How a row stands on a day, YYYY-MM-DD in the entity's time zone. In force: executed, effective, not ended; both end days count as in force. */
export function standingOf(row: RegisterRow, day: string): Standing {
	if (row.status === "terminated") return "ended";
	if (row.status !== "executed") return "not_executed";
	for (const end of [row.endsOn, row.lastInEffectOn]) if (typeof end === "string" && end < day) return "ended";
	return row.effectiveOn === undefined || row.effectiveOn > day ? "not_yet_effective" : "in_force";
}

export type DocumentState = "verified" | "not_verified" | "faulty" | "none";

/** Over the agreement's document and evidence: one that is missing, changed or unreadable makes the whole faulty. */
export function documentStateOf(row: RegisterRow): DocumentState {
	const statuses = [row.document, ...(row.evidence ?? [])].filter((one) => one !== undefined).map((one) => one.documentStatus);
	if (statuses.length === 0) return "none";
	if (statuses.some((status) => status === "missing" || status === "hash_differs" || status === "unreadable")) return "faulty";
	return statuses.every((status) => status === "ok") ? "verified" : "not_verified";
}

/** The plan in use, and a dated document or screenshot of it with its hash: what a BAA that depends on the plan rests on (VENDOR-03). */
export function provesPlan(row: RegisterRow): boolean {
	const hashed = [row.document, ...(row.evidence ?? [])].some((one) => one?.sha256 !== undefined);
	return row.edition !== undefined && hashed && (row.acceptedOn !== undefined || row.effectiveOn !== undefined);
}
