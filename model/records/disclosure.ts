import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf } from "./rules.ts";
import { sharedFields, subjectRef, text, time } from "./shared.ts";

/** 45 CFR 164.528: one disclosure that enters the accounting. */
export const disclosure = defineRecordKind({
	kind: "disclosure",
	namesSubjects: true,
	log: true,
	fields: z.strictObject({
		...sharedFields,
		subjectRef,
		disclosedAt: time,
		recipient: text.optional().describe("Name of the entity or class; no patient"),
		recipientAddress: text.optional().describe("If known: city and State, 45 CFR 164.528(b)(2)(ii)"),
		description: text.optional(),
		purpose: text.optional(),
	}),
	rules: () => [],
	lastInEffect: (record) =>
		dateOf(record.lastInEffectOn) ?? (typeof record.disclosedAt === "string" ? (dateOf(record.disclosedAt.slice(0, 10)) ?? null) : null),
});
