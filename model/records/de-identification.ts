import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, missing } from "./rules.ts";
import { date, evidenceItem, sha256, sharedFields, staffReference, text } from "./shared.ts";

/** 45 CFR 164.514(a)-(c): how one export was de-identified. */
export const deIdentification = defineRecordKind({
	kind: "de-identification",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		method: z.enum(["safe_harbor", "expert"]),
		export: text,
		performedOn: date,
		performedBy: staffReference.optional(),
		exportSchema: z.array(text).optional().describe("Every field of the export"),
		exportSchemaSha256: sha256.optional(),
		removedIdentifiers: z.array(text).optional().describe("45 CFR 164.514(b)(2)(i): the eighteen kinds that were removed"),
		noActualKnowledge: z.boolean({ error: "expected true or false" }).optional().describe("45 CFR 164.514(b)(2)(ii)"),
		document: evidenceItem.optional().describe("The expert's letter"),
		validUntil: date.optional(),
	}),
	rules: (record) => (record.method === "expert" && record.document === undefined ? [missing(["document"], "the expert's letter with its hash")] : []),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
