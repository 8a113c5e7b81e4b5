import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, isObject, type Loose, missing, type RuleIssue, stringsOf } from "./rules.ts";
import { date, flag, recordId, sha256, sharedFields, subjectRef, text, time } from "./shared.ts";

const party = z.strictObject({ name: text.optional(), class: text.optional() });

export const authorizationRecordSchema = z.strictObject({
	...sharedFields,
	subjectRef,
	informationDescription: text.optional().describe("45 CFR 164.508(c)(1)(i): specific and meaningful"),
	disclosers: z.array(party).optional().describe("45 CFR 164.508(c)(1)(ii)"),
	recipients: z.array(party).optional().describe("45 CFR 164.508(c)(1)(iii)"),
	purposes: z.array(text).optional().describe("45 CFR 164.508(c)(1)(iv)"),
	expiration: z
		.union(
			[
				z.strictObject({ date }),
				z.strictObject({
					event: text,
					resolver: z.strictObject({ state: z.enum(["occurred", "not_occurred"]), on: date.optional(), checkedOn: date }).optional(),
				}),
				z.strictObject({ none: z.literal("research") }),
			],
			{ error: "expected one of date, event, or none: research" },
		)
		.optional()
		.describe("45 CFR 164.508(c)(1)(v)"),
	signature: z
		.strictObject({ kind: z.enum(["wet", "electronic", "recorded"]), at: time, evidenceRef: text, evidenceSha256: sha256 })
		.optional()
		.describe("45 CFR 164.508(c)(1)(vi)"),
	representative: z.strictObject({ roleName: text, authority: text }).optional().describe("Role only; the person's name stays in the evidence file"),
	revocation: z
		.union([z.strictObject({ text, how: text, exceptions: text }), z.strictObject({ nppReference: text })], {
			error: "expected text, how and exceptions, or nppReference",
		})
		.optional()
		.describe("45 CFR 164.508(c)(2)(i)"),
	conditioning: z
		.union([z.strictObject({ mayNotCondition: z.literal(true) }), z.strictObject({ consequences: text, permittedException: text })], {
			error: "expected mayNotCondition: true, or consequences and permittedException",
		})
		.optional()
		.describe("45 CFR 164.508(c)(2)(ii)"),
	redisclosure: text.optional().describe("45 CFR 164.508(c)(2)(iii)"),
	plainLanguage: z
		.strictObject({ grade: z.number({ error: "expected a reading grade" }).min(0).max(30), method: text })
		.optional()
		.describe("45 CFR 164.508(c)(3)"),
	soughtByEntity: flag.optional().describe("45 CFR 164.508(c)(4)"),
	copyProvidedAt: time.optional(),
	copyEvidenceRef: text.optional(),
	remuneration: z.strictObject({ involved: flag, statement: text.optional() }).optional().describe("45 CFR 164.508(a)(3)(ii)"),
	saleOfPhi: z.strictObject({ involved: flag, statement: text.optional() }).optional().describe("45 CFR 164.508(a)(4)(ii)"),
	compoundWith: z.array(recordId).optional().describe("45 CFR 164.508(b)(3): empty in the normal case"),
	conditioned: flag.optional().describe("45 CFR 164.508(b)(4)"),
	formVersion: text.optional(),
	formSha256: sha256.optional(),
	revokedAt: time.optional(),
	revocationMethod: text.optional(),
	relianceNote: text.optional(),
	scope: z.strictObject({ channels: z.array(text).optional(), campaigns: z.array(recordId).optional(), topics: z.array(text).optional() }).optional(),
});
export type AuthorizationRecord = z.infer<typeof authorizationRecordSchema>;

/** 45 CFR 164.508: one signed authorization of one person. */
export const authorization = defineRecordKind({
	kind: "authorization",
	namesSubjects: true,
	fields: authorizationRecordSchema,
	rules: (record) => {
		const issues: RuleIssue[] = [];
		const at = instantOf(isObject(record.signature) ? record.signature.at : undefined);
		const revoked = instantOf(record.revokedAt);
		const copied = instantOf(record.copyProvidedAt);
		if (at !== undefined && revoked !== undefined && revoked < at)
			issues.push({ rec: "REC-105", path: ["signature", "at"], message: "dates out of order: the signature is after the revocation" });
		if (at !== undefined && copied !== undefined && copied < at)
			issues.push({ rec: "REC-105", path: ["copyProvidedAt"], message: "dates out of order: the copy is from before the signature" });
		if (revoked !== undefined && record.revocationMethod === undefined) issues.push(missing(["revocationMethod"], "a revocation says how it was made"));
		return issues;
	},
	lastInEffect: (record) => {
		const expiration = isObject(record.expiration) ? dateOf(record.expiration.date) : undefined;
		const revoked = typeof record.revokedAt === "string" ? dateOf(record.revokedAt.slice(0, 10)) : undefined;
		return dateOf(record.lastInEffectOn) ?? [expiration, revoked].filter((one) => one !== undefined).sort()[0] ?? null;
	},
	across: (records, register) => {
		const ids = new Set(records.map((record) => record.id));
		const forms = register("authorization-form");
		return records.flatMap((record, index) => [
			...stringsOf(record.compoundWith)
				.filter(([, id]) => !ids.has(id))
				.map(([position]) => ({ rec: "REC-106" as const, record: index, path: ["compoundWith", position], message: "no authorization has this id" })),
			...unregisteredForm(record, forms).map((issue) => ({ ...issue, record: index })),
		]);
	},
});

/** A form that was not in use on the day of the signature was not what the person signed. */
function unregisteredForm(record: Loose, forms: readonly Loose[]): RuleIssue[] {
	const version = record.formVersion;
	const signed = isObject(record.signature) && typeof record.signature.at === "string" ? record.signature.at.slice(0, 10) : undefined;
	if (typeof version !== "string" || signed === undefined) return [];
	const inUse = forms.some((form) => {
		const from = dateOf(form.inUseFrom);
		return form.version === version && from !== undefined && from <= signed && signed <= (dateOf(form.inUseTo) ?? "9999-12-31");
	});
	if (inUse) return [];
	return [{ rec: "REC-106", path: ["formVersion"], message: "no authorization-form record has this version in use on the day of the signature" }];
}

export function instantOf(value: unknown): number | undefined {
	const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
	return Number.isNaN(at) ? undefined : at;
}
