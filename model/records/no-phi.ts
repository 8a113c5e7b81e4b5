import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, missing } from "./rules.ts";
import { date, hostFingerprint, sharedFields, staffReference, text } from "./shared.ts";

/** A host or service seen in the scan of which somebody says that no PHI reaches it. */
export const noPhi = defineRecordKind({
	kind: "no-phi",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		hosts: z.array(hostFingerprint).optional(),
		services: z.array(text).optional(),
		reason: text.optional(),
		declaredOn: date,
		declaredBy: staffReference.optional(),
	}),
	rules: (record) => (record.hosts === undefined && record.services === undefined ? [missing(["hosts"], "hosts or services that are spoken of")] : []),
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? null,
});
