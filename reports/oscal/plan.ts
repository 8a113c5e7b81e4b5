import type { ResultDocument } from "../../model/result.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { uuidOf } from "../internal/uuid.ts";
import { metadata, withId } from "./frame.ts";
import { catalogResourceId, itemId, noPlanResourceId, platformId, toolId } from "./subject.ts";
import { line, prop, some, token } from "./values.ts";

/** What was assessed and with what. There is no system security plan: the import points at a resource that says so. */
export function assessmentPlan(document: ResultDocument, model: ReportModel): object {
	const targets = [...new Set(document.scope.targets.map((target) => target.id))];
	return withId("assessment-plan", {
		metadata: metadata(document, "Assessment plan"),
		"import-ssp": { href: `#${noPlanResourceId}` },
		"reviewed-controls": reviewedControls(model),
		"assessment-subjects": [
			{
				type: "inventory-item",
				description: "The targets given to the scan and those found on the way.",
				...(targets.length === 0
					? { "include-all": {} }
					: { "include-subjects": targets.map((id) => ({ "subject-uuid": itemId(id), type: "inventory-item" })) }),
			},
		],
		"assessment-assets": assessmentAssets(document),
		tasks: [
			{
				uuid: uuidOf("task", "scan"),
				type: "action",
				title: "Collect evidence and judge it",
				description: "Evidence is collected read-only, stored with its hash and judged by the policies named in the properties.",
			},
		],
		"back-matter": { resources: [noPlan, catalogResource] },
	});
}

export const noPlan = {
	uuid: noPlanResourceId,
	title: "No system security plan",
	description: "The assessed entity gave no system security plan in OSCAL; the scope is the list of targets.",
};

export const catalogResource = {
	uuid: catalogResourceId,
	title: "Requirements of the profile",
	rlinks: [{ href: "catalog.json", "media-type": "application/json" }],
};

/** Controls whose every result is not applicable are excluded, with the reason. */
export function reviewedControls(model: ReportModel): object {
	const included: object[] = [];
	const excluded: object[] = [];
	const reasons: string[] = [];
	for (const { controls } of model.families) {
		for (const { control, results } of controls) {
			if (control.state !== "not_applicable") included.push({ "control-id": token(control.id) });
			else {
				excluded.push({ "control-id": token(control.id) });
				reasons.push(`${control.id}: ${line(results[0]?.message ?? "", "not applicable")}`);
			}
		}
	}
	return {
		"control-selections": [
			{
				...(included.length === 0 ? { "include-all": {} } : { "include-controls": included }),
				...some("exclude-controls", included.length === 0 ? [] : excluded),
				...(reasons.length === 0 ? {} : { remarks: `Not applicable: ${reasons.join("; ")}` }),
			},
		],
	};
}

export function assessmentAssets(document: ResultDocument): object {
	const { tool } = document.run;
	return {
		components: [
			{
				uuid: toolId,
				type: "software",
				title: tool.name,
				description: "Infrastructure-as-code compliance toolkit and audit scanner for HIPAA e-mail.",
				props: [...prop("version", tool.version)],
				status: { state: "operational" },
			},
		],
		"assessment-platforms": [{ uuid: platformId, title: "The machine that ran the scan", "uses-components": [{ "component-uuid": toolId }] }],
	};
}
