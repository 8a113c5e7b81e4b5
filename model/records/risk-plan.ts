import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { levelRule, riskLevel } from "./risk-analysis.ts";
import { dateOf, isObject, missing, objectsOf, type RuleIssue } from "./rules.ts";
import { actionItem, date, grade, recordId, sharedFields, staffWithRole } from "./shared.ts";

/** 45 CFR 164.308(a)(1)(ii)(B): one decision on one risk of the analysis. */
export const riskPlan = defineRecordKind({
	kind: "risk-plan",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		riskId: recordId,
		decision: z.enum(["mitigate", "avoid", "transfer", "accept"]),
		measures: z.array(actionItem).optional(),
		residual: z.strictObject({ likelihood: grade, impact: grade, level: riskLevel }).optional(),
		acceptedBy: staffWithRole.optional(),
		acceptedOn: date.optional(),
		reviewedOn: date.optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = isObject(record.residual) ? levelRule(record.residual, ["residual"]) : [];
		if (record.decision === "accept")
			for (const field of ["acceptedBy", "acceptedOn"])
				if (record[field] === undefined) issues.push(missing([field], "a risk is accepted by a person with authority"));
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
	across: (records, register) => {
		const known = new Set(register("risk-analysis").flatMap((analysis) => objectsOf(analysis.risks).map(([, risk]) => risk.id)));
		return records.flatMap((record, index) =>
			typeof record.riskId !== "string" || known.has(record.riskId)
				? []
				: [{ rec: "REC-106" as const, record: index, path: ["riskId"], message: "no risk analysis names this risk" }],
		);
	},
});
