import { z } from "zod";
import { isKnownControl } from "./control-catalogue.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, missing, type RuleIssue, stringsOf } from "./rules.ts";
import { actionItem, controlId, date, grade, sharedFields, staffReference, text, time } from "./shared.ts";

const status = z.enum(["open", "in_progress", "completed", "accepted", "cancelled"]);

/** An item of the remediation plan; feeds the report. An accepted item changes no result. */
export const poam = defineRecordKind({
	kind: "poam",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		findings: z.array(text).optional(),
		controls: z.array(controlId).optional(),
		weakness: text,
		risk: text,
		severity: z.enum(["critical", "high", "medium", "low"]),
		likelihood: grade.optional(),
		impact: grade.optional(),
		resources: text.optional(),
		milestones: z.array(actionItem).optional(),
		dueOn: date,
		status,
		history: z
			.array(z.strictObject({ from: status, to: status, who: staffReference, when: time, why: text }))
			.optional()
			.describe("Append only"),
		verifiedBy: text.optional().describe("The scan and result that first showed it fixed"),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [];
		for (const [index, id] of stringsOf(record.controls))
			if (!isKnownControl(id)) issues.push({ rec: "REC-106", path: ["controls", index], message: "the catalogue has no such control" });
		if (record.status === "completed" && record.verifiedBy === undefined)
			issues.push(missing(["verifiedBy"], "a person's word alone does not complete an item: name the scan that showed it fixed"));
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
