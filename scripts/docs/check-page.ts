import type { CheckMetadata } from "../../checks/engine/metadata.ts";
import { targetTypesOf } from "../../checks/engine/selection.ts";
import type { Control } from "../../checks/frameworks/frameworks.ts";
import { derivations } from "../../checks/registry.ts";
import { placesOf } from "../../pipeline/catalogue.ts";
import { currentSupply } from "../../pipeline/supply.ts";
import type { CheckCase } from "../../test/support/case-file.ts";
import { code, generated, page, plain, table } from "./markdown.ts";

/** docs/checks/<id>.md. The headings are fixed: links and readers rely on them. */
export function checkPage(check: CheckMetadata, cases: readonly CheckCase[], controls: ReadonlyMap<string, Control>): string {
	return page(
		`# ${code(check.id)}`,
		generated,
		"## What it asserts",
		`${plain(check.title)}.`,
		"## Why",
		plain(check.description),
		"## Severity",
		check.severity,
		"## Controls",
		controlsOf(check, controls),
		check.citations.length === 0 ? "" : `It also rests on ${check.citations.map(plain).join(", ")}.`,
		"## Evidence",
		check.evidence.map((kind, index) => `- ${evidenceOf(kind, index === 0 && check.evidence.length > 1)}`).join("\n"),
		`Judged on targets of type ${targetTypesOf(check, currentSupply()).map(code).join(", ")}; looks at: ${placesOf(check).join(", ")}; method: ${check.method}.`,
		"## Expected",
		plain(check.expected),
		"## Parameters",
		parametersOf(check),
		"## Fix",
		check.remediation
			.split("\n")
			.filter((line) => line.trim() !== "")
			.map((line) => `- ${plain(line.trim())}`)
			.join("\n"),
		"## Examples",
		`The cases that test this check, from ${code(`checks/policies/${check.id.replaceAll(".", "/")}/${check.id.split(".").at(-1)}.cases.yaml`)}.`,
		table(
			["case", "expected"],
			cases.map((one) => [plain(one.name), expectation(one)]),
		),
		"## Reference ids",
		check.reference.length === 0 ? "None." : check.reference.map(code).join(", "),
		check.aliases.length === 0 ? "" : `Earlier ids: ${check.aliases.map(code).join(", ")}.`,
	);
}

/** docs/checks/README.md: every check with its title and severity. */
export function checkIndex(checks: readonly CheckMetadata[]): string {
	return page(
		"# Checks",
		generated,
		`${checks.length} checks. The same list with all metadata: ${code("mailward checks --json")}.`,
		table(
			["check", "severity", "looks at", "asserts"],
			checks.map((check) => [`[${code(check.id)}](${check.id}.md)`, check.severity, placesOf(check).join(", "), plain(check.title)]),
		),
	);
}

function controlsOf(check: CheckMetadata, controls: ReadonlyMap<string, Control>): string {
	return table(
		["control", "requirement", "mark", "citations"],
		check.controls.map((id) => {
			const control = controls.get(id);
			if (control === undefined) throw new Error(`${check.id}: no framework has the control ${id}`);
			return [code(id), plain(control.title), markOf(control.implementation, control.status), control.citations.map(plain).join("; ")];
		}),
	);
}

/** What the rule says of a specification: 45 CFR 164.306(d). */
export function markOf(implementation: string, status: string): string {
	const mark = implementation === "none" ? "standard" : implementation;
	return status === "in-force" ? mark : `${mark} (${status})`;
}

function evidenceOf(kind: string, isSubject: boolean): string {
	const maker = derivations.find((derivation) => derivation.produces.includes(kind));
	const subject = isSubject ? ", the subject that results are about" : "";
	if (maker === undefined) return `${code(kind)}${subject}`;
	const optional = maker.uses === undefined || maker.uses.length === 0 ? "" : ` and, where given, ${maker.uses.map(code).join(", ")}`;
	return `${code(kind)}${subject}: derived by ${code(`checks/derive/${maker.id}`)} from ${maker.needs.map(code).join(", ")}${optional}`;
}

function parametersOf(check: CheckMetadata): string {
	const declared = Object.entries(check.parameters);
	if (declared.length === 0) return "None.";
	return page(
		table(
			["name", "default", "stricter", "meaning"],
			declared.map(([name, one]) => [code(name), code(JSON.stringify(one.default)), "kind" in one ? "declared scope" : one.stricter, plain(one.description)]),
		),
		`Set under ${code(`parameters.${check.id}`)} in ${code("mailward.yaml")}. A looser value than the default is shown in the report and not applied.`,
	).trimEnd();
}

function expectation({ expect }: CheckCase): string {
	const severity = expect.severity === undefined ? "" : `, severity ${expect.severity}`;
	return `${code(expect.status)}${expect.reason === undefined ? "" : ` ([${code(expect.reason)}](../reason-codes.md))`}${severity}`;
}
