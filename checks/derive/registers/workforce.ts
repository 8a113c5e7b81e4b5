import { addDays } from "../../../model/records/index.ts";
import { type Action, actionsPast, type RegisterSpec, unset } from "./register.ts";

interface Staff {
	name?: string;
	email?: string;
}

interface OfficialRow {
	function?: string;
	from?: string;
	to?: string | null;
	confirmedOn?: string;
}

export const official: RegisterSpec<OfficialRow> = {
	kind: "official",
	subjects: () => ["security_official", "privacy_official", "contact_person"],
	subjectsOf: (row) => (row.function === undefined ? [] : [row.function]),
	inForce: (row, today) => (row.from ?? "9999") <= today && (row.to ?? "9999-12-31") >= today,
	dated: (row) =>
		[row.confirmedOn, row.from]
			.filter((day) => day !== undefined)
			.sort()
			.at(-1) ?? null,
	open: (row) => unset(row, ["designatedBy", "document"]),
};

interface TrainingRow {
	person?: Staff & { hiredOn?: string; accessFrom?: string | null; leftOn?: string | null };
	course?: { id?: string; topics?: string[]; contentSha256?: string };
	completedOn?: string | null;
	dueOn?: string;
	score?: number;
	passMark?: number;
}

const trainingTopics = ["mail", "marketing", "authorization", "incident_reporting"];
/** Days from first access to the first training: a default of the project, and the figure of the proposed rule. */
const daysToFirstTraining = 30;

export const training: RegisterSpec<TrainingRow> = {
	kind: "training",
	subjectsOf: (row) => [`${personOf(row)} ${row.course?.id ?? ""}`],
	inForce: (row, today) => (row.person?.leftOn ?? "9999-12-31") >= today,
	dated: (row, { today }) => {
		if (typeof row.completedOn === "string") return row.completedOn;
		const access = row.person?.accessFrom;
		return typeof access === "string" && addDays(access, daysToFirstTraining) >= today ? undefined : null;
	},
	lacks: (row, { rows }) => {
		const covered = rows.filter((other) => personOf(other) === personOf(row)).map((other) => other.course?.topics);
		const missing = covered.includes(undefined) ? [] : trainingTopics.filter((topic) => !covered.some((topics) => topics?.includes(topic)));
		return [
			...missing.map((topic) => `no course of this person covers ${topic}`),
			...(row.score !== undefined && row.passMark !== undefined && row.score < row.passMark ? ["the score is below the pass mark"] : []),
		];
	},
	open: (row) => [...unset(row, ["trigger"]), ...unset(row.course ?? {}, ["topics", "contentSha256"]).map((field) => `course.${field}`)],
	overdue: (row, { today }) => {
		if (row.dueOn === undefined || row.dueOn >= today) return [];
		return typeof row.completedOn === "string" && row.completedOn >= row.dueOn ? [] : [`training was due on ${row.dueOn}`];
	},
};

function personOf(row: TrainingRow): string {
	return row.person?.email ?? row.person?.name ?? "";
}

interface ReviewRow {
	kind?: string;
	period?: { from?: string; to?: string };
	performedOn?: string;
	reviewer?: Staff;
	certifiedBy?: Staff;
	decisions?: { decision: string; doneOn?: string | null }[];
	terminations?: { disabledAt?: string | null }[];
	followUp?: Action[];
}

export const review: RegisterSpec<ReviewRow> = {
	kind: "review",
	subjects: () => ["access", "activity_log"],
	subjectsOf: (row) => (row.kind === undefined ? [] : [row.kind]),
	dated: (row) => row.performedOn ?? null,
	lacks: (row, { rows }) => {
		const from = row.period?.from;
		const before = rows.flatMap((other) =>
			other.kind === row.kind && other.period?.to !== undefined && from !== undefined && other.period.to < from ? [other.period.to] : [],
		);
		const last = before.sort().at(-1);
		return [
			...(last !== undefined && from !== undefined && addDays(last, 1) < from ? [`nothing was reviewed between ${last} and ${from}`] : []),
			...(row.reviewer !== undefined && row.certifiedBy !== undefined && nameOf(row.reviewer) === nameOf(row.certifiedBy)
				? ["the reviewer certified the own review"]
				: []),
			...((row.decisions ?? []).some((one) => one.decision === "remove" && typeof one.doneOn !== "string") ? ["access that was to be removed was not"] : []),
			...((row.terminations ?? []).some((one) => typeof one.disabledAt !== "string") ? ["access of somebody who left was not ended"] : []),
		];
	},
	open: (row) => unset(row, ["reviewer", "certifiedBy", "population", ...(row.kind === "access" ? ["decisions"] : [])]),
	overdue: (row, { today }) => actionsPast(row.followUp, today),
};

function nameOf(staff: Staff): string {
	return (staff.email ?? staff.name ?? "").trim().toLowerCase();
}

export const sanction: RegisterSpec<{ decidedOn?: string }> = {
	kind: "sanction",
	log: {},
	subjectsOf: () => [],
	dated: () => undefined,
	open: (row) => unset(row, ["decidedOn", "decidedBy", "action"]),
};

interface ExerciseRow {
	kind?: string;
	performedOn?: string;
	result?: string;
	alarmSeen?: boolean;
	actions?: Action[];
	dueOn?: string;
}

const exerciseFields: Readonly<Record<string, readonly string[]>> = {
	restore: ["startedAt", "restoredAt", "result"],
	contingency: ["participants", "result"],
	incident: ["participants", "result"],
	evaluation: ["scope", "reportSha256", "decisions"],
	emergency_access: ["alarmSeen", "result"],
};

export const exercise: RegisterSpec<ExerciseRow> = {
	kind: "exercise",
	subjects: () => Object.keys(exerciseFields),
	subjectsOf: (row) => (row.kind === undefined ? [] : [row.kind]),
	dated: (row) => row.performedOn ?? null,
	lacks: (row) => [
		...(row.result !== undefined && row.result !== "passed" && (row.actions ?? []).length === 0 ? ["it did not pass and no action follows"] : []),
		...(row.alarmSeen === false ? ["emergency access raised no alarm"] : []),
	],
	open: (row) => unset(row, ["performedBy", ...(exerciseFields[row.kind ?? ""] ?? [])]),
	overdue: (row, { today, rows }) => [
		...actionsPast(row.actions, today),
		...(row.dueOn !== undefined && row.dueOn < today && !rows.some((other) => other.kind === row.kind && (other.performedOn ?? "") > (row.performedOn ?? ""))
			? [`the next one was due on ${row.dueOn}`]
			: []),
	],
};

interface FacilityRow {
	kind?: string;
	on?: string;
	noneBetween?: { to: string };
	copyMade?: boolean;
}

export const facility: RegisterSpec<FacilityRow> = {
	kind: "facility",
	subjects: () => ["facility_access", "workstation_use", "workstation_security", "media_disposal", "media_movement"],
	subjectsOf: (row) => (row.kind === undefined ? [] : [row.kind]),
	dated: (row) => row.noneBetween?.to ?? row.on ?? null,
	lacks: (row) => (row.copyMade === false ? ["equipment was moved before its data was copied"] : []),
	open: (row) => {
		const media = row.kind === "media_disposal" || row.kind === "media_movement";
		const happened = media && row.noneBetween === undefined;
		return unset(row, [
			"by",
			...(row.kind === "facility_access" || (happened && row.kind === "media_disposal") ? ["method"] : []),
			...(happened && row.kind === "media_movement" ? ["destination", "copyMade"] : []),
		]);
	},
};

interface DeclarationRow {
	declaredOn?: string;
}

export const syntheticData: RegisterSpec<DeclarationRow> = {
	kind: "synthetic-data",
	subjectsOf: () => [],
	dated: (row) => row.declaredOn ?? null,
	open: (row) => unset(row, ["declaredBy", "generator", "verifiedBy"]),
};

export const noPhi: RegisterSpec<DeclarationRow> = {
	kind: "no-phi",
	subjectsOf: () => [],
	dated: (row) => row.declaredOn ?? null,
	open: (row) => unset(row, ["declaredBy", "reason"]),
};

interface InheritedRow {
	provider?: string;
	period?: { to?: string };
	controls?: string[];
}

/** Controls that a cloud provider runs for its customers; each needs its report. */
const inheritedControls = ["PHY-01", "PHY-05"];

export const inherited: RegisterSpec<InheritedRow> = {
	kind: "inherited",
	subjects: () => inheritedControls,
	subjectsOf: (row) => row.controls ?? [],
	dated: (row) => row.period?.to ?? null,
	open: (row) => unset(row, ["document", "responsibilityMatrix", "reviewedBy"]),
};
