import type { RegisterEntry } from "../../model/registers.ts";
import type { ResultDocument } from "../../model/result.ts";
import { familyRisk } from "../internal/families.ts";
import type { Finding } from "../internal/findings.ts";
import { readRegisters } from "../internal/registers.ts";
import { count } from "../internal/text.ts";
import { uuidOf } from "../internal/uuid.ts";
import { observationId, riskId, toolId } from "./subject.ts";
import { line, type Prop, prop, some } from "./values.ts";

const severityFacet = { critical: "critical", high: "high", medium: "moderate", low: "low", info: "info" } as const;
const origin = { actors: [{ type: "tool", "actor-uuid": toolId }] };

/** What people decided and planned about findings, by the ids that their records name. */
export interface Decisions {
	waivers: ReadonlyMap<string, RegisterEntry>;
	planFor: (finding: Finding) => RegisterEntry[];
}

export function decisionsOf(document: ResultDocument): Decisions {
	const { waivers = [], poam = [] } = readRegisters(document).known;
	const plan = new Map<string, Set<RegisterEntry>>();
	for (const item of poam) for (const id of texts(item.findings)) plan.set(id, (plan.get(id) ?? new Set()).add(item));
	return {
		waivers: new Map(waivers.map((waiver) => [waiver.id, waiver])),
		planFor: (finding) => [...new Set([finding.id, ...finding.results.map((item) => item.id)].flatMap((id) => [...(plan.get(id) ?? [])]))],
	};
}

/**
 * A failing finding as a risk: open, remediating where work on its plan item goes on, or deviation-approved where a live waiver covers
 * every one of its results. A waiver's measure and why it is equivalent are mitigating factors, its last day the deadline.
 */
export function riskOf(document: ResultDocument, finding: Finding, decisions: Decisions, withObservations: boolean): object {
	const first = finding.results[0];
	const waivers = [...new Set(finding.results.map((item) => item.waiver).filter((one) => one !== null))];
	const plan = decisions.planFor(finding);
	const status = finding.state === "exception" ? "deviation-approved" : plan.some((item) => item.status === "in_progress") ? "remediating" : "open";
	const records = waivers.map((id) => decisions.waivers.get(id)).filter((one) => one !== undefined);
	const fix = line(first?.remediation ?? "", "");
	return {
		uuid: riskId(finding),
		title: line(finding.title, finding.check),
		description: line(finding.cause, finding.check),
		statement: line(`${finding.family === null ? "" : familyRisk(finding.family)} ${count(finding.results.length, "resource")} affected.`, finding.check),
		props: [...prop("finding-id", finding.id), ...prop("check-id", finding.check), ...waivers.flatMap((id) => prop("waiver", id))],
		status,
		origins: [origin],
		characterizations: [{ origin, facets: [facet("severity", severityFacet[finding.severity]), ...gradesOf(plan)] }],
		...some(
			"mitigating-factors",
			records.flatMap((record) => mitigation(finding, record)),
		),
		...deadlineOf(finding.state === "exception" ? records.map((record) => record.expiresOn) : plan.map((item) => item.dueOn)),
		...some("remediations", [
			...(fix === ""
				? []
				: [{ uuid: uuidOf("response", finding.id), lifecycle: "recommendation", title: line(finding.title, finding.check), description: fix }]),
			...plan.map((item) => planned(finding, item)),
		]),
		...(waivers.length === 0 ? {} : { "risk-log": { entries: waivers.map((id) => logEntry(document, finding, id, decisions.waivers.get(id), status)) } }),
		...(withObservations ? { "related-observations": finding.results.map((item) => ({ "observation-uuid": observationId(item) })) } : {}),
	};
}

function facet(name: string, value: string): object {
	return { name, system: "urn:mailward:severity", value };
}

/** Likelihood and impact as the plan's owner graded them, 1 to 5; the scan grades neither. */
function gradesOf(plan: readonly RegisterEntry[]): object[] {
	return ["likelihood", "impact"].flatMap((name) => {
		const grade = plan.map((item) => item[name]).find((one) => typeof one === "number");
		return grade === undefined ? [] : [facet(name, String(grade))];
	});
}

function mitigation(finding: Finding, waiver: RegisterEntry): object[] {
	const parts = [
		["Alternative measure", measureText(waiver.alternativeMeasure)],
		["Compensating control", measureText(waiver.compensatingControl)],
		["Why it is equivalent", text(waiver.equivalenceStatement)],
		["Why the specification is not reasonable and appropriate here", text(waiver.notReasonableBecause)],
	].filter((part) => part[1] !== "");
	if (parts.length === 0) return [];
	return [
		{
			uuid: uuidOf("mitigating-factor", `${finding.id}:${waiver.id}`),
			description: line(parts.map(([name, said]) => `${name}: ${said}`).join(" "), waiver.id),
			props: [...prop("waiver", waiver.id), ...prop("waiver-kind", text(waiver.kind))],
		},
	];
}

/** Who approved a waiver and when; an expired or void one is logged as what leaves the risk open. */
function logEntry(document: ResultDocument, finding: Finding, id: string, waiver: RegisterEntry | undefined, status: string): object {
	const disposition = finding.results.find((item) => item.waiver === id)?.disposition ?? "none";
	const ended = disposition === "waiver_expired" || disposition === "waiver_void";
	return {
		uuid: uuidOf("risk-log", `${finding.id}:${id}`),
		title: line(`Waiver ${id}${ended ? (disposition === "waiver_expired" ? " has expired" : " is void") : ""}`, "Waiver"),
		start: (ended ? null : instant(waiver?.approvedOn)) ?? document.run.asOf,
		"status-change": status,
		...some("props", [
			...person("approved-by", waiver?.approvedBy),
			...person("requested-by", waiver?.requestedBy),
			...prop("approved-on", text(waiver?.approvedOn)),
			...prop("expires-on", text(waiver?.expiresOn)),
			...prop("review-on", text(waiver?.reviewOn)),
		]),
	};
}

/** An item of the plan of action, with its owner, its day and its milestones. */
function planned(finding: Finding, item: RegisterEntry): object {
	const lifecycle = item.status === "completed" ? "completed" : "planned";
	const milestones = Array.isArray(item.milestones) ? (item.milestones as unknown[]).filter(isObject) : [];
	return {
		uuid: uuidOf("response", `${finding.id}:${item.id}`),
		lifecycle,
		title: line(text(item.weakness), item.id),
		description: line(text(item.risk), text(item.weakness) || item.id),
		props: planProps(item),
		...some(
			"tasks",
			milestones.map((one, index) => {
				const due = instant(one.dueOn);
				return {
					uuid: uuidOf("task", `${finding.id}:${item.id}:${index}`),
					type: "milestone",
					title: line(text(one.text), `Milestone ${index + 1}`),
					...some("props", prop("done-on", text(one.doneOn))),
					...(due === null ? {} : { timing: { "on-date": { date: due } } }),
				};
			}),
		),
	};
}

/** Of an item of the plan: its id, status, owner and day. */
export function planProps(item: RegisterEntry): Prop[] {
	return [
		...prop("plan-item", item.id),
		...prop("plan-status", text(item.status)),
		...person("owner", item.owner),
		...prop("due-on", text(item.dueOn)),
		...prop("verified-by", text(item.verifiedBy)),
	];
}

function deadlineOf(days: readonly unknown[]): { deadline?: string } {
	const first = days
		.map(instant)
		.filter((one) => one !== null)
		.sort()[0];
	return first === undefined ? {} : { deadline: first };
}

/** OSCAL knows times only: a day is taken to its end. */
function instant(day: unknown): string | null {
	return typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59Z` : null;
}

function person(name: string, value: unknown): Prop[] {
	if (!isObject(value)) return [];
	return prop(name, [text(value.name), text(value.role)].filter((part) => part !== "").join(", "));
}

function measureText(value: unknown): string {
	return isObject(value) ? text(value.text) : "";
}

function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
