import { z } from "zod";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, type Loose, missing, type RuleIssue } from "./rules.ts";
import { count, date, flag, recordId, sha256, sharedFields, staffReference, text } from "./shared.ts";
import { samePerson } from "./waiver.ts";

/** 45 CFR 164.501, 164.508(a)(3); 16 CFR 316.3: what a campaign is, who pays, and on which basis its list stands. */
export const campaign = defineRecordKind({
	kind: "campaign",
	namesSubjects: false,
	fields: z.strictObject({
		...sharedFields,
		title: text.describe("Neutral: no condition"),
		class: z.enum(["marketing", "treatment", "operations", "refill_reminder", "fundraising", "breach_notice", "mixed"]),
		primaryPurpose: z.enum(["commercial", "transactional_or_relationship", "other"]).optional().describe("16 CFR 316.3"),
		remuneration: z
			.strictObject({
				fromThirdParty: flag,
				party: text.optional(),
				receivesData: flag.optional().describe("Whether that party receives data of the people written to, 45 CFR 164.508(c)(1)(iii)"),
				inKind: flag.optional(),
				amountUsd: count.optional(),
				relatedToCostOnly: flag.optional(),
			})
			.optional(),
		exceptionRelied: z.enum(["none", "face_to_face", "nominal_gift", "refill_reasonable_cost", "treatment", "own_products_or_services"]).optional(),
		rationale: text.optional(),
		phiUsed: z.array(z.strictObject({ field: text, class: text })).optional(),
		audience: z
			.strictObject({
				listIds: z.array(recordId).optional(),
				segmentIds: z.array(recordId).optional(),
				source: z.enum(["patients", "members", "staff", "public"]).optional(),
				basis: text.optional(),
			})
			.optional(),
		affirmativeConsent: z.strictObject({ held: flag, recordRef: text.optional() }).optional().describe("15 USC 7704(a)(5)(B)"),
		specialCategories: z.strictObject({ part2: flag, psychotherapyNotes: flag, stateLawFlags: z.array(text).optional() }).optional(),
		sender: z.strictObject({ party: text, role: z.enum(["covered_entity", "business_associate"]), services: z.array(text).optional() }).optional(),
		listProvenance: z.strictObject({ source: text, collectedBy: text, harvested: flag, checkedOn: date }).optional().describe("15 USC 7704(b)"),
		topics: z.array(text).optional().describe("What it is about, in the words of the scopes of authorizations and opt-outs"),
		fundraisingOptOutRef: text.optional().describe("45 CFR 164.514(f)(2)"),
		templateHash: sha256.optional(),
		segmentHash: sha256.optional(),
		author: staffReference.optional(),
		reviewer: staffReference.optional(),
		signedOn: date.optional(),
		lastSentOn: date.nullable().optional(),
		recurring: flag.optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = inOrder(record, "signedOn", "lastSentOn");
		if (samePerson(record.author, record.reviewer))
			issues.push({ rec: "REC-103", path: ["reviewer"], message: "expected another person than author: nobody reviews their own campaign" });
		if (isObject(record.remuneration) && record.remuneration.fromThirdParty === true && record.remuneration.party === undefined)
			issues.push(missing(["remuneration", "party"], "who pays"));
		if (record.exceptionRelied !== undefined && record.exceptionRelied !== "none" && record.rationale === undefined)
			issues.push(missing(["rationale"], "why the exception applies"));
		return issues;
	},
	lastInEffect: (record: Loose) => dateOf(record.lastInEffectOn) ?? dateOf(record.lastSentOn) ?? null,
});
