import type { Framework } from "../../checks/frameworks/frameworks.ts";
import { type ListedControl, listControls } from "../../pipeline/catalogue.ts";
import { markOf } from "./check-page.ts";
import { code, generated, page, plain, table } from "./markdown.ts";

/** docs/controls.md: every requirement with its citation and what proves it. */
export function controlsPage(hipaa: Framework, proposed: Framework): string {
	const inForce = listControls(hipaa.profile);
	const known = new Set(inForce.map((control) => control.id));
	const more = listControls(proposed.profile).filter((control) => !known.has(control.id));
	const byCheck = inForce.filter((control) => Object.values(control.provenBy).some((ids) => ids.length > 0)).length;
	const byPerson = inForce.filter((control) => control.proven).length - byCheck;
	return page(
		"# Controls",
		generated,
		`The requirements that results are mapped to, as of ${hipaa.asOf}. mailward says what it saw; whether that meets the law is for the entity and its counsel to say.`,
		`Profile ${code(hipaa.profile)} has ${inForce.length} controls. In this version ${byCheck} have a check and ${byPerson} more can be attested by a person. "None yet" marks the other ${inForce.length - byCheck - byPerson}: the report shows them as not assessed.`,
		"An _addressable_ specification is not optional: implement it, or document why it is not reasonable and put an equivalent measure in its place (45 CFR 164.306(d)(3)). _Standard_ marks a requirement that carries neither mark.",
		...sections(inForce, 2),
		`## Proposed: profile ${code(proposed.profile)}`,
		`As of ${proposed.asOf}. Proposed rules are no law. With ${code(`--profile ${proposed.profile}`)} they are judged and shown apart; they change no count.`,
		...sections(more, 3),
	);
}

function sections(controls: readonly ListedControl[], level: number): string[] {
	return [...Map.groupBy(controls, (control) => control.family)].flatMap(([family, own]) => [
		`${"#".repeat(level)} ${plain(family)}`,
		table(
			["control", "requirement", "mark", "citations", "proven by"],
			own.map((control) => [
				code(control.id),
				plain(control.title),
				markOf(control.implementation, control.ruleStatus),
				control.citations.map(plain).join("; "),
				proofs(control),
			]),
		),
	]);
}

function proofs(control: ListedControl): string {
	const checks = [...new Set(Object.values(control.provenBy).flat())].sort();
	const ways = checks.map((id) => `[${code(id)}](checks/${id}.md)`);
	if (Object.hasOwn(control.provenBy, "attestation")) ways.push("attestation");
	return ways.length === 0 ? "None yet" : ways.join(", ");
}
