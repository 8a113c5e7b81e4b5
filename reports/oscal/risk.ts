import type { RegisterEntry } from "../../model/registers.ts";
import type { ResultDocument } from "../../model/result.ts";
import { entriesBy, measureOf, objectsOf, personOf, textOf, textsOf, writtenAbout } from "../internal/entries.ts";
import { familyRisk } from "../internal/families.ts";
import type { Finding } from "../internal/findings.ts";
import { readRegisters } from "../internal/registers.ts";
import { count } from "../internal/text.ts";
import { uuidOf } from "../internal/uuid.ts";
import { approverRole, observationId, personId, riskId, toolId } from "./subject.ts";
import { endOfDay, line, type Prop, prop, some, startOfDay } from "./values.ts";

const severityFacet = { critical: "critical", high: "high", medium: "moderate", low: "low", info: "info" } as const;
const origin = { actors: [{ type: "tool", "actor-uuid": toolId }] };

/** What people decided and planned about findings, by the ids that their records name. */
export interface Decisions {
	waivers: ReadonlyMap<string, RegisterEntry>;
	planFor: (finding: Finding) => RegisterEntry[];
}

export function decisionsOf(document: ResultDocument): Decisions {
	const { waivers = [], poam = [] } = readRegisters(document).known;
	const plan = entriesBy(poam, (item) => textsOf(item.findings));
	return {
		waivers: new Map(waivers.map((waiver) => [waiver.id, waiver])),
		planFor: (finding) => writtenAbout(finding, plan),
	};
}

/**
 * A failing finding as a risk: open, remediating where work on its plan item goes on, or deviation-approved where a live waiver covers
 * every one of its results. The measure of a live waiver and why it is equivalent are mitigating factors, its last day the deadline;
 * a waiver that has expired or is void mitigates nothing. Else the
 * deadline is the first day of what the plan still has under way.
 */
export function riskOf(document: ResultDocument, finding: Finding, decisions: Decisions, withObservations: boolean): object {
	const first = finding.results[0];
	const waivers = [...new Set(finding.results.map((item) => item.waiver).filter((one) => one !== null))];
	const plan = decisions.planFor(finding);
	const underWay = plan.filter((item) => item.status === "open" || item.status === "in_progress");
	const status = finding.state === "exception" ? "deviation-approved" : plan.some((item) => item.status === "in_progress") ? "remediating" : "open";
	const live = new Set(finding.results.flatMap((item) => (item.disposition === "waived" ? [item.waiver] : [])));
	const records = waivers.flatMap((id) => (live.has(id) ? (decisions.waivers.get(id) ?? []) : []));
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
		...deadlineOf(finding.state === "exception" ? records.map((record) => record.expiresOn) : underWay.map((item) => item.dueOn)),
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
		["Alternative measure", measureOf(waiver.alternativeMeasure)],
		["Compensating control", measureOf(waiver.compensatingControl)],
		["Why it is equivalent", textOf(waiver.equivalenceStatement)],
		["Why the specification is not reasonable and appropriate here", textOf(waiver.notReasonableBecause)],
	].filter((part) => part[1] !== null);
	if (parts.length === 0) return [];
	return [
		{
			uuid: uuidOf("mitigating-factor", `${finding.id}:${waiver.id}`),
			description: line(parts.map(([name, said]) => `${name}: ${said}`).join(" "), waiver.id),
			props: [...prop("waiver", waiver.id), ...prop("waiver-kind", textOf(waiver.kind))],
		},
	];
}

/** Who approved a waiver and when; an expired or void one is logged as what leaves the risk open. */
function logEntry(document: ResultDocument, finding: Finding, id: string, waiver: RegisterEntry | undefined, status: string): object {
	const disposition = finding.results.find((item) => item.waiver === id)?.disposition ?? "none";
	const ended = disposition === "waiver_expired" || disposition === "waiver_void";
	const approver = personOf(waiver?.approvedBy);
	const approved = startOfDay(waiver?.approvedOn);
	return {
		uuid: uuidOf("risk-log", `${finding.id}:${id}`),
		title: line(`Waiver ${id}${ended ? (disposition === "waiver_expired" ? " has expired" : " is void") : ""}`, "Waiver"),
		// A day east of Greenwich begins before it does in UTC: nothing is logged after the run.
		start: ended || approved === null || approved > document.run.asOf ? document.run.asOf : approved,
		...some("logged-by", approver === null || ended ? [] : [{ "party-uuid": personId(approver), "role-id": approverRole }]),
		"status-change": status,
		...some("props", [
			...prop("approved-by", approver),
			...prop("requested-by", personOf(waiver?.requestedBy)),
			...prop("approved-on", textOf(waiver?.approvedOn)),
			...prop("expires-on", textOf(waiver?.expiresOn)),
			...prop("review-on", textOf(waiver?.reviewOn)),
		]),
	};
}

/** An item of the plan of action, with its owner, its day and its milestones. */
function planned(finding: Finding, item: RegisterEntry): object {
	const lifecycle = item.status === "completed" ? "completed" : "planned";
	const milestones = objectsOf(item.milestones);
	return {
		uuid: uuidOf("response", `${finding.id}:${item.id}`),
		lifecycle,
		title: line(textOf(item.weakness) ?? "", item.id),
		description: line(textOf(item.risk) ?? "", textOf(item.weakness) ?? item.id),
		props: planProps(item),
		...some(
			"tasks",
			milestones.map((one, index) => {
				const due = endOfDay(one.dueOn);
				return {
					uuid: uuidOf("task", `${finding.id}:${item.id}:${index}`),
					type: "milestone",
					title: line(textOf(one.text) ?? "", `Milestone ${index + 1}`),
					...some("props", prop("done-on", textOf(one.doneOn))),
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
		...prop("plan-status", textOf(item.status)),
		...prop("owner", personOf(item.owner)),
		...prop("due-on", textOf(item.dueOn)),
		...prop("verified-by", textOf(item.verifiedBy)),
	];
}

function deadlineOf(days: readonly unknown[]): { deadline?: string } {
	const first = days
		.map(endOfDay)
		.filter((one) => one !== null)
		.sort()[0];
	return first === undefined ? {} : { deadline: first };
}
