import { addDays } from "../../../model/records/index.ts";
import { type Action, actionsPast, type RegisterSpec, unset } from "./register.ts";

interface PolicyRow {
	kind?: string;
	subject?: string;
	effectiveOn?: string;
	approvedOn?: string;
	reviews?: { on: string }[];
	reviewDueOn?: string;
	elements?: { key: string }[];
}

/** What a HIPAA mail programme needs in writing. The notice is one of kind npp. */
const policySubjects = ["mail", "sanctions", "incident_response", "contingency", "complaints", "workstations", "media", "privacy_notice"];
/** 45 CFR 164.520(b)(1)(ii)(E). */
const noticeElements = ["marketing", "sale_of_phi"];

export const policy: RegisterSpec<PolicyRow> = {
	kind: "policy",
	subjects: () => policySubjects,
	subjectsOf: (row) => (row.subject === undefined ? [] : [row.subject]),
	inForce: (row, today) => (row.effectiveOn ?? "9999") <= today,
	dated: (row) =>
		[...(row.reviews ?? []).map((one) => one.on), row.approvedOn, row.effectiveOn]
			.filter((day) => day !== undefined)
			.sort()
			.at(-1) ?? null,
	lacks: (row) => {
		if (row.subject !== "privacy_notice" || row.elements === undefined) return [];
		const had = new Set(row.elements.map((one) => one.key));
		return noticeElements.filter((key) => !had.has(key)).map((key) => `the notice lacks the ${key} statement`);
	},
	open: (row) => unset(row, ["approvedBy", "approvedOn", "availableTo", "document", ...(row.subject === "privacy_notice" ? ["elements"] : [])]),
	overdue: (row, { today }) => {
		const { reviewDueOn: due } = row;
		if (due === undefined || due >= today || (row.reviews ?? []).some((one) => one.on >= due)) return [];
		return [`its review was due on ${due}`];
	},
};

interface Risk {
	id: string;
	asset: string;
}

interface AnalysisRow {
	performedOn?: string;
	dueOn?: string;
	scope?: object;
	assets?: { id: string; ephi: boolean; criticality?: number }[];
	risks?: Risk[];
}

export const riskAnalysis: RegisterSpec<AnalysisRow> = {
	kind: "risk-analysis",
	subjectsOf: () => ["risk analysis"],
	dated: (row) => row.performedOn ?? null,
	lacks: (row) => {
		if (row.risks === undefined) return [];
		const judged = new Set(row.risks.map((risk) => risk.asset));
		return (row.assets ?? []).filter((asset) => asset.ephi && !judged.has(asset.id)).map((asset) => `no risk is judged for ${asset.id}, which holds ePHI`);
	},
	open: (row) => [
		...unset(row, ["assets", "risks", "document"]),
		...unset(row.scope ?? {}, ["systems", "dataFlows", "locations"]).map((field) => `scope.${field}`),
		...((row.assets ?? []).some((asset) => asset.criticality === undefined) ? ["assets.criticality"] : []),
	],
	overdue: (row, { today, rows }) =>
		row.dueOn !== undefined && row.dueOn < today && !rows.some((other) => (other.performedOn ?? "") > (row.performedOn ?? ""))
			? [`the next one was due on ${row.dueOn}`]
			: [],
};

interface PlanRow {
	riskId?: string;
	decision?: string;
	measures?: Action[];
	residual?: object;
	reviewedOn?: string;
	createdOn?: string;
}

export const riskPlan: RegisterSpec<PlanRow> = {
	kind: "risk-plan",
	uses: ["record.risk-analysis"],
	subjects: ({ others }) => {
		const analyses = others("record.risk-analysis") as AnalysisRow[];
		// Without an analysis nobody can tell which risks there are.
		if (analyses.length === 0) return ["the risk analysis"];
		const newest = analyses
			.map((one) => one.performedOn ?? "")
			.sort()
			.at(-1);
		return analyses.filter((one) => (one.performedOn ?? "") === newest).flatMap((one) => (one.risks ?? []).map((risk) => risk.id));
	},
	subjectsOf: (row) => (row.riskId === undefined ? [] : [row.riskId]),
	dated: (row) =>
		[row.reviewedOn, row.createdOn]
			.filter((day) => day !== undefined)
			.sort()
			.at(-1) ?? null,
	open: (row) => unset(row, ["residual", ...(row.decision === "accept" ? [] : ["measures"])]),
	overdue: (row, { today }) => actionsPast(row.measures, today),
};

interface IncidentRow {
	discoveredAt?: string;
	closedOn?: string | null;
	phiInvolved?: boolean;
	individualsAffected?: number | "unknown";
	byState?: Record<string, number>;
	exception?: string;
	assessment?: { probability: string };
	unsecuredPhi?: { secured: boolean; basis?: string; resultIds?: string[] };
	notices?: { to: string; sentOn: string; contentElements?: string[] }[];
	lawEnforcementDelay?: { form: string; from: string; until: string };
	corrective?: Action[];
}

/** 45 CFR 164.404(b), 164.406(b), 164.408(b), 164.410(b). */
const noticeDays = 60;
const noticeElementCount = 5;
const largeBreach = 500;
/** 45 CFR 164.412(b). */
const oralDelayDays = 30;

export const incident: RegisterSpec<IncidentRow> = {
	kind: "incident",
	log: {},
	subjectsOf: () => [],
	dated: () => undefined,
	lacks: (row) => [
		...(row.notices ?? []).flatMap((notice) =>
			notice.to === "individual" && notice.contentElements !== undefined && new Set(notice.contentElements).size < noticeElementCount
				? ["a notice to individuals lacks required elements"]
				: [],
		),
		...(row.lawEnforcementDelay?.form === "oral" && addDays(row.lawEnforcementDelay.from, oralDelayDays) < row.lawEnforcementDelay.until
			? ["an oral request of law enforcement delayed notice for more than 30 days"]
			: []),
	],
	open: (row) => [
		...unset(row, ["occurredAt", "phiInvolved"]),
		...(row.phiInvolved === true ? unset(row, ["individualsAffected"]) : []),
		...(row.phiInvolved === true && !isExcepted(row) && row.unsecuredPhi?.secured !== true && row.assessment === undefined ? ["assessment"] : []),
		...(row.unsecuredPhi?.secured === true ? unset(row.unsecuredPhi, ["basis", "resultIds"]).map((field) => `unsecuredPhi.${field}`) : []),
		...((row.notices ?? []).some((notice) => notice.to === "individual" && notice.contentElements === undefined) ? ["notices.contentElements"] : []),
		...(typeof row.closedOn === "string" ? unset(row, ["containedAt", "rootCause"]) : []),
	],
	overdue: (row, { today }) => [...actionsPast(row.corrective, today), ...noticesPast(row, today)],
};

function isExcepted(row: IncidentRow): boolean {
	return row.exception !== undefined && row.exception !== "none";
}

/** Presumed a breach of unsecured PHI until a low probability, an exception or encryption is shown (45 CFR 164.402). */
function isPresumedBreach(row: IncidentRow): boolean {
	return row.phiInvolved === true && !isExcepted(row) && row.assessment?.probability !== "low" && row.unsecuredPhi?.secured !== true;
}

function noticesPast(row: IncidentRow, today: string): string[] {
	const discovered = row.discoveredAt?.slice(0, 10);
	if (discovered === undefined) return [];
	const limit = [addDays(discovered, noticeDays), row.lawEnforcementDelay?.until ?? ""].sort().at(-1) ?? "";
	const isLate = (to: string, last: string): boolean => {
		const sent = (row.notices ?? []).filter((notice) => notice.to === to).map((notice) => notice.sentOn);
		return (sent.sort()[0] ?? today) > last;
	};
	// Whoever is a business associate has this one to send, and says so by sending it.
	const late =
		(row.notices ?? []).some((notice) => notice.to === "covered_entity") && isLate("covered_entity", limit) ? ["the covered entity was told late"] : [];
	if (!isPresumedBreach(row)) return late;
	const affected = typeof row.individualsAffected === "number" ? row.individualsAffected : 0;
	const yearEnd = addDays(`${discovered.slice(0, 4)}-12-31`, noticeDays);
	return [
		...late,
		...(isLate("individual", limit) ? ["individuals were not told within 60 days of discovery"] : []),
		...(Object.values(row.byState ?? {}).some((count) => count > largeBreach) && isLate("media", limit)
			? ["the media were not told within 60 days of discovery"]
			: []),
		...(isLate("hhs", affected >= largeBreach ? limit : yearEnd) ? ["HHS was not told in time"] : []),
	];
}
