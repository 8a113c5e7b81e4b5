import { buildModel } from "../internal/report-model.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";
import { catalog } from "./catalog.ts";
import { textOf } from "./frame.ts";
import { assessmentPlan } from "./plan.ts";
import { planOfAction } from "./poam.ts";
import { assessmentResults } from "./results.ts";

/** OSCAL 1.2 in oscal/: catalog, assessment plan, assessment results, plan of action and milestones, linked to each other. */
export const writer: ReportWriter = {
	format: "oscal",
	*write(result, theme): Iterable<ReportFile> {
		const model = buildModel(result);
		const { document } = model;
		yield { path: "oscal/catalog.json", chunks: textOf("catalog", catalog(document, model)) };
		yield { path: "oscal/assessment-plan.json", chunks: textOf("assessment-plan", assessmentPlan(document, model)) };
		yield { path: "oscal/assessment-results.json", chunks: textOf("assessment-results", assessmentResults(document, model, theme)) };
		yield { path: "oscal/poam.json", chunks: textOf("plan-of-action-and-milestones", planOfAction(document, model)) };
	},
};
