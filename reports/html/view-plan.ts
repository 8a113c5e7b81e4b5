import { severities } from "../../model/config.ts";
import type { RegisterEntry } from "../../model/registers.ts";
import { objectsOf, personOf, textOf, textsOf, writtenAbout } from "../internal/entries.ts";
import type { Finding } from "../internal/findings.ts";
import { count } from "../internal/text.ts";
import { type Context, severityView } from "./rows.ts";
import { Href, type View } from "./view.ts";
import { isLate } from "./view-summary.ts";
import { statusLabels } from "./words.ts";

/** The plan of action and milestones, as the records have it; open findings without an item are named, not planned for. */
export function planView(context: Context): View {
	const { model, registers } = context;
	const items = registers.known.poam ?? [];
	const today = model.document.run.asOf.slice(0, 10);
	const unplanned = model.findings.filter((finding) => finding.state === "fail" && writtenAbout(finding, context.planOf).length === 0);
	const known = new Map<string, Finding>();
	for (const finding of items.length === 0 ? [] : model.findings)
		for (const id of [finding.id, ...finding.results.map((item) => item.id)]) known.set(id, finding);
	return {
		items: items.map((item) => itemView(item, today, known, context)),
		unplanned: unplanned.slice(0, maxUnplanned).map((finding) => ({
			severity: severityView(finding.severity),
			href: Href.fragment(finding.anchor),
			id: finding.id,
			cause: finding.cause,
			affected: count(finding.results.length, "resource"),
		})),
		unplannedCount: count(unplanned.length, "open finding"),
		unplannedLeft: unplanned.length > maxUnplanned ? count(unplanned.length - maxUnplanned, "further finding") : null,
	};
}

const maxUnplanned = 50;

function itemView(item: RegisterEntry, today: string, known: ReadonlyMap<string, Finding>, context: Context): View {
	const severity = severities.find((one) => one === item.severity);
	return {
		id: item.id,
		weakness: textOf(item.weakness) ?? "not stated",
		risk: textOf(item.risk) ?? "not stated",
		severity: severity === undefined ? null : severityView(severity),
		grades: `likelihood ${gradeOf(item.likelihood)}, impact ${gradeOf(item.impact)}`,
		owner: personOf(item.owner) ?? "no owner",
		resources: textOf(item.resources),
		due: textOf(item.dueOn) ?? "no date",
		late: isLate(item, today),
		status: statusLabels[textOf(item.status) ?? ""] ?? "not stated",
		findings: textsOf(item.findings).map((id) => {
			const finding = known.get(id);
			return { id, href: finding === undefined ? null : Href.fragment(finding.anchor) };
		}),
		controls: textsOf(item.controls).map((id) => {
			const anchor = context.model.controlAnchors.get(id);
			return { id, href: anchor === undefined ? null : Href.fragment(anchor) };
		}),
		milestones: objectsOf(item.milestones).map((one) => ({
			text: textOf(one.text) ?? "not stated",
			due: textOf(one.dueOn) ?? "no date",
			done: textOf(one.doneOn) ?? "open",
		})),
		history: objectsOf(item.history).map((one) => ({
			when: textOf(one.when) ?? "",
			step: `${statusLabels[textOf(one.from) ?? ""] ?? "?"} to ${statusLabels[textOf(one.to) ?? ""] ?? "?"}`,
			who: personOf(one.who) ?? "not named",
			why: textOf(one.why) ?? "",
		})),
		verifiedBy: textOf(item.verifiedBy) ?? "nothing yet; the scan that first shows it fixed",
	};
}

function gradeOf(value: unknown): string {
	return typeof value === "number" ? `${value} of 5` : "not graded";
}

/** Who owns a finding and until when, and what management says of it. */
export function decisionsOn(finding: Finding, context: Context): { plan: View[]; responses: View[] } {
	return {
		plan: writtenAbout(finding, context.planOf).map((item) => ({
			id: item.id,
			text: `${personOf(item.owner) ?? "no owner"}; due ${textOf(item.dueOn) ?? "on no date"}; ${(statusLabels[textOf(item.status) ?? ""] ?? "no status").toLowerCase()}; likelihood ${gradeOf(item.likelihood)}, impact ${gradeOf(item.impact)}`,
		})),
		responses: writtenAbout(finding, context.responsesTo).map(responseView),
	};
}

/** Management's answer to a finding. */
export function responseView(entry: RegisterEntry): { agreed: string; text: string; by: string } {
	return {
		agreed: entry.agreed === true ? "Agreed" : entry.agreed === false ? "Not agreed" : "Agreement not stated",
		text: textOf(entry.text) ?? "no text",
		by: `${personOf(entry.by) ?? "not named"}, ${textOf(entry.on) ?? "no date"}`,
	};
}

const functions = [
	{ name: "Management assertion", statement: "The scope and the records given for this report are complete and true to the best of our knowledge." },
	{ name: "Assessor's conclusion", statement: "The work described under methodology was done, and the conclusions of the summary follow from its results." },
	{ name: "Security official", statement: "Read, with what was not assessed (45 CFR 164.308(a)(2))." },
	{ name: "Privacy official", statement: "Read, with what was not assessed (45 CFR 164.530(a)(1)(i))." },
	{ name: "Reviewer", statement: "Reviewed by someone other than the preparer." },
] as const;

/** One row for each function that signs: what the engagement record says, or an empty line for a pen. */
export function signOffView(context: Context): View {
	const given = (context.registers.known.engagements ?? []).flatMap((entry) => objectsOf(entry.signOff));
	const used = new Set<Record<string, unknown>>();
	const rows: View[] = functions.map(({ name, statement }) => {
		const found = given.find((one) => !used.has(one) && sameFunction(textOf(one.function), name));
		if (found !== undefined) used.add(found);
		return signatureView(name, statement, found);
	});
	for (const one of given) if (!used.has(one)) rows.push(signatureView(textOf(one.function) ?? "Other", "", one));
	const responses = context.registers.known.responses ?? [];
	return { rows, responses: responses.map((entry) => ({ finding: textOf(entry.findingId) ?? "", ...responseView(entry) })) };
}

function signatureView(name: string, statement: string, signed: Record<string, unknown> | undefined): View {
	return {
		function: name,
		statement: textOf(signed?.statement) ?? statement,
		name: textOf(signed?.name),
		title: textOf(signed?.title),
		date: textOf(signed?.date),
	};
}

function sameFunction(given: string | null, name: string): boolean {
	return (
		given !== null &&
		given
			.toLowerCase()
			.replaceAll(/[^a-z]+/g, " ")
			.trim() ===
			name
				.toLowerCase()
				.replaceAll(/[^a-z]+/g, " ")
				.trim()
	);
}
