import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder } from "./rules.ts";
import { date, recordId, sharedFields, staffReference, text } from "./shared.ts";

/** 45 CFR 164.308(a)(1)(ii)(C), 164.530(e): a sanction that was applied. The person is named by role alone. */
export const sanction = defineRecordKind({
	kind: "sanction",
	namesSubjects: false,
	log: true,
	fields: z.strictObject({
		...sharedFields,
		role: text.describe("Role of the member of the workforce, no name"),
		violation: text,
		occurredOn: date,
		decidedOn: date.optional(),
		decidedBy: staffReference.optional(),
		action: text.optional(),
		policyId: recordId.optional(),
		incidentId: recordId.optional(),
	}),
	rules: (record) => inOrder(record, "occurredOn", "decidedOn"),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.decidedOn) ?? null,
	across: (records, register) => {
		const known = { policyId: new Set(register("policy").map((one) => one.id)), incidentId: new Set(register("incident").map((one) => one.id)) };
		return records.flatMap((record, index) =>
			(["policyId", "incidentId"] as const)
				.filter((field) => typeof record[field] === "string" && !known[field].has(record[field]))
				.map((field) => ({ rec: "REC-106" as const, record: index, path: [field], message: "no record has this id" })),
		);
	},
});
