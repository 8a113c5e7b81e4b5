import type { Command } from "commander";
import { nearestKey } from "../../model/source.ts";
import { findCheck, findControl, listChecks, listControls, placesOf } from "../../pipeline/catalogue.ts";
import { explainLaw, lawTopics, topicsOn } from "../../pipeline/law.ts";
import { explainVendor, vendorNames } from "../../pipeline/vendors.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";

export function registerExplain(program: Command, _invocation: Invocation): void {
	program
		.command("explain <id>")
		.description("a check, a control, vendor:<name> or law:<topic> in plain words: rule, citation, evidence, fix")
		.addHelpText(
			"after",
			"\nExamples:\n  $ mailward explain sending.tls_required\n  $ mailward explain SES-04\n  $ mailward explain TEC-09\n  $ mailward explain vendor:mailchimp\n  $ mailward explain law:encryption",
		)
		.action((id: string) => {
			process.stdout.write(explain(id));
		});
}

function explain(id: string): string {
	if (id.startsWith("vendor:")) {
		const name = id.slice("vendor:".length);
		const text = explainVendor(name);
		if (text !== undefined) return text;
		const near = nearestKey(name, vendorNames());
		throw new UsageError(`no vendor ${name}${near === undefined ? "" : `; did you mean vendor:${near}?`}`);
	}
	if (id === "law" || id.startsWith("law:")) return lawText(id.slice("law:".length));
	const check = findCheck(id);
	if (check !== undefined) {
		const lines = [
			`${check.id}: ${check.title}`,
			"",
			check.description,
			"",
			`Severity:  ${check.severity}`,
			`Looks at:  ${placesOf(check).join(", ")} (${check.evidence.join(", ")})`,
			`Expects:   ${check.expected}`,
			`Controls:  ${check.controls.map((control) => `${control} ${findControl(control)?.title ?? ""}`).join("\n           ")}`,
			`Cites:     ${[...new Set([...check.controls.flatMap((control) => findControl(control)?.citations ?? []), ...check.citations])].join("; ")}`,
			`Reference: ${check.reference.join(", ")}`,
		];
		for (const [name, parameter] of Object.entries(check.parameters))
			lines.push(`Parameter: ${name} (default ${JSON.stringify(parameter.default)}): ${parameter.description}`);
		return `${[...lines, "", "Fix:", ...check.remediation.split("\n").map((line) => `  ${line}`)].join("\n")}\n`;
	}
	const control = findControl(id.toUpperCase());
	if (control !== undefined) {
		const listed = listControls("nprm-2025").find((one) => one.id === control.id);
		const proofs = Object.entries(listed?.provenBy ?? {}).map(([source, ids]) => `  ${source}: ${ids.length === 0 ? "no check yet" : ids.join(", ")}`);
		const status = control.status === "proposed" ? "proposed, not law" : control.status;
		const spec =
			control.implementation === "none"
				? "no required or addressable mark"
				: control.implementation === "addressable"
					? "addressable (not optional: implement it, or document an equivalent alternative, 45 CFR 164.306(d)(3))"
					: "required";
		return `${[`${control.id}: ${control.title}`, "", `Cites:    ${control.citations.join("; ")}`, `Rule:     ${status}`, `Mark:     ${spec}`, `Severity: ${control.severity}`, "", `What an auditor accepts: ${control.evidence.trim()}`, "", "Proven by:", ...proofs, ...seeAlso(control.id)].join("\n")}\n`;
	}
	const known = [...listChecks().map((one) => one.id), ...listControls("nprm-2025").map((one) => one.id)];
	const near = nearestKey(id, known);
	throw new UsageError(`nothing is called ${id}${near === undefined ? "; see mailward checks and mailward controls" : `; did you mean ${near}?`}`);
}

/** A topic, or the list of them. */
function lawText(topic: string): string {
	const text = explainLaw(topic);
	if (text !== undefined) return text;
	const { topics } = lawTopics();
	if (topic === "") return topics.map(({ id, statement }) => `law:${id}  ${statement}\n`).join("");
	const near = nearestKey(
		topic,
		topics.map(({ id }) => id),
	);
	throw new UsageError(`no topic of law ${topic}${near === undefined ? "; mailward explain law lists them" : `; did you mean law:${near}?`}`);
}

function seeAlso(control: string): string[] {
	const topics = topicsOn(control);
	return topics.length === 0 ? [] : ["", "Often misunderstood:", ...topics.map(({ id, statement }) => `  law:${id}  ${statement}`)];
}
