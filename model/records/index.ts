import { attestation } from "./attestation.ts";
import { authorization } from "./authorization.ts";
import { authorizationForm } from "./authorization-form.ts";
import { baa } from "./baa.ts";
import { campaign } from "./campaign.ts";
import { deIdentification } from "./de-identification.ts";
import { disclosure } from "./disclosure.ts";
import { engagement } from "./engagement.ts";
import { exercise } from "./exercise.ts";
import { facility } from "./facility.ts";
import { incident } from "./incident.ts";
import { inherited } from "./inherited.ts";
import type { RecordKind } from "./kind.ts";
import { noPhi } from "./no-phi.ts";
import { official } from "./official.ts";
import { optOut } from "./opt-out.ts";
import { poam } from "./poam.ts";
import { policy } from "./policy.ts";
import { response } from "./response.ts";
import { review } from "./review.ts";
import { riskAnalysis } from "./risk-analysis.ts";
import { riskPlan } from "./risk-plan.ts";
import { sanction } from "./sanction.ts";
import { syntheticData } from "./synthetic-data.ts";
import { training } from "./training.ts";
import { waiver } from "./waiver.ts";

/** Every kind that is read. A new kind is one file beside this one and one row here. */
export const recordKinds: readonly RecordKind[] = [
	attestation,
	authorization,
	authorizationForm,
	baa,
	campaign,
	deIdentification,
	disclosure,
	engagement,
	exercise,
	facility,
	incident,
	inherited,
	noPhi,
	official,
	optOut,
	poam,
	policy,
	response,
	review,
	riskAnalysis,
	riskPlan,
	sanction,
	syntheticData,
	training,
	waiver,
];

export { type AttestationRecord, attestation } from "./attestation.ts";
export { type AuthorizationRecord, authorizationRecordSchema } from "./authorization.ts";
export { type BaaClause, type BaaRecord, baa, baaClauses } from "./baa.ts";
export { addBusinessDays, addCalendarYears, addDays, daysBetween, disposeNotBefore, isCalendarDate, isOffsetTime } from "./dates.ts";
export { breachFactors } from "./incident.ts";
export { type CrossIssue, defineRecordKind, type RecordKind, recordSchemaId, retentionOf } from "./kind.ts";
export type { LogStatement } from "./log-statement.ts";
export { isSubjectRef } from "./shared.ts";
export { type WaiverRecord, waiver } from "./waiver.ts";
