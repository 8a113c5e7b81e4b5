import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder } from "./rules.ts";
import { date, flag, sha256, sharedFields, text } from "./shared.ts";

/** 45 CFR 164.508(c): the text that people sign, by version. */
export const authorizationForm = defineRecordKind({
	kind: "authorization-form",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		version: text,
		textPath: text,
		sha256,
		inUseFrom: date,
		inUseTo: date.nullable().optional(),
		readingGrade: z.number({ error: "expected a reading grade" }).min(0).max(30).optional(),
		readingMethod: text.optional(),
		statements: z
			.strictObject({ revocation: flag.optional(), conditioning: flag.optional(), redisclosure: flag.optional(), remuneration: flag.optional() })
			.optional()
			.describe("45 CFR 164.508(c)(2), (a)(3)(ii): is the statement in the text?"),
		standsAlone: flag.optional().describe("45 CFR 164.508(b)(3), (b)(4): apart from treatment consent, and may be refused"),
	}),
	rules: (record) => inOrder(record, "inUseFrom", "inUseTo"),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.inUseTo) ?? null,
	across: (records) =>
		records.flatMap((record, index) => {
			const first = records.findIndex((other) => other.version === record.version);
			return typeof record.version !== "string" || first === index
				? []
				: [{ rec: "REC-106" as const, record: index, other: first, path: ["version"], message: "version used twice" }];
		}),
});
