import { z } from "zod";
import { isKnownControl } from "./control-catalogue.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type RuleIssue, stringsOf } from "./rules.ts";
import { controlId, evidenceItem, period, sharedFields, staffReference, text } from "./shared.ts";

/** Controls that a provider runs, by its report and the matrix of who does what (45 CFR 164.310). */
export const inherited = defineRecordKind({
	kind: "inherited",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		provider: text,
		reportTitle: text,
		period,
		controls: z.array(controlId).min(1, { error: "expected at least one control id" }),
		document: evidenceItem.optional(),
		responsibilityMatrix: evidenceItem.optional(),
		reviewedBy: staffReference.optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = isObject(record.period) ? inOrder(record.period, "from", "to", ["period"]) : [];
		for (const [index, id] of stringsOf(record.controls))
			if (!isKnownControl(id)) issues.push({ rec: "REC-106", path: ["controls", index], message: "the catalogue has no such control" });
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? (isObject(record.period) ? (dateOf(record.period.to) ?? null) : null),
});
