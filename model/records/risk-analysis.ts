import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, objectsOf, type RuleIssue } from "./rules.ts";
import { date, evidenceItem, flag, grade, recordId, sharedFields, text } from "./shared.ts";

export const riskLevel = z.enum(["low", "medium", "high", "critical"]);

/** The level that follows from likelihood times impact: to 4 low, to 9 medium, to 16 high, above critical. */
export function riskLevelOf(likelihood: number, impact: number): z.infer<typeof riskLevel> {
	const product = likelihood * impact;
	if (product <= 4) return "low";
	if (product <= 9) return "medium";
	return product <= 16 ? "high" : "critical";
}

/** REC-105 is for dates; a level that does not follow from its grades is a value outside its set. */
export function levelRule(risk: Record<string, unknown>, path: (string | number)[]): RuleIssue[] {
	const { likelihood, impact, level } = risk;
	if (typeof likelihood !== "number" || typeof impact !== "number" || level === undefined) return [];
	const expected = riskLevelOf(likelihood, impact);
	if (level === expected) return [];
	return [{ rec: "REC-103", path: [...path, "level"], message: `expected ${expected}: likelihood ${likelihood} times impact ${impact}` }];
}

/** 45 CFR 164.308(a)(1)(ii)(A). */
export const riskAnalysis = defineRecordKind({
	kind: "risk-analysis",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		performedOn: date,
		performedBy: text.describe("Staff role or firm"),
		method: text,
		dueOn: date.optional().describe("When the user's own policy asks for the next one"),
		scope: z
			.strictObject({
				systems: z.array(text).optional(),
				dataFlows: z.array(text).optional(),
				locations: z.array(text).optional(),
				excluded: z.array(z.strictObject({ what: text, reason: text })).optional(),
			})
			.optional(),
		assets: z.array(z.strictObject({ id: recordId, name: text, ephi: flag, criticality: grade.optional() })).optional(),
		risks: z
			.array(
				z.strictObject({
					id: recordId,
					threat: text,
					vulnerability: text,
					asset: recordId,
					likelihood: grade,
					impact: grade,
					level: riskLevel,
					existingControls: z.array(text).optional(),
				}),
			)
			.optional(),
		document: evidenceItem.optional(),
	}),
	rules: (record) => {
		const assets = new Set(objectsOf(record.assets).map(([, asset]) => asset.id));
		return objectsOf(record.risks).flatMap(([index, risk]) => [
			...levelRule(risk, ["risks", index]),
			...(typeof risk.asset === "string" && !assets.has(risk.asset)
				? [{ rec: "REC-106" as const, path: ["risks", index, "asset"], message: "no asset of this analysis has this id" }]
				: []),
		]);
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
