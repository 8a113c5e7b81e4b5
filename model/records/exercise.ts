import { z } from "zod";
import { instantOf } from "./authorization.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, missing, type RuleIssue } from "./rules.ts";
import { actionItem, date, sha256, sharedFields, staffReference, text, time } from "./shared.ts";

/** 45 CFR 164.308(a)(6)-(8), 164.312(a)(2)(ii): restore tests, exercises, evaluations and tests of emergency access. */
export const exercise = defineRecordKind({
	kind: "exercise",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		kind: z.enum(["restore", "contingency", "incident", "evaluation", "emergency_access"]),
		performedOn: date,
		performedBy: staffReference.optional(),
		participants: z.array(staffReference).optional(),
		system: text.optional(),
		startedAt: time.optional(),
		restoredAt: time.optional(),
		role: text.optional().describe("Of emergency access: the role that was used"),
		alarmSeen: z.boolean({ error: "expected true or false" }).optional(),
		scope: text.optional(),
		reportSha256: sha256.optional(),
		result: z.enum(["passed", "failed", "partly"]).optional(),
		decisions: z.array(text).optional(),
		actions: z.array(actionItem).optional(),
		dueOn: date.optional().describe("When the user's own plan asks for the next one"),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [];
		const [started, restored] = [instantOf(record.startedAt), instantOf(record.restoredAt)];
		if (started !== undefined && restored !== undefined && restored < started)
			issues.push({ rec: "REC-105", path: ["restoredAt"], message: "dates out of order: restoredAt is before startedAt" });
		if (record.kind === "restore" && record.system === undefined) issues.push(missing(["system"], "the system that was restored"));
		if (record.kind === "emergency_access" && record.role === undefined) issues.push(missing(["role"], "the role that was used"));
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.performedOn) ?? null,
});
