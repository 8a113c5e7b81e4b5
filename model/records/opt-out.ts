import { z } from "zod";
import { instantOf } from "./authorization.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, missing, type RuleIssue } from "./rules.ts";
import { sharedFields, subjectRef, text, time } from "./shared.ts";

/** Opt-outs, revocations and preferences (45 CFR 164.508(b)(5), 164.514(f)(2), 164.522; 16 CFR 316). */
export const optOut = defineRecordKind({
	kind: "opt-out",
	namesSubjects: true,
	log: true,
	fields: z.strictObject({
		...sharedFields,
		subjectRef,
		kind: z.enum(["opt_out", "revocation", "fundraising_opt_out", "confidential_channel", "unencrypted_accepted", "restriction", "bounce", "complaint"]),
		receivedAt: time,
		effectiveAt: time.optional().describe("When it was applied"),
		scope: z.strictObject({ lists: z.array(text).optional(), topics: z.array(text).optional(), channels: z.array(text).optional() }).optional(),
		method: z.enum(["one_click", "page", "reply", "written", "phone", "in_person", "automatic"]).optional(),
		warningText: text.optional(),
		warningVersion: text.optional(),
		acceptedAt: time.optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [];
		const [received, effective] = [instantOf(record.receivedAt), instantOf(record.effectiveAt)];
		if (received !== undefined && effective !== undefined && effective < received)
			issues.push({ rec: "REC-105", path: ["effectiveAt"], message: "dates out of order: effectiveAt is before receivedAt" });
		if (record.kind === "unencrypted_accepted")
			for (const field of ["warningText", "warningVersion"])
				if (record[field] === undefined) issues.push(missing([field], "unencrypted mail goes only to who accepted a warning (45 CFR 164.522(b))"));
		return issues;
	},
	// A suppression has no end of its own.
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
