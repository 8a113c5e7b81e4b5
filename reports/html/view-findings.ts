import { byCodeUnit } from "../../model/canonical.ts";
import { isReasonCode, reasonCodes } from "../../model/reasons.ts";
import type { Reason, ResultItem } from "../../model/result.ts";
import { familyRisk } from "../internal/families.ts";
import type { Finding } from "../internal/findings.ts";
import { count, cut, nameText, shown } from "../internal/text.ts";
import { isSummarized } from "./limits.ts";
import { badge, type Context, evidenceViews, noteOf, placeOf, rowAnchor, severityView, timeView } from "./rows.ts";
import { Href, prose, type View } from "./view.ts";
import { citationView } from "./view-controls.ts";
import { decisionsOn } from "./view-plan.ts";
import { reasonKindLabels } from "./words.ts";

export function findingView(finding: Finding, context: Context): View {
	const first = finding.results[0];
	const inline = finding.results.slice(0, context.limits.findingRows);
	const left = finding.results.length - inline.length;
	const controls: View[] = [];
	for (const id of [...new Set(finding.results.flatMap((item) => item.controls))].sort(byCodeUnit)) {
		const anchor = context.model.controlAnchors.get(id);
		controls.push({ id, href: anchor === undefined ? null : Href.fragment(anchor) });
	}
	return {
		anchor: finding.anchor,
		id: finding.id,
		title: finding.title,
		check: finding.check,
		cause: cut(finding.cause, context.limits.valueLength),
		risk: finding.family === null ? null : familyRisk(finding.family),
		severity: severityView(finding.severity),
		badge: badge(finding.state),
		expected: first?.expected ?? null,
		citations: [...new Set(finding.results.flatMap((item) => item.citations))].map(citationView),
		controls,
		fix: first === undefined || first.remediation === "" ? [] : prose(first.remediation),
		firstSeen: timeView(finding.firstSeen),
		lastSeen: timeView(context.model.document.run.asOf),
		...decisionsOn(finding, context),
		calls: callsOf(finding, context),
		affected: count(finding.results.length, "resource"),
		rows: inline.map((item) => resourceView(item, finding.cause, context)),
		left: left === 0 ? null : count(left, "further resource"),
	};
}

const maxCalls = 4;

/** How it was seen: the calls behind the evidence, for whoever wants to look again. */
function callsOf(finding: Finding, context: Context): string[] {
	const calls = new Set<string>();
	for (const item of finding.results) {
		for (const sha256 of item.evidence) {
			const number = context.model.evidenceNumbers.get(sha256);
			const call = number === undefined ? undefined : context.model.evidence[number - 1]?.call;
			if (call !== undefined && !call.startsWith("list ")) calls.add(cut(call, 200));
			if (calls.size >= maxCalls) return [...calls];
		}
	}
	return [...calls];
}

function resourceView(item: ResultItem, cause: string, context: Context): View {
	const observed = shown(item.observed);
	return {
		resource: nameText(item.resource),
		place: placeOf(item),
		badge: badge(item.state),
		note: noteOf(item),
		// The heading names the cause; the row adds what it leaves out.
		path: item.path,
		observed: observed === null ? null : cut(observed, context.limits.valueLength),
		message: observed === null && item.message !== cause ? cut(item.message, context.limits.valueLength) : null,
		asCause: observed === null && item.message === cause,
		href: isSummarized(context.model.document.results.length, context.limits) ? null : Href.fragment(rowAnchor(item)),
		id: item.id,
		evidence: evidenceViews(item, context),
	};
}

interface Gap {
	reason: Reason;
	check: string;
	title: string;
	results: ResultItem[];
}

/** Every result without a verdict, by reason code: what it means, what to do, which checks and resources. */
export function notAssessedView(context: Context): View {
	const codes = new Map<string, Map<string, Gap>>();
	for (const item of context.model.results) {
		if (item.state !== "not_assessed" && item.state !== "manual_pending") continue;
		const reason = item.reason ?? { kind: "error", code: "check_failed", detail: "the result gives no reason" };
		let gaps = codes.get(reason.code);
		if (gaps === undefined) {
			gaps = new Map();
			codes.set(reason.code, gaps);
		}
		const key = JSON.stringify([reason.detail, item.check]);
		const gap = gaps.get(key);
		if (gap === undefined) gaps.set(key, { reason, check: item.check, title: item.title, results: [item] });
		else gap.results.push(item);
	}
	const silent: View[] = [];
	for (const family of context.model.families) {
		for (const { control, anchor, results } of family.controls) {
			if (results.length > 0 || (control.state !== "not_assessed" && control.state !== "manual_pending")) continue;
			const reason = control.reason === null ? null : { code: control.reason.code, detail: control.reason.detail, remedy: remedyOf(control.reason.code) };
			silent.push({ href: Href.fragment(anchor), id: control.id, title: control.title, badge: badge(control.state), reason });
		}
	}
	const totals = context.model.totals.results;
	return {
		none: codes.size === 0 && silent.length === 0,
		total: count(totals.not_assessed + totals.manual_pending, "result"),
		codes: [...codes].sort(([a], [b]) => byCodeUnit(a, b)).map(([code, gaps], index) => codeView(code, [...gaps.values()], index, context)),
		silent,
		silentCount: count(silent.length, "control"),
	};
}

function codeView(code: string, gaps: readonly Gap[], index: number, context: Context): View {
	let total = 0;
	for (const gap of gaps) total += gap.results.length;
	const kind = gaps[0]?.reason.kind;
	return {
		anchor: `gap-${index + 1}`,
		code,
		kind: kind === undefined ? "" : reasonKindLabels[kind],
		meaning: isReasonCode(code) ? reasonCodes[code].meaning : "",
		remedy: remedyOf(code),
		count: count(total, "result"),
		rows: gaps.map((gap) => {
			const named = gap.results.slice(0, context.limits.namedResources);
			const left = gap.results.length - named.length;
			return {
				check: gap.check,
				title: gap.title,
				detail: gap.reason.detail,
				count: gap.results.length,
				resources: named.map((item) => nameText(item.resource)),
				left: left === 0 ? null : `and ${left} more`,
			};
		}),
	};
}

function remedyOf(code: string): string {
	return isReasonCode(code) ? reasonCodes[code].remedy : "";
}
