import type { ResultDocument } from "../../model/result.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { metadata, withId } from "./frame.ts";
import { assessmentAssets } from "./plan.ts";
import { decisionsOf, planProps, riskOf } from "./risk.ts";
import { findingsOf, poamItemId, riskId } from "./subject.ts";
import { line, prop } from "./values.ts";

/** One item per open or waived finding. A plan may not be without items: a scan without findings says so in one. */
export function planOfAction(document: ResultDocument, model: ReportModel): object {
	const findings = findingsOf(model);
	const decisions = decisionsOf(document);
	const items = findings.map((finding) => ({
		uuid: poamItemId(finding),
		title: line(finding.title, finding.check),
		description: line(finding.cause, finding.check),
		props: [
			...prop("finding-id", finding.id),
			...prop("severity", finding.severity),
			...prop("status", finding.state),
			...decisions.planFor(finding).flatMap(planProps),
		],
		"related-risks": [{ "risk-uuid": riskId(finding) }],
	}));
	return withId("plan-of-action-and-milestones", {
		metadata: metadata(document, "Plan of action and milestones"),
		"system-id": { "identifier-type": "urn:mailward:system", id: line(document.entity.legalName, "Unnamed entity") },
		"local-definitions": { "assessment-assets": assessmentAssets(document) },
		...(findings.length === 0 ? {} : { risks: findings.map((finding) => riskOf(document, finding, decisions, false)) }),
		"poam-items": items.length === 0 ? [nothingOpen] : items,
	});
}

const nothingOpen = { title: "No finding is open", description: "The scan shows no failure; see the assessment results for what was not assessed." };
