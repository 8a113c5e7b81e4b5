import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf } from "./rules.ts";
import { date, sharedFields, staffReference, text } from "./shared.ts";

/** Test and development environments hold made-up data only (45 CFR 164.312(a)(1)). */
export const syntheticData = defineRecordKind({
	kind: "synthetic-data",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		environments: z.array(text).min(1, { error: "expected at least one environment" }),
		declaredOn: date,
		declaredBy: staffReference.optional(),
		generator: text.optional().describe("How the data is made"),
		verifiedBy: text.optional().describe("How it is made sure that no real data gets in"),
	}),
	rules: () => [],
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
