import type { Registers } from "../../model/registers.ts";
import type { ResultDocument, ResultItem } from "../../model/result.ts";

const official = { name: "Dana Reyes", role: "security official" };
const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** Registers with every part filled, and one of a form that this version does not know. */
export function realisticRecords(finding: string): Registers & { baa: unknown } {
	return {
		waivers: [
			{
				id: "W-2026-03",
				kind: "addressable_alternative",
				notReasonableBecause: "The newsletter holds no health information and its platform cannot write to the archive.",
				alternativeMeasure: { text: "Campaign reports are exported and kept each month.", checkIds: ["risk.analysis_current"] },
				equivalenceStatement: "The export holds the same events for the same time.",
				approvedBy: official,
				approvedOn: "2026-03-02",
				expiresOn: "2027-03-01",
			},
			{ id: "W-2025-11", kind: "compensating_control", approvedBy: official, approvedOn: "2025-11-01", expiresOn: "2026-10-31" },
		],
		attestations: [
			{
				id: "A-2026-01",
				controls: ["PHY-02"],
				statement: "Workstations that open clinic mail lock after five minutes.",
				outcome: "met",
				method: "examine",
				performedBy: { ...official, relationship: "internal" },
				performedOn: "2026-06-01",
				validUntil: "2027-05-31",
				population: { source: "asset inventory", size: 41, query: "type = workstation", sha256: hash },
				sample: { method: "random", seed: "lakeside-2026", size: 5, ids: ["WS-02", "WS-11", "WS-19", "WS-24", "WS-40"], exceptions: 0 },
			},
		],
		poam: [
			{
				id: "P-7",
				findings: [finding],
				controls: ["TEC-10"],
				weakness: "Mail servers accept old TLS versions",
				risk: "Mail may be read on its way by someone who forces an old version.",
				severity: "high",
				likelihood: 3,
				impact: 4,
				owner: { name: "Sam Okafor", role: "IT lead" },
				resources: "Two hours of the mail vendor",
				milestones: [
					{ text: "Ask the vendor for a date", dueOn: "2026-09-15", doneOn: "2026-09-12" },
					{ text: "Switch old versions off", dueOn: "2026-10-31" },
				],
				dueOn: "2026-10-31",
				status: "in_progress",
				history: [{ from: "open", to: "in_progress", who: { name: "Sam Okafor" }, when: "2026-09-12T10:00:00-05:00", why: "vendor has answered" }],
			},
		],
		responses: [{ id: "R-1", findingId: finding, text: "We will switch the old versions off.", by: official, on: "2026-11-20", agreed: true }],
		engagements: [
			{
				id: "E-2026",
				period: { from: "2026-01-01", to: "2026-12-31" },
				assessors: [{ name: "Kim Larsen", role: "lead assessor", qualification: "CISA", relationship: "independent" }],
				distribution: ["Security official", "Privacy official", "Board"],
				custody: [
					{
						step: "transferred",
						who: "Kim Larsen",
						when: "2026-11-24T09:00:00Z",
						how: "encrypted file",
						from: "scanner",
						to: "client portal",
						sha256After: hash,
					},
				],
				signOff: [{ function: "Security official", name: "Dana Reyes", title: "Security official", date: "2026-11-25" }],
			},
		],
		inherited: [
			{
				id: "aws-physical",
				provider: "Amazon Web Services",
				reportTitle: "SOC 2 Type II",
				period: { from: "2025-10-01", to: "2026-09-30" },
				controls: ["PHY-01"],
			},
		],
		agreements: [
			{
				id: "google-workspace-2023",
				party: "Google LLC",
				status: "executed",
				source: "click_through",
				effectiveOn: "2023-08-21",
				endsOn: null,
				services: ["Google Workspace"],
				breachNoticeDays: 10,
				verifiedOn: "2026-02-01",
				openIssues: 0,
			},
			{
				id: "zendesk-2020",
				party: "Zendesk, Inc.",
				status: "terminated",
				source: "signed_document",
				effectiveOn: "2020-02-01",
				endsOn: "2024-01-31",
				services: [],
				breachNoticeDays: null,
				verifiedOn: null,
				openIssues: 1,
			},
		],
		authorizations: { total: 120, inForce: 96, unsigned: 2, revoked: 7, expired: 15 },
		campaigns: { total: 9, byClass: { marketing: 3, treatment: 6 }, paidByOthers: 1 },
		training: {
			people: 14,
			courses: [{ id: "mail-basics", title: "E-mail and health information", version: "2026.1", completed: 11, open: 3, lastCompletedOn: "2026-09-30" }],
		},
		policies: [
			{
				id: "mail-policy",
				title: "E-mail policy",
				kind: "policy",
				version: "4",
				effectiveOn: "2025-01-01",
				approvedOn: "2024-12-15",
				reviewedOn: null,
				reviewDueOn: "2026-01-01",
			},
		],
		population: [
			{ name: "Amazon SES", vendor: "Amazon SES", source: "DNS of clinic.example", outcome: "covered", rows: ["baa-ses-2025"] },
			{ name: "us1.list-manage.com", vendor: "Mailchimp", source: "links of templates/", outcome: "undeclared", rows: [] },
			{ name: "relay.example.net", vendor: null, source: "headers of messages of clinic.example", outcome: null, rows: [] },
		],
		reconciliation: [
			{
				campaign: "camp-1",
				sends: 1200,
				needsAuthorization: true,
				authorization: { valid: 1180, no_record: 12, expired: 8 },
				flags: { opt_out_late: 3, opt_out_unlawful: 0 },
			},
			{ campaign: "camp-2", sends: 40, needsAuthorization: false, authorization: { valid: 0 }, flags: {} },
		],
		retention: [{ kind: "baa", records: 2, inForce: 1, firstDisposal: "2030-02-01" }],
		baa: { vendors: 3, executed: 1, missing: 1 },
	};
}

export const realisticNetwork: NonNullable<ResultDocument["run"]["network"]> = {
	resolvers: ["192.0.2.53:53"],
	tlsProfile: "mozilla-intermediate",
	tlsDepth: "standard",
	mapped: 2,
	connectOnly: false,
	activeTests: "owner of the hosts, 2026-11-01",
	timeoutMs: { dns: 3000, smtp: 60_000, https: 60_000 },
	retryWaitMs: 60_000,
};

const before = "2026-08-20T07:00:00Z";

export const realisticBaseline: NonNullable<ResultDocument["run"]["baseline"]> = {
	source: "reports/2026-08",
	sha256: hash,
	asOf: before,
	verified: true,
	scans: [
		{ asOf: "2026-02-11T07:00:00Z", results: { pass: 20, fail: 31, not_assessed: 16 }, controls: { fail: 14, not_assessed: 5 } },
		{ asOf: "2026-05-14T07:00:00Z", results: { pass: 27, fail: 25, exception: 1, not_assessed: 12 }, controls: { fail: 12, not_assessed: 4 } },
		{ asOf: before, results: { pass: 31, fail: 20, exception: 1, not_assessed: 11, attested: 1, not_applicable: 2 }, controls: { fail: 10, not_assessed: 4 } },
	],
};

/** Most results were as they are; every fifth is new, every seventh was another. */
export function withPast(item: ResultItem, index: number): ResultItem {
	if (index % 5 === 4) return item;
	if (index % 7 !== 6) return { ...item, firstSeen: before, history: [] };
	const state = item.state === "fail" ? "pass" : item.state === "pass" ? "fail" : "not_assessed";
	return {
		...item,
		history: [
			{ state: "fail", firstSeen: "2026-02-11T07:00:00Z", lastSeen: "2026-02-11T07:00:00Z" },
			{ state, firstSeen: before, lastSeen: before },
		],
	};
}
