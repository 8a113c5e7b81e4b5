import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder } from "./rules.ts";
import { date, flag, sharedFields, staffReference, text } from "./shared.ts";

/** Management's answer to a finding; feeds the report. */
export const response = defineRecordKind({
	kind: "response",
	namesSubjects: false,
	fields: z.strictObject({ ...sharedFields, findingId: text, text, by: staffReference, on: date, agreed: flag, dueOn: date.optional() }),
	rules: (record) => inOrder(record, "on", "dueOn"),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.on) ?? null,
});
