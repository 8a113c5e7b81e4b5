import { severities } from "../model/config.ts";
import { constructPathIn } from "../model/evidence.ts";
import { reasonCodes } from "../model/reasons.ts";
import type { ResultDocument, ResultItem } from "../model/result.ts";
import { shownText, type Terminal } from "./terminal.ts";

const findingsShown = 12;
const detailsShown = 8;

/** What a tired engineer needs: what failed, where, what was seen and expected, how to fix it; then what was not looked at. */
export function printSummary(result: ResultDocument, terminal: Terminal): void {
	const failing = result.results.filter((one) => one.state === "fail");
	const groups = [...Map.groupBy(failing, (one) => one.check).values()].sort(bySeverity);
	for (const group of groups.slice(0, findingsShown)) printFinding(group, result, terminal);
	if (groups.length > findingsShown) terminal.line(`${groups.length - findingsShown} more findings stand in the report.\n`);

	printGaps(result, terminal);

	const { pass, fail, exception, attested, not_assessed, manual_pending, not_applicable } = result.totals.results;
	const assessed = pass + fail + exception + attested;
	const applicable = assessed + not_assessed + manual_pending;
	const parts = [`${pass} passed`, fail > 0 ? terminal.paint("red", `${fail} failed`) : "0 failed"];
	if (exception > 0) parts.push(`${exception} exceptions`);
	if (attested > 0) parts.push(`${attested} attested`);
	terminal.line(
		`${assessed} of ${applicable} applicable results assessed: ${parts.join(", ")}; ${not_assessed} not assessed, ${manual_pending} pending, ${not_applicable} not applicable.`,
	);
	if (!result.run.complete) terminal.line(terminal.paint("yellow", "This run is incomplete: what is listed under “Not assessed” was not looked at."));
}

/** Each reason once, with what it means and what to do; under it what it kept from being judged. */
function printGaps(result: ResultDocument, terminal: Terminal): void {
	const gaps = result.results.flatMap(({ state, reason, resource }) => (state === "not_assessed" && reason !== null ? [{ ...reason, resource }] : []));
	if (gaps.length === 0) return;
	terminal.line(terminal.paint("yellow", `Not assessed: ${gaps.length}`));
	for (const [code, alike] of Map.groupBy(gaps, (one) => one.code)) {
		const { meaning, remedy } = reasonCodes[code];
		terminal.line(`  ${code}: ${alike.length}`);
		terminal.line(terminal.paint("dim", `    ${meaning} ${remedy}`));
		const details = [...Map.groupBy(alike, (one) => one.detail ?? "")];
		for (const [detail, group] of details.slice(0, detailsShown)) {
			const where = [...new Set(group.map((one) => one.resource))];
			const others = where.length > 1 ? ` and ${where.length - 1} more` : "";
			terminal.line(`    ${group.length} × ${shownText(where[0] ?? "", 100)}${others}${detail === "" ? "" : `: ${shownText(detail, 120)}`}`);
		}
		if (details.length > detailsShown) terminal.line(`    and ${details.length - detailsShown} more, in the report`);
	}
	terminal.line("");
}

function printFinding(group: readonly ResultItem[], result: ResultDocument, terminal: Terminal): void {
	const first = group[0] as ResultItem;
	terminal.line(`${terminal.paint("red", "FAIL")} ${terminal.paint("bold", first.title)} ${terminal.paint("dim", `[${first.check}, ${first.severity}]`)}`);
	for (const one of group.slice(0, 5)) {
		terminal.line(`  ${shownText(one.resource)}${one.path === null ? "" : ` ${shownText(one.path)}`}`);
		const construct = constructOf(one, result);
		if (construct !== undefined) terminal.line(`    at construct ${shownText(construct)}`);
		terminal.line(`    ${shownText(one.message)}`);
		if (one.namedWaiver !== undefined) terminal.line(`    names the waiver ${shownText(one.namedWaiver)}: ${waiverWords(one)}`);
		terminal.line(`    observed: ${shownText(textOf(one.observed), 200)}`);
		terminal.line(`    expected: ${shownText(one.expected ?? "", 200)}`);
	}
	if (group.length > 5) terminal.line(`  and ${group.length - 5} more resources`);
	terminal.line(`  cites ${first.citations.slice(0, 3).join(", ")}`);
	for (const line of first.remediation.split("\n")) terminal.line(terminal.paint("green", `  fix: ${line}`));
	terminal.line("");
}

/** Why the waiver that the stack names does not help. */
function waiverWords(item: ResultItem): string {
	if (item.waiver === item.namedWaiver && item.disposition === "waiver_expired") return "it has expired; renew the record, or mend the finding";
	if (item.waiver === item.namedWaiver && item.disposition === "waiver_void") return "it is void, since a check that it links fails";
	return "no live waiver of that id in the records covers this finding (--records says where they are)";
}

/** Where a cdktf app made the resource, as its evidence tells. */
function constructOf(item: ResultItem, result: ResultDocument): string | undefined {
	const ref = result.evidence.find(({ id, sha256 }) => id === item.resource && item.evidence.includes(sha256));
	return ref === undefined ? undefined : constructPathIn(ref.call);
}

function textOf(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	return typeof value === "string" ? value : JSON.stringify(value);
}

function bySeverity(a: readonly ResultItem[], b: readonly ResultItem[]): number {
	const left = Math.min(...a.map((one) => severities.indexOf(one.severity)));
	const right = Math.min(...b.map((one) => severities.indexOf(one.severity)));
	return left - right || ((a[0]?.check ?? "") < (b[0]?.check ?? "") ? -1 : 1);
}
