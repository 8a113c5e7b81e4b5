import { z } from "zod";
import { type CrossIssue, defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type Loose, missing, objectsOf, type RuleIssue, stringsOf } from "./rules.ts";
import { count, date, dkimFingerprint, documentReference, evidenceList, hostFingerprint, sharedFields, staffReference, text, wholeNumber } from "./shared.ts";

/** What a business associate agreement must say, by key; BAA-02 needs the first twelve, BAA-03 the last three. */
export const baaClauses = {
	permittedUses: "45 CFR 164.504(e)(2)(i)",
	noOtherUse: "45 CFR 164.504(e)(2)(ii)(A)",
	safeguards: "45 CFR 164.504(e)(2)(ii)(B)",
	reportUnpermittedUseAndBreach: "45 CFR 164.504(e)(2)(ii)(C)",
	subcontractorsSameTerms: "45 CFR 164.504(e)(2)(ii)(D)",
	access: "45 CFR 164.504(e)(2)(ii)(E)",
	amendment: "45 CFR 164.504(e)(2)(ii)(F)",
	accounting: "45 CFR 164.504(e)(2)(ii)(G)",
	delegatedObligations: "45 CFR 164.504(e)(2)(ii)(H)",
	booksToSecretary: "45 CFR 164.504(e)(2)(ii)(I)",
	returnOrDestroy: "45 CFR 164.504(e)(2)(ii)(J)",
	terminationForViolation: "45 CFR 164.504(e)(2)(iii)",
	complySubpartC: "45 CFR 164.314(a)(2)(i)(A)",
	subcontractorsSecurity: "45 CFR 164.314(a)(2)(i)(B)",
	reportSecurityIncidents: "45 CFR 164.314(a)(2)(i)(C)",
} as const;
export type BaaClause = keyof typeof baaClauses;

const pageRef = z.union([text, count], { error: "expected a page, such as 7 or 7-8" });

/** Only obligations that the covered entity delegates can be absent from an agreement for a good reason. */
const clause = z.strictObject({ present: z.enum(["yes", "no"]), pageRef: pageRef.optional(), note: text.optional() });
const clauseThatMayNotApply = z.strictObject({ present: z.enum(["yes", "no", "not_applicable"]), pageRef: pageRef.optional(), note: text.optional() });

const clauses = z.strictObject({
	permittedUses: clause.optional(),
	noOtherUse: clause.optional(),
	safeguards: clause.optional(),
	reportUnpermittedUseAndBreach: clause.optional(),
	subcontractorsSameTerms: clause.optional(),
	access: clause.optional(),
	amendment: clause.optional(),
	accounting: clause.optional(),
	delegatedObligations: clauseThatMayNotApply.optional(),
	booksToSecretary: clause.optional(),
	returnOrDestroy: clause.optional(),
	terminationForViolation: clause.optional(),
	complySubpartC: clause.optional(),
	subcontractorsSecurity: clause.optional(),
	reportSecurityIncidents: clause.optional(),
} satisfies Record<BaaClause, z.ZodType>);

/** The contract may be shorter than the 60 days of 45 CFR 164.410(b), never longer. */
const breachNoticeDays = wholeNumber("expected a whole number of days", 0, 60, "expected 0 to 60 days");

export const baaRecordSchema = z.strictObject({
	...sharedFields,
	party: z.strictObject({
		legalName: text,
		kind: z.enum(["business_associate", "subcontractor", "covered_entity"]),
		country: text.optional(),
	}),
	counterparty: text.optional().describe("Legal name of the signer on the other side"),
	status: z.enum(["draft", "sent", "executed", "terminated"]).describe("Only executed counts"),
	source: z.enum(["signed_document", "click_through", "part_of_terms", "aws_artifact"]).describe("Decides which evidence is needed"),
	signedBy: z.array(z.strictObject({ name: text, title: text.optional(), party: text.optional(), signedOn: date })).optional(),
	effectiveOn: date.optional(),
	endsOn: date.nullable().optional(),
	renewal: z.strictObject({ kind: z.enum(["evergreen", "auto", "fixed"]), noticeDays: count.optional() }).optional(),
	document: documentReference.optional(),
	edition: text.optional(),
	acceptedBy: staffReference.optional(),
	acceptedOn: date.optional(),
	coveredServices: z.array(z.strictObject({ service: text, since: date.optional(), source: text.optional(), checkedOn: date.optional() })).optional(),
	excludedServices: z.array(z.strictObject({ service: text, reason: text.optional() })).optional(),
	hosts: z.array(hostFingerprint).optional(),
	dkimSelectors: z.array(dkimFingerprint).optional(),
	spfIncludes: z.array(hostFingerprint).optional(),
	accounts: z.array(z.strictObject({ provider: text, id: text })).optional(),
	breachNoticeDays: breachNoticeDays.optional(),
	incidentNoticeHours: count.optional(),
	contingencyNoticeHours: count.optional(),
	subcontractors: z.array(z.strictObject({ legalName: text, service: text, baaConfirmedOn: date.optional(), evidence: evidenceList.optional() })).optional(),
	verification: z
		.strictObject({ verifiedOn: date, analyst: staffReference.optional(), certifier: staffReference.optional(), evidence: evidenceList.optional() })
		.optional(),
	knownIssues: z
		.array(z.strictObject({ foundOn: date, pattern: text, action: z.enum(["cured", "terminated", "open"]), closedOn: date.nullable().optional() }))
		.optional(),
	clauses: clauses.optional(),
});
export type BaaRecord = z.infer<typeof baaRecordSchema>;

export const baa = defineRecordKind({
	kind: "baa",
	namesSubjects: false,
	fields: baaRecordSchema,
	rules: baaRules,
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.endsOn) ?? null,
	across: hostsInTwoAgreements,
});

function baaRules(record: Loose): RuleIssue[] {
	const issues = [...inOrder(record, "effectiveOn", "endsOn"), ...inOrder(record, "effectiveOn", "lastInEffectOn")];
	for (const [index, issue] of objectsOf(record.knownIssues)) issues.push(...inOrder(issue, "foundOn", "closedOn", ["knownIssues", index]));
	if (record.status === "executed") issues.push(...executedRules(record));
	return issues;
}

/** An executed agreement is shown by its text and by who agreed to it; which fields say so depends on how it was concluded. */
function executedRules(record: Loose): RuleIssue[] {
	const issues: RuleIssue[] = [];
	if (record.effectiveOn === undefined) issues.push(missing(["effectiveOn"], "an executed agreement has an effective date"));
	const hash = isObject(record.document) && record.document.sha256 !== undefined;
	if (record.source === "signed_document") {
		if (!hash)
			issues.push(missing(record.document === undefined ? ["document"] : ["document", "sha256"], "an executed agreement names the hash of its document"));
		if (!Array.isArray(record.signedBy) || record.signedBy.length === 0) issues.push(missing(["signedBy"], "a signed document names who signed it"));
	} else if (!hash && objectsOf(record.evidence).length === 0) {
		issues.push(
			missing(
				record.document === undefined ? ["document"] : ["document", "sha256"],
				"an executed agreement names the hash of its document, or evidence with a hash",
			),
		);
	}
	return issues;
}

/** One host, two agreements in force at the same time: nobody could say which one governs. Needs no clock: the periods overlap or not. */
function hostsInTwoAgreements(records: readonly Loose[]): CrossIssue[] {
	const issues: CrossIssue[] = [];
	const seen = new Map<string, { record: number; from: string; to: string }[]>();
	for (const [index, record] of records.entries()) {
		if (record.status !== "executed") continue;
		const from = dateOf(record.effectiveOn);
		if (from === undefined) continue;
		const ends = [dateOf(record.endsOn), dateOf(record.lastInEffectOn)].filter((end) => end !== undefined);
		const to = ends.sort()[0] ?? "9999-12-31";
		const own = new Set<string>();
		for (const [position, name] of stringsOf(record.hosts)) {
			const host = name.toLowerCase().replace(/\.$/, "");
			if (own.has(host)) continue;
			own.add(host);
			const others = seen.get(host) ?? [];
			const clash = others.find((other) => other.from <= to && from <= other.to);
			if (clash !== undefined) {
				issues.push({
					rec: "REC-106",
					record: index,
					other: clash.record,
					path: ["hosts", position],
					message: "the same host stands in two agreements in force at the same time",
				});
			}
			others.push({ record: index, from, to });
			seen.set(host, others);
		}
	}
	return issues;
}
