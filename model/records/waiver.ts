import { z } from "zod";
import { controlFacts, isKnownControl } from "./control-catalogue.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type Loose, missing, type RuleIssue, stringsOf } from "./rules.ts";
import { controlId, date, evidenceList, recordId, sharedFields, staffReference, staffWithRole, text } from "./shared.ts";

const exactId = z
	.string({ error: "expected an id exactly as printed" })
	.regex(/^[^\s*]{1,500}$/, { error: "expected an id exactly as printed, without *" })
	.refine((value) => value.isWellFormed(), { error: "expected text without unpaired surrogates" });

/** `*` only as the last character, and never alone: a waiver for everything is none. */
const resourcePattern = z
	.string({ error: "expected a resource id" })
	.regex(/^[^*]{1,500}\*?$/, { error: "expected a resource id as printed; * only at the end of an id" })
	.refine((value) => value.isWellFormed(), { error: "expected text without unpaired surrogates" });

const measure = z.strictObject({
	text,
	evidence: evidenceList.optional(),
	checkIds: z.array(exactId).optional().describe("A linked check that fails voids the waiver"),
});

export const waiverRecordSchema = z.strictObject({
	...sharedFields,
	kind: z.enum(["addressable_alternative", "compensating_control"]),
	scope: z.strictObject({
		controls: z.array(controlId).optional(),
		checks: z.array(exactId).optional(),
		resources: z.array(resourcePattern).optional(),
		findings: z.array(exactId).optional(),
		namedInStack: z.boolean().optional().describe("Covers only what a construct names this waiver for (waivedBy of mailward/testing), of a cdk.tf.json"),
	}),
	notReasonableBecause: text.optional().describe("45 CFR 164.306(d)(3)(ii)(B)(1)"),
	alternativeMeasure: measure.optional(),
	compensatingControl: measure.optional(),
	equivalenceStatement: text.describe("Why the measure gives the same protection"),
	riskRef: recordId.describe("The risk of the risk analysis that this waiver answers"),
	requestedBy: staffReference,
	approvedBy: staffWithRole,
	approvedOn: date,
	expiresOn: date,
	reviewOn: date,
	ticket: text.optional(),
});
export type WaiverRecord = z.infer<typeof waiverRecordSchema>;

export const waiver = defineRecordKind({
	kind: "waiver",
	namesSubjects: false,
	fields: waiverRecordSchema,
	rules: waiverRules,
	// A waiver that is withdrawn ends on that day, any other on the day it expires.
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.expiresOn) ?? null,
});

function waiverRules(record: Loose): RuleIssue[] {
	const issues = [...inOrder(record, "approvedOn", "expiresOn"), ...inOrder(record, "approvedOn", "reviewOn"), ...inOrder(record, "reviewOn", "expiresOn")];
	issues.push(...scopeRules(record));
	if (record.kind === "addressable_alternative") {
		if (record.notReasonableBecause === undefined)
			issues.push(missing(["notReasonableBecause"], "why the specification is not reasonable here (45 CFR 164.306(d)(3)(ii)(B)(1))"));
		if (record.alternativeMeasure === undefined) issues.push(missing(["alternativeMeasure"], "the equivalent measure (45 CFR 164.306(d)(3)(ii)(B)(2))"));
	}
	if (record.kind === "compensating_control" && record.compensatingControl === undefined) {
		issues.push(missing(["compensatingControl"], "the control that stands in for the one waived"));
	}
	if (samePerson(record.requestedBy, record.approvedBy)) {
		issues.push({ rec: "REC-103", path: ["approvedBy"], message: "expected another person than requestedBy: nobody approves their own waiver" });
	}
	return issues;
}

function scopeRules(record: Loose): RuleIssue[] {
	if (!isObject(record.scope)) return [];
	const issues: RuleIssue[] = [];
	const { controls, checks, findings } = record.scope;
	if (stringsOf(checks).length === 0 && stringsOf(findings).length === 0) issues.push(missing(["scope"], "at least one of checks or findings"));
	const addressable = record.kind === "addressable_alternative";
	if (addressable && stringsOf(controls).length === 0)
		issues.push(missing(["scope", "controls"], "the addressable specifications that the alternative answers"));
	for (const [index, id] of stringsOf(controls)) {
		const path = ["scope", "controls", index];
		if (!isKnownControl(id)) issues.push({ rec: "REC-106", path, message: "the catalogue has no such control" });
		else if (addressable && controlFacts(id)?.implementation !== "addressable") {
			issues.push({ rec: "REC-103", path, message: "expected a control that the Security Rule marks addressable (45 CFR 164.306(d)(3))" });
		}
	}
	return issues;
}

/** By address where both have one, else by name. */
export function samePerson(a: unknown, b: unknown): boolean {
	if (!isObject(a) || !isObject(b)) return false;
	for (const key of ["email", "name"]) {
		const [left, right] = [a[key], b[key]];
		if (typeof left === "string" && typeof right === "string") return fold(left) === fold(right);
	}
	return false;
}

function fold(value: string): string {
	return value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}
