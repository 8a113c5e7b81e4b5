import type { ResultItem } from "../../model/result.ts";
import { familyLabel } from "../internal/families.ts";
import { oneLine, valueLine } from "../internal/prose.ts";
import { reasonText } from "../internal/reason-text.ts";
import { buildModel, compareResults, type ReportModel } from "../internal/report-model.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/** junit.xml: one suite per family of controls, one case per result. No verdict is an error, never a passed case. */
export const writer: ReportWriter = {
	format: "junit",
	*write(result): Iterable<ReportFile> {
		yield { path: "junit.xml", chunks: chunks(buildModel(result)) };
	},
};

type Outcome = "passed" | "failure" | "error" | "skipped";

function* chunks(model: ReportModel): Iterable<string> {
	const suites = [...suitesOf(model)];
	// The Ant form allows no attribute here.
	yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
	for (const [index, [family, items]] of suites.entries()) yield* suite(model, index, family, items);
	yield "</testsuites>\n";
}

/** Each result stands once, under the family of the control whose page holds it, so that the sum of the suites is the number of results. */
function suitesOf(model: ReportModel): Map<string, ResultItem[]> {
	const suites = new Map<string, ResultItem[]>();
	for (const { family } of model.families) suites.set(family, []);
	for (const item of [...model.document.results].sort(compareResults)) {
		const family = model.homes.get(item.id)?.control.family ?? "unclaimed";
		const items = suites.get(family);
		if (items === undefined) suites.set(family, [item]);
		else items.push(item);
	}
	for (const [family, items] of suites) if (items.length === 0) suites.delete(family);
	return suites;
}

function* suite(model: ReportModel, index: number, family: string, items: readonly ResultItem[]): Iterable<string> {
	const { run } = model.document;
	const name = attribute(family === "unclaimed" ? "No control of this profile" : familyLabel(family));
	// The Ant form wants a time without zone or fraction, and a host: the tool's name stands for it, so that no machine is named.
	yield `  <testsuite id="${index}" name="${name}" package="mailward" hostname="mailward" timestamp="${attribute(run.asOf.slice(0, 19))}" time="0" ${counts(items)}>\n`;
	yield "    <properties>\n";
	const properties = {
		profile: run.profile,
		pack: run.policySha256,
		tool: `${run.tool.name} ${run.tool.version}`,
		asOf: run.asOf,
		complete: String(run.complete),
	};
	for (const [key, value] of Object.entries(properties)) yield `      <property name="${key}" value="${attribute(value)}"/>\n`;
	yield "    </properties>\n";
	for (const item of items) yield testCase(item);
	yield "    <system-out/>\n    <system-err/>\n  </testsuite>\n";
}

function testCase(item: ResultItem): string {
	const open = `    <testcase classname="${attribute(item.controls[0] ?? "none")}" name="${attribute(`${item.check} ${item.resource}`)}" time="0"`;
	const element = elementOf(item);
	return element === "" ? `${open}/>\n` : `${open}>\n      ${element}\n    </testcase>\n`;
}

function outcomeOf(item: ResultItem): Outcome {
	switch (item.state) {
		case "fail":
			return "failure";
		case "not_assessed":
			return "error";
		case "pass":
		case "attested":
			return "passed";
		default:
			return "skipped";
	}
}

function elementOf(item: ResultItem): string {
	const outcome = outcomeOf(item);
	if (outcome === "passed") return "";
	if (outcome === "skipped") return `<skipped message="${attribute(skippedBecause(item))}"/>`;
	const type = outcome === "failure" ? item.severity : `${item.reason?.kind ?? "error"}.${item.reason?.code ?? "check_failed"}`;
	const message = outcome === "failure" ? item.message : `not assessed: ${reasonText(item) ?? "no reason given"}`;
	const body = [
		`status: ${item.state}`,
		item.path === null ? "" : `path: ${oneLine(item.path)}`,
		item.expected === null ? "" : `expected: ${oneLine(item.expected)}`,
		item.observed === null ? "" : `observed: ${valueLine(item.observed)}`,
		item.remediation === "" ? "" : `fix: ${oneLine(item.remediation)}`,
		item.evidence.length === 0 ? "" : `evidence: ${oneLine(item.evidence.join(" "))}`,
	].filter((line) => line !== "");
	return `<${outcome} type="${attribute(type)}" message="${attribute(message)}">${text(body.join("\n"))}</${outcome}>`;
}

function skippedBecause(item: ResultItem): string {
	if (item.state === "exception") return `exception: waiver ${item.waiver ?? "not named"}`;
	if (item.state === "manual_pending") return "manual assessment pending";
	return `not applicable: ${item.message}`;
}

function counts(items: readonly ResultItem[]): string {
	const count = (wanted: Outcome): number => items.filter((item) => outcomeOf(item) === wanted).length;
	return `tests="${items.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

/** XML 1.0, section 2.2, forbids most controls even as references; oneLine has made visible codes of them. */
function attribute(value: string): string {
	return text(oneLine(value)).replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}

function text(value: string): string {
	return value
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD");
}
