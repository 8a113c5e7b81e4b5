import type { ReasonKind } from "../../model/reasons.ts";
import type { ResultItem, State } from "../../model/result.ts";
import { states, type Totals } from "../../model/result.ts";
import { count } from "../internal/text.ts";

/** Reading order of the states in tables: verdicts first, then what has none. */
export const stateOrder = ["pass", "fail", "exception", "attested", "not_assessed", "manual_pending", "not_applicable"] as const satisfies readonly State[];

export const stateLabels: Readonly<Record<State, string>> = {
	pass: "Pass",
	fail: "Fail",
	exception: "Exception",
	attested: "Attested",
	not_assessed: "Not assessed",
	manual_pending: "Manual pending",
	not_applicable: "Not applicable",
};

export const stateMeanings: Readonly<Record<State, string>> = {
	pass: "The machine observed the expected state.",
	fail: "The machine observed another state, a date has passed, or a person attested that the requirement is not met.",
	exception: "A failure that a live waiver covers. The failure itself stays on the page.",
	attested: "A named person stated that the requirement is met, gave evidence, and the statement is still valid.",
	not_assessed: "There is no verdict: something could not be looked at. It is never counted as a pass.",
	manual_pending: "Only a person can judge this, and none has yet. It is never counted as a pass.",
	not_applicable: "The requirement does not apply here. It is left out of every denominator.",
};

export const severityLabels: Readonly<Record<ResultItem["severity"], string>> = {
	critical: "Critical",
	high: "High",
	medium: "Medium",
	low: "Low",
	info: "Info",
};

export const severityMeanings: Readonly<Record<ResultItem["severity"], string>> = {
	critical: "Health information is exposed, or a core duty is not met. Act at once.",
	high: "A safeguard that much rests on is missing or ineffective.",
	medium: "A safeguard is weaker than it should be.",
	low: "A small gap, or a warning of one to come.",
	info: "Good to know; nothing has to change.",
};

export const reasonKindLabels: Readonly<Record<ReasonKind, string>> = {
	error: "Error",
	permission: "Permission",
	no_evidence: "No evidence",
	stale: "Stale",
	manual: "Manual",
	unknown_until_apply: "Known after apply",
};

export const dispositionNotes: Readonly<Record<ResultItem["disposition"], string | null>> = {
	none: null,
	waived: "covered by a waiver",
	waiver_expired: "its waiver has expired",
	waiver_void: "its waiver is void: the compensating check fails",
	attested: "attested as met",
	attestation_expired: "its attestation has expired",
	attestation_conflict: "an attestation says met; the machine's result stands",
};

export const methodLabels: Readonly<Record<ResultItem["method"], string>> = { test: "Test", examine: "Examine", interview: "Interview" };
export const implementationLabels = { required: "Required", addressable: "Addressable", none: "Standard" } as const;
export const ruleStatusLabels = { "in-force": "In force", proposed: "Proposed, not law", withdrawn: "Withdrawn" } as const;
export const roleLabels: Readonly<Record<string, string>> = {
	covered_entity: "Covered entity",
	business_associate: "Business associate",
	both: "Covered entity and business associate",
};
export const targetTypeLabels: Readonly<Record<string, string>> = {
	domain: "Domain",
	mx: "Mail server",
	plan: "Terraform plan or state",
	records: "Records",
	content: "Message content",
	account: "AWS account and Region",
	reports: "DMARC and TLS reports",
};

/** What proves a control, by the words of the catalogue. */
export const proofLabels: Readonly<Record<string, string>> = {
	plan: "plan",
	aws: "live account",
	dns: "DNS",
	tls: "TLS probe",
	lint: "content lint",
	record: "record",
	attestation: "attestation",
};

/** Inputs by the names of scope.notRequested. */
export const notRequestedLabels: Readonly<Record<string, string>> = {
	aws: "Live AWS accounts (--aws)",
	content: "Templates, messages and lists (--content)",
	reports: "DMARC and TLS reports (--reports)",
	records: "Records of the administration (--records)",
	plans: "Terraform plans (--plan)",
	domains: "Domains (--domain)",
};

export const relationshipLabels: Readonly<Record<string, string>> = {
	internal: "Works for the entity",
	consultant: "Consultant to the entity",
	independent: "Independent of the entity",
};

/** Words of records for how something stands. */
export const statusLabels: Readonly<Record<string, string>> = {
	open: "Open",
	in_progress: "In progress",
	completed: "Completed",
	accepted: "Risk accepted; the result stays a fail",
	cancelled: "Cancelled",
	draft: "Draft",
	sent: "Sent",
	executed: "Executed",
	terminated: "Terminated",
	signed_document: "Signed document",
	click_through: "Click-through",
	part_of_terms: "Part of the terms",
	aws_artifact: "AWS Artifact",
	all: "All",
	random: "Random, by seed",
	judgemental: "Judgemental",
};

/** How the register of agreements answers for a vendor, host or service that was seen. */
export const outcomeLabels: Readonly<Record<string, string>> = {
	covered: "Covered: an agreement is in force",
	undeclared: "Undeclared: no row of the register answers for it",
	contradiction: "Contradiction: a row claims an agreement, and the vendor signs none",
	edition_excluded: "Not covered: the vendor signs none for the edition in the row",
	edition_open: "Open: whether the vendor signs for the edition in the row is not settled",
	plan_gated_needs_proof: "Open: the vendor signs on some plans only, and the row proves none",
	excluded: "Not covered: the row itself leaves the service out",
	document_faulty: "Not covered: the document is missing or was changed",
	not_in_force: "Not covered: the agreement is not in force yet",
	ended: "Not covered: the agreement has ended",
	not_covered: "Not covered: the rows that name it do not cover it",
};

export interface Figures {
	total: number;
	applicable: number;
	assessed: number;
	withoutVerdict: number;
}

export function figures(totals: Totals): Figures {
	let total = 0;
	for (const state of states) total += totals[state];
	const applicable = total - totals.not_applicable;
	const assessed = totals.pass + totals.fail + totals.exception + totals.attested;
	return { total, applicable, assessed, withoutVerdict: applicable - assessed };
}

/** "52 of 60 applicable results assessed; 5 not assessed, 3 pending." */
export function coverageSentence(totals: Totals, unit: string): string {
	const { applicable, assessed } = figures(totals);
	return `${assessed} of ${applicable} applicable ${unit} assessed; ${totals.not_assessed} not assessed, ${totals.manual_pending} pending.`;
}

/** "41 of 52 assessed passed (3 attested, 2 exceptions, 6 failed); 8 of 60 applicable have no verdict." */
export function passSentence(totals: Totals): string {
	const { applicable, assessed, withoutVerdict } = figures(totals);
	const others = `${totals.attested} attested, ${count(totals.exception, "exception")}, ${totals.fail} failed`;
	return `${totals.pass} of ${assessed} assessed passed (${others}); ${withoutVerdict} of ${applicable} applicable have no verdict.`;
}

/** One conclusion about a family of controls. It says no more than the counts do. */
export function familySentence(totals: Totals): string {
	const { total, applicable, assessed, withoutVerdict } = figures(totals);
	if (total === 0) return "The profile holds no control of this family.";
	if (applicable === 0) return `None of the ${count(total, "control")} applies.`;
	if (assessed === 0) return `None of the ${count(applicable, "applicable control")} has a verdict: ${gaps(totals)}.`;
	const parts: string[] = [];
	if (totals.fail > 0) parts.push(`${totals.fail} of ${count(applicable, "applicable control")} ${totals.fail === 1 ? "fails" : "fail"}`);
	else parts.push(`No failure among the ${count(assessed, "assessed control")} of ${applicable} applicable`);
	const good: string[] = [];
	if (totals.pass > 0) good.push(`${totals.pass} passed`);
	if (totals.attested > 0) good.push(`${totals.attested} attested`);
	if (totals.exception > 0) good.push(count(totals.exception, "exception"));
	if (good.length > 0) parts.push(good.join(", "));
	if (withoutVerdict > 0) parts.push(gaps(totals));
	return `${parts.join("; ")}.`;
}

function gaps(totals: Totals): string {
	const parts: string[] = [];
	if (totals.not_assessed > 0) parts.push(`${totals.not_assessed} not assessed`);
	if (totals.manual_pending > 0) parts.push(`${totals.manual_pending} pending`);
	return parts.join(", ");
}

export const accountStateLabels = { looked_at: "Looked at", refused: "Refused: nothing in it is assessed", not_active: "Not active, not looked at" } as const;
