import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject } from "./rules.ts";
import { date, period, sha256, sharedFields, staffWith, text, time } from "./shared.ts";

/** Who assesses what and when; feeds the report. */
export const engagement = defineRecordKind({
	kind: "engagement",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		period,
		assessors: z.array(staffWith({ qualification: text.optional(), relationship: z.enum(["internal", "consultant", "independent"]) })).min(1),
		distribution: z.array(text).optional(),
		classification: text.optional(),
		custody: z
			.array(
				z.strictObject({
					step: text,
					who: text,
					when: time,
					how: text.optional(),
					from: text.optional(),
					to: text.optional(),
					sha256Before: sha256.optional(),
					sha256After: sha256.optional(),
				}),
			)
			.optional(),
		signOff: z.array(z.strictObject({ function: text, name: text, title: text.optional(), date: date.optional(), statement: text.optional() })).optional(),
	}),
	rules: (record) => (isObject(record.period) ? inOrder(record.period, "from", "to", ["period"]) : []),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? (isObject(record.period) ? (dateOf(record.period.to) ?? null) : null),
});
