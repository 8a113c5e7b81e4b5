import { z } from "zod";
import { controlFacts, isKnownControl } from "./control-catalogue.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, type Loose, missing, type RuleIssue, stringsOf } from "./rules.ts";
import { attestingStaff, controlId, count, date, sha256, sharedFields, text } from "./shared.ts";

/** What a test was drawn from, so that a reader can draw it again. */
const population = z.strictObject({ source: text, size: count, query: text.optional(), sha256: sha256.optional() });

const sample = z.strictObject({
	method: z.enum(["all", "random", "judgemental"]),
	size: count,
	seed: text.optional().describe("Needed to repeat a random sample"),
	ids: z.array(text).optional().describe("Resources by id, people by sample number only"),
	chosenBy: text.optional(),
	reason: text.optional(),
	exceptions: count.optional(),
	extrapolation: text.optional(),
});

export const attestationRecordSchema = z.strictObject({
	...sharedFields,
	controls: z.array(controlId).min(1, { error: "expected at least one control id" }),
	statement: text.describe("In the person's words"),
	outcome: z.enum(["met", "not_met", "not_applicable"]),
	method: z.enum(["examine", "interview", "test"]),
	performedBy: attestingStaff,
	performedOn: date,
	validUntil: date,
	population: population.optional(),
	sample: sample.optional(),
	limitations: text.optional(),
});
export type AttestationRecord = z.infer<typeof attestationRecordSchema>;

export const attestation = defineRecordKind({
	kind: "attestation",
	namesSubjects: false,
	fields: attestationRecordSchema,
	rules: attestationRules,
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.performedOn) ?? null,
});

function attestationRules(record: Loose): RuleIssue[] {
	const issues = inOrder(record, "performedOn", "validUntil");
	if (record.outcome === "met" && (!Array.isArray(record.evidence) || record.evidence.length === 0)) {
		issues.push(missing(["evidence"], "an outcome of met rests on at least one piece of evidence with its hash"));
	}
	for (const [index, id] of stringsOf(record.controls)) {
		const path = ["controls", index];
		if (!isKnownControl(id)) issues.push({ rec: "REC-106", path, message: "the catalogue has no such control" });
		else if (controlFacts(id)?.byPerson !== true)
			issues.push({ rec: "REC-103", path, message: "expected a control that a record or a person may prove; this one only a machine can" });
	}
	return issues;
}
