import { z } from "zod";
import { type CrossIssue, defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type Loose, missing, objectsOf, type RuleIssue } from "./rules.ts";
import { actionItem, count, date, period, sha256, sharedFields, staffReference, text, time } from "./shared.ts";

/** 45 CFR 164.308(a)(1)(ii)(D), (a)(3)(ii), (a)(4)(ii): reviews of access and of activity logs. */
export const review = defineRecordKind({
	kind: "review",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		kind: z.enum(["access", "activity_log"]),
		period,
		performedOn: date,
		reviewer: staffReference.optional(),
		certifiedBy: staffReference.optional(),
		population: z.strictObject({ source: text, size: count, evidenceSha256: sha256 }).optional(),
		decisions: z.array(z.strictObject({ principal: text, decision: z.enum(["keep", "change", "remove"]), doneOn: date.nullable().optional() })).optional(),
		terminations: z.array(z.strictObject({ principal: text, leftAt: time, disabledAt: time.nullable().optional() })).optional(),
		findings: z.array(text).optional(),
		followUp: z.array(actionItem).optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = isObject(record.period) ? inOrder(record.period, "from", "to", ["period"]) : [];
		for (const [index, one] of objectsOf(record.decisions))
			if (one.decision === "remove" && one.doneOn === undefined)
				issues.push(missing(["decisions", index, "doneOn"], "the day on which the access was removed, or null"));
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.performedOn) ?? null,
	across: overlaps,
});

function overlaps(records: readonly Loose[]): CrossIssue[] {
	const spans = records.map((record) => (isObject(record.period) ? { from: dateOf(record.period.from), to: dateOf(record.period.to) } : {}));
	return records.flatMap((record, index) => {
		const own = spans[index];
		const other = records.slice(0, index).findIndex((one, place) => {
			const theirs = spans[place];
			return (
				one.kind === record.kind &&
				own?.from !== undefined &&
				own.to !== undefined &&
				theirs?.from !== undefined &&
				theirs.to !== undefined &&
				own.from <= theirs.to &&
				theirs.from <= own.to
			);
		});
		return other < 0
			? []
			: [{ rec: "REC-105" as const, record: index, other, path: ["period"], message: "the period overlaps another review of the same kind" }];
	});
}
