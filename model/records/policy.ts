import { z } from "zod";
import { isKnownControl } from "./control-catalogue.ts";
import { type CrossIssue, defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, type Loose, type RuleIssue, stringsOf } from "./rules.ts";
import { controlId, date, evidenceItem, sharedFields, staffReference, text } from "./shared.ts";

/** 45 CFR 164.316, 164.530(i), 164.520: policies, procedures and the notice of privacy practices. */
export const policy = defineRecordKind({
	kind: "policy",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		kind: z.enum(["policy", "procedure", "npp", "form", "plan"]),
		subject: z
			.enum(["mail", "sanctions", "incident_response", "contingency", "complaints", "workstations", "media", "privacy_notice", "other"])
			.describe("What it is about; which subjects are needed is said on the check's page"),
		title: text,
		version: text,
		controls: z.array(controlId).optional(),
		approvedBy: staffReference.optional(),
		approvedOn: date.optional(),
		effectiveOn: date,
		reviews: z.array(z.strictObject({ on: date, by: staffReference, outcome: z.enum(["no_change", "changed"]), note: text.optional() })).optional(),
		reviewDueOn: date.optional().describe("The date of the user's own policy"),
		availableTo: z
			.array(z.strictObject({ role: text, location: text }))
			.optional()
			.describe("45 CFR 164.316(b)(2)(ii)"),
		document: evidenceItem.optional(),
		elements: z
			.array(z.strictObject({ key: text, pageRef: text.optional() }))
			.optional()
			.describe("A notice needs marketing and sale, 45 CFR 164.520(b)(1)(ii)(E)"),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [...inOrder(record, "approvedOn", "effectiveOn"), ...inOrder(record, "effectiveOn", "lastInEffectOn")];
		for (const [index, id] of stringsOf(record.controls))
			if (!isKnownControl(id)) issues.push({ rec: "REC-106", path: ["controls", index], message: "the catalogue has no such control" });
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
	across: twoInForce,
});

/** Two versions of one policy in force on one day: nobody could say which one holds. */
function twoInForce(records: readonly Loose[]): CrossIssue[] {
	const issues: CrossIssue[] = [];
	for (const [index, record] of records.entries()) {
		const from = dateOf(record.effectiveOn);
		if (typeof record.title !== "string" || from === undefined) continue;
		const to = dateOf(record.lastInEffectOn) ?? "9999-12-31";
		const other = records.slice(0, index).findIndex((one) => {
			const start = dateOf(one.effectiveOn);
			return one.title === record.title && start !== undefined && start <= to && from <= (dateOf(one.lastInEffectOn) ?? "9999-12-31");
		});
		if (other >= 0) issues.push({ rec: "REC-105", record: index, other, path: ["effectiveOn"], message: "two versions of one policy are in force at once" });
	}
	return issues;
}
