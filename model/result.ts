import { z } from "zod";
import { reportThemeSchema, severities } from "./config.ts";
import { deniedCallSchema, runSchema, targetSchema } from "./evidence.ts";
import { type ReasonCode, reasonCodeList, reasonKinds } from "./reasons.ts";

export const resultSchemaId = "mailward/result/v1";

/** What the machine says. */
export const statuses = ["pass", "fail", "not_applicable", "not_assessed"] as const;
export type Status = (typeof statuses)[number];

/** What people decided about it, kept beside the status. */
export const dispositions = ["none", "waived", "waiver_expired", "waiver_void", "attested", "attestation_expired", "attestation_conflict"] as const;
export type Disposition = (typeof dispositions)[number];

/** What a reader sees. Worst first: the order of a roll-up to a control. */
export const states = ["fail", "not_assessed", "manual_pending", "exception", "attested", "pass", "not_applicable"] as const;
export type State = (typeof states)[number];

export const reasonSchema = z.strictObject({
	kind: z.enum(reasonKinds),
	code: z.enum(reasonCodeList as [ReasonCode, ...ReasonCode[]]),
	detail: z.string().nullable(),
});
export type Reason = z.infer<typeof reasonSchema>;

export const denialSchema = z.strictObject({
	path: z.string().nullable(),
	message: z.string(),
	observed: z.unknown(),
	expected: z.string().nullable(),
	severity: z.enum(severities),
});
export type Denial = z.infer<typeof denialSchema>;

/** A state that a result was in before, and the first and last scan that saw it so. */
export const pastStateSchema = z.strictObject({ state: z.enum(states), firstSeen: z.string(), lastSeen: z.string() });
export type PastState = z.infer<typeof pastStateSchema>;

/** values of a baseline.result item, id = the result's: what the earlier scan said. */
export const earlierResultSchema = pastStateSchema.extend({ history: z.array(pastStateSchema) });
export type EarlierResult = z.infer<typeof earlierResultSchema>;

/** What a rule of AWS Config says of the resource. It may ask something else than the check does, and decides nothing. */
export const configRuleSaysSchema = z.strictObject({
	rule: z.string(),
	compliance: z.string().describe("COMPLIANT or NON_COMPLIANT"),
	recordedAt: z.string().nullable().describe("When AWS Config recorded it, UTC, RFC 3339"),
	packs: z.array(z.string()).optional().describe("Conformance packs that the rule belongs to"),
	evidence: z.string().describe("SHA-256 of the item of evidence"),
});
export type ConfigRuleSays = z.infer<typeof configRuleSaysSchema>;

/** The conformance packs of AWS Config, told beside the verdicts: they turn none. */
export const conformancePacksSchema = z.strictObject({
	packs: z.array(
		z.strictObject({
			target: z.string().describe("account/Region"),
			pack: z.string(),
			compliant: z.number().int().describe("Rules that say COMPLIANT"),
			nonCompliant: z.number().int().describe("Rules that say NON_COMPLIANT"),
			undecided: z.number().int().describe("Rules that say INSUFFICIENT_DATA, or nothing"),
		}),
	),
	unread: z.array(z.string()).describe("Targets whose packs could not be read whole: what stands in packs of them is a part"),
});
export type ConformancePacks = z.infer<typeof conformancePacksSchema>;

export const resultItemSchema = z.strictObject({
	id: z.string().describe("Fingerprint of check (oldest alias), target and resource: stable across scans"),
	check: z.string(),
	title: z.string(),
	reference: z.array(z.string()),
	controls: z.array(z.string()),
	target: z.string(),
	resource: z.string(),
	domains: z.array(z.string()).describe("Every domain the result counts for"),
	status: z.enum(statuses),
	state: z.enum(states),
	reason: reasonSchema.nullable(),
	method: z.enum(["test", "examine", "interview"]),
	severity: z.enum(severities),
	message: z.string(),
	path: z.string().nullable(),
	observed: z.unknown(),
	expected: z.string().nullable(),
	denials: z.array(denialSchema),
	firstSeen: z.string().describe("When it was first seen in this state: by this scan, or by those before it that --baseline leads to"),
	history: z.array(pastStateSchema).optional().describe("Earlier states, oldest first; with --baseline alone"),
	citations: z.array(z.string()),
	remediation: z.string(),
	evidence: z.array(z.string()),
	configRules: z.array(configRuleSaysSchema).optional().describe("What AWS Config's own rules say of the resource, beside the verdict"),
	disposition: z.enum(dispositions),
	waiver: z.string().nullable(),
	namedWaiver: z.string().optional().describe("The waiver that the stack names at the resource, whether or not it covers this"),
	attestation: z.string().nullable(),
});
export type ResultItem = z.infer<typeof resultItemSchema>;

export const controlResultSchema = z.strictObject({
	id: z.string(),
	family: z.string(),
	title: z.string(),
	citations: z.array(z.string()),
	implementation: z.enum(["required", "addressable", "none"]),
	ruleStatus: z.enum(["in-force", "proposed", "withdrawn"]),
	state: z.enum(states),
	reason: reasonSchema.nullable(),
	attestation: z.string().nullable().describe("The attestation that settles a control which no check judged"),
	results: z.array(z.string()),
	asks: z.string().optional().describe("What proves the control, in the catalogue's words"),
	provenBy: z.array(z.string()).optional(),
	nist80053: z.array(z.string()).optional().describe("Crosswalk of the project, not a citation"),
	soc2: z.array(z.string()).optional().describe("Crosswalk of the project, not a citation"),
});
export type ControlResult = z.infer<typeof controlResultSchema>;

const totalsSchema = z.record(z.enum(states), z.number().int());
export type Totals = Record<State, number>;

export const evidenceRefSchema = z.strictObject({
	sha256: z.string(),
	kind: z.string(),
	id: z.string(),
	status: z.enum(["ok", "absent", "error"]),
	call: z.string(),
	collectedAt: z.string(),
});
export type EvidenceRef = z.infer<typeof evidenceRefSchema>;

export const populationSchema = z.strictObject({
	check: z.string(),
	kind: z.string().describe("Kind of evidence that the check is about"),
	listed: z.number().int().describe("Items of the kind on the targets whose list is whole"),
	targets: z.number().int().describe("Targets that the check was judged on"),
	unread: z.number().int().describe("Of these, targets whose list could not be had whole"),
});
export type Population = z.infer<typeof populationSchema>;

export const resultDocumentSchema = z.strictObject({
	schema: z.literal(resultSchemaId),
	run: runSchema.extend({
		profile: z.string(),
		policySha256: z.string(),
		configSha256: z.string(),
		complete: z.boolean(),
		rulesAsOf: z.string().optional().describe("Date of the catalogue of requirements"),
	}),
	entity: z.strictObject({
		legalName: z.string(),
		role: z.string(),
		timeZone: z.string(),
		excluded: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
	}),
	scope: z.strictObject({ targets: z.array(targetSchema), notRequested: z.array(z.string()) }),
	parameters: z.array(
		z.strictObject({
			check: z.string(),
			name: z.string(),
			value: z.unknown(),
			default: z.unknown(),
			standing: z.enum(["default", "stricter", "looser", "declared"]),
		}),
	),
	accepted: z.array(z.strictObject({ code: z.string(), why: z.string(), by: z.string(), until: z.string().nullable() })),
	results: z.array(resultItemSchema),
	controls: z.array(controlResultSchema),
	totals: z.strictObject({ results: totalsSchema, controls: totalsSchema }),
	deniedCalls: z.array(deniedCallSchema),
	populations: z.array(populationSchema).optional(),
	conformancePacks: conformancePacksSchema.optional(),
	records: z.record(z.string(), z.unknown()).describe("Registers of the report, registersSchema; never a subject"),
	evidence: z.array(evidenceRefSchema),
	report: z.strictObject({
		classification: z.string(),
		preparedBy: z.strictObject({ name: z.string(), logo: z.string().optional(), contact: z.string().optional() }).optional(),
		paperSize: z.enum(["Letter", "A4"]),
		theme: reportThemeSchema.optional(),
	}),
});
export type ResultDocument = z.infer<typeof resultDocumentSchema>;

/**
 * The one place where status and disposition become the state a reader sees (docs/architecture.md, "Result states").
 * An attestation never overrides a machine's fail or pass; a waiver changes a fail only.
 */
export function stateOf(status: Status, disposition: Disposition, reason: Reason | null, outcome: "met" | "not_met" | "not_applicable" | null = null): State {
	if (status === "fail") return disposition === "waived" ? "exception" : "fail";
	if (status === "not_assessed") {
		if (disposition === "attested") return outcome === "not_met" ? "fail" : outcome === "not_applicable" ? "not_applicable" : "attested";
		return reason?.kind === "manual" ? "manual_pending" : "not_assessed";
	}
	return status;
}

/** Worst state first. A control without any result is not assessed; the caller says so with a reason. */
export function worstState(all: readonly State[]): State | undefined {
	for (const state of states) if (all.includes(state)) return state;
	return undefined;
}

export function countStates(all: Iterable<State>): Totals {
	const totals: Totals = { pass: 0, fail: 0, exception: 0, attested: 0, not_assessed: 0, manual_pending: 0, not_applicable: 0 };
	for (const state of all) totals[state] += 1;
	return totals;
}
