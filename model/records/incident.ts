import { z } from "zod";
import { instantOf } from "./authorization.ts";
import { defineRecordKind } from "./kind.ts";
import { dateOf, inOrder, isObject, missing, objectsOf, type RuleIssue } from "./rules.ts";
import { actionItem, count, date, evidenceList, flag, sharedFields, staffReference, text, time } from "./shared.ts";

const affected = z.union([count, z.literal("unknown")], { error: "expected a whole number, or unknown" });
export const breachFactors = ["natureAndExtent", "unauthorizedRecipient", "acquiredOrViewed", "mitigation"] as const;

/** 45 CFR 164.308(a)(6), 164.402 to 164.414: incidents, breach assessments and notices. */
export const incident = defineRecordKind({
	kind: "incident",
	namesSubjects: false,
	log: true,
	fields: z.strictObject({
		...sharedFields,
		title: text.describe("Neutral: no patient data"),
		kind: z.enum(["misdirected_mail", "cc_exposure", "tracker_disclosure", "phi_in_subject", "account_compromise", "lost_device", "vendor", "other"]),
		occurredAt: time.optional(),
		discoveredAt: time.describe("Discovery starts the clocks"),
		reportedAt: time.optional(),
		containedAt: time.optional(),
		closedOn: date.nullable().optional(),
		discoveredBy: staffReference.optional(),
		team: z.array(staffReference).optional(),
		phiInvolved: flag.optional(),
		individualsAffected: affected.optional(),
		byState: z.record(z.string().regex(/^[A-Z]{2}$/, { error: "expected the two letters of a State" }), count).optional(),
		exception: z.enum(["none", "good_faith_access", "inadvertent_internal", "not_retained"]).optional().describe("45 CFR 164.402(1)(i)-(iii)"),
		rationale: text.optional(),
		assessment: z
			.strictObject({
				natureAndExtent: text.optional(),
				unauthorizedRecipient: text.optional(),
				acquiredOrViewed: text.optional(),
				mitigation: text.optional(),
				probability: z.enum(["low", "not_low"]),
				assessedOn: date,
				assessedBy: staffReference,
			})
			.optional()
			.describe("45 CFR 164.402(2)(i)-(iv); presumed a breach until low is shown"),
		unsecuredPhi: z.strictObject({ secured: flag, basis: text.optional(), resultIds: z.array(text).optional() }).optional(),
		notices: z
			.array(
				z.strictObject({
					to: z.enum(["individual", "media", "hhs", "covered_entity", "state"]),
					sentOn: date,
					method: text,
					contentElements: z.array(z.enum(["what_happened", "types_of_phi", "steps_to_take", "what_we_do", "contact"])).optional(),
					evidence: evidenceList.optional(),
				}),
			)
			.optional(),
		eNoticeAgreement: z.strictObject({ count, evidence: evidenceList.optional() }).optional().describe("45 CFR 164.404(d)(1)(i)"),
		lawEnforcementDelay: z
			.strictObject({ form: z.enum(["written", "oral"]), from: date, until: date, official: text })
			.optional()
			.describe("45 CFR 164.412"),
		accountable: flag.optional(),
		rootCause: text.optional(),
		corrective: z.array(actionItem).optional(),
		sanctionsApplied: flag.optional(),
	}),
	rules: (record) => {
		const issues: RuleIssue[] = [];
		const [occurred, discovered] = [instantOf(record.occurredAt), instantOf(record.discoveredAt)];
		if (occurred !== undefined && discovered !== undefined && discovered < occurred)
			issues.push({ rec: "REC-105", path: ["discoveredAt"], message: "dates out of order: discovered before it occurred" });
		const contained = instantOf(record.containedAt);
		if (occurred !== undefined && contained !== undefined && contained < occurred)
			issues.push({ rec: "REC-105", path: ["containedAt"], message: "dates out of order: contained before it occurred" });
		if (isObject(record.lawEnforcementDelay)) issues.push(...inOrder(record.lawEnforcementDelay, "from", "until", ["lawEnforcementDelay"]));
		const tooEarly = (value: unknown, path: (string | number)[], what: string): void => {
			if (endedBefore(value, discovered)) issues.push({ rec: "REC-105", path, message: `dates out of order: ${what} from before the discovery` });
		};
		tooEarly(record.closedOn, ["closedOn"], "the close is");
		if (isObject(record.assessment)) tooEarly(record.assessment.assessedOn, ["assessment", "assessedOn"], "the assessment is");
		for (const [index, notice] of objectsOf(record.notices)) tooEarly(notice.sentOn, ["notices", index, "sentOn"], "the notice is");
		if (isObject(record.assessment) && record.assessment.probability === "low")
			for (const factor of breachFactors)
				if (record.assessment[factor] === undefined)
					issues.push(missing(["assessment", factor], "a low probability rests on all four factors (45 CFR 164.402(2))"));
		if (record.exception !== undefined && record.exception !== "none" && record.rationale === undefined)
			issues.push(missing(["rationale"], "why the exception applies"));
		return issues;
	},
	lastInEffect: (record) => dateOf(record.lastInEffectOn) ?? dateOf(record.closedOn) ?? null,
});

/** A day was over everywhere on earth before an instant: the entity's time zone is not known here, and a time may be written in any. */
function endedBefore(value: unknown, instant: number | undefined): boolean {
	const day = dateOf(value);
	return day !== undefined && instant !== undefined && Date.parse(`${day}T23:59:59.999-12:00`) < instant;
}
