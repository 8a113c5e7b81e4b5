import type { ControlResult, ResultDocument } from "../../model/result.ts";
import { familyLabel } from "../internal/families.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { metadata, withId } from "./frame.ts";
import { line, prop, token } from "./values.ts";

/** The requirements that the other files speak of, so that each target id leads somewhere. */
export function catalog(document: ResultDocument, model: ReportModel): object {
	const groups = model.families.map(({ family, controls }) =>
		group(
			family,
			familyLabel(family),
			controls.map((one) => one.control),
		),
	);
	const appendix = model.appendix.map((one) => one.control);
	if (appendix.length > 0) groups.push(group("not-in-force", "Rules not in force: proposed or withdrawn, part of no total", appendix));
	return withId("catalog", { metadata: metadata(document, "Requirements of the profile"), ...(groups.length === 0 ? {} : { groups }) });
}

function group(id: string, title: string, controls: readonly ControlResult[]): object {
	return {
		id: token(id),
		title: line(title, id),
		controls: controls.map((control) => ({
			id: token(control.id),
			title: line(control.title, control.id),
			props: [
				...control.citations.flatMap((citation) => prop("citation", citation)),
				...prop("implementation", control.implementation),
				...prop("rule-status", control.ruleStatus),
			],
			parts: [{ id: token(`${control.id}_smt`), name: "statement", prose: line(control.title, control.id) }],
		})),
	};
}
