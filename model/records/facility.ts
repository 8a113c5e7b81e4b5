import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject } from "./rules.ts";
import { date, sharedFields, staffReference, text } from "./shared.ts";

/** 45 CFR 164.310: declarations on facilities, workstations and media. */
export const facility = defineRecordKind({
	kind: "facility",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		kind: z.enum(["facility_access", "workstation_use", "workstation_security", "media_disposal", "media_movement"]),
		what: text,
		on: date.describe("Day of the declaration, disposal or move"),
		by: staffReference.optional(),
		method: text.optional().describe("How media were wiped or access is kept, such as NIST SP 800-88 purge"),
		location: text.optional(),
		destination: text.optional(),
		copyMade: z.boolean({ error: "expected true or false" }).optional().describe("45 CFR 164.310(d)(2)(iv)"),
		noneBetween: z.strictObject({ from: date, to: date }).optional().describe("A period in which nothing was disposed of or moved"),
	}),
	rules: (record) => (isObject(record.noneBetween) ? inOrder(record.noneBetween, "from", "to", ["noneBetween"]) : []),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.on) ?? null,
});
