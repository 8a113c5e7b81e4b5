import { z } from "zod";

const paper = z.object({ sha256: z.string().optional(), documentStatus: z.string().optional() });

/** The fields of a record.baa item's values that the cross-check reads; others are left aside. Stored evidence is outside data: it is parsed again. */
const registerRowSchema = z.object({
	id: z.string(),
	party: z.object({ legalName: z.string() }),
	status: z.enum(["draft", "sent", "executed", "terminated"]),
	source: z.string(),
	effectiveOn: z.string().optional(),
	endsOn: z.string().nullable().optional(),
	lastInEffectOn: z.string().nullable().optional(),
	edition: z.string().optional(),
	acceptedOn: z.string().optional(),
	document: paper.optional(),
	evidence: z.array(paper).optional(),
	coveredServices: z.array(z.object({ service: z.string() })).optional(),
	excludedServices: z.array(z.object({ service: z.string(), reason: z.string().optional() })).optional(),
	hosts: z.array(z.string()).optional(),
	spfIncludes: z.array(z.string()).optional(),
	dkimSelectors: z.array(z.string()).optional(),
});
export type RegisterRow = z.infer<typeof registerRowSchema>;

/** The values of a record.baa item as a row; undefined if they are none, which the caller reports as malformed. */
export function registerRowOf(values: unknown): RegisterRow | undefined {
	const result = registerRowSchema.safeParse(values);
	return result.success ? result.data : undefined;
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
