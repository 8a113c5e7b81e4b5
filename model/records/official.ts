import { z } from "zod";
import { addDays } from "./dates.ts";
import { type CrossIssue, defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, type Loose } from "./rules.ts";
import { date, evidenceItem, sharedFields, staffReference } from "./shared.ts";

/** 45 CFR 164.308(a)(2), 164.530(a). */
export const official = defineRecordKind({
	kind: "official",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		function: z.enum(["security_official", "privacy_official", "contact_person"]),
		person: staffReference,
		from: date,
		to: date.nullable().optional(),
		designatedBy: staffReference.optional(),
		document: evidenceItem.optional(),
		confirmedOn: date.optional(),
	}),
	rules: (record) => inOrder(record, "from", "to"),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.to) ?? null,
	across: succession,
});

/** Holders of one function follow each other without a gap and without an overlap. */
function succession(records: readonly Loose[]): CrossIssue[] {
	const issues: CrossIssue[] = [];
	const held = records
		.map((record, index) => ({ record, index, from: dateOf(record.from), to: dateOf(record.to) }))
		.filter((one) => one.from !== undefined)
		.sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1));
	for (const [place, one] of held.entries()) {
		const before = held.slice(0, place).findLast((other) => other.record.function === one.record.function);
		if (before === undefined || one.from === undefined) continue;
		const next = before.to === undefined ? undefined : addDays(before.to, 1);
		const say = (message: string) => issues.push({ rec: "REC-105", record: one.index, other: before.index, path: ["from"], message });
		if (before.to === undefined || before.to > one.from) say("overlaps the holder before");
		else if (next !== undefined && one.from > next) say("leaves a gap after the holder before");
	}
	return issues;
}
