import type { ResultDocument } from "../../model/result.ts";
import { familyRisk } from "../internal/families.ts";
import type { Finding } from "../internal/findings.ts";
import { count } from "../internal/text.ts";
import { uuidOf } from "../internal/uuid.ts";
import { observationId, riskId, toolId } from "./subject.ts";
import { line, prop } from "./values.ts";

const severityFacet = { critical: "critical", high: "high", medium: "moderate", low: "low", info: "info" } as const;

/** A failing finding as a risk: open, or deviation-approved where a live waiver covers every one of its results. */
export function riskOf(document: ResultDocument, finding: Finding, withObservations: boolean): object {
	const { run } = document;
	const first = finding.results[0];
	const waivers = [...new Set(finding.results.map((item) => item.waiver).filter((one) => one !== null))];
	const origin = { actors: [{ type: "tool", "actor-uuid": toolId }] };
	const fix = line(first?.remediation ?? "", "");
	return {
		uuid: riskId(finding),
		title: line(finding.title, finding.check),
		description: line(finding.cause, finding.check),
		statement: line(`${finding.family === null ? "" : familyRisk(finding.family)} ${count(finding.results.length, "resource")} affected.`, finding.check),
		props: [...prop("finding-id", finding.id), ...prop("check-id", finding.check), ...waivers.flatMap((id) => prop("waiver", id))],
		status: finding.state === "exception" ? "deviation-approved" : "open",
		characterizations: [{ origin, facets: [{ name: "severity", system: "urn:mailward:severity", value: severityFacet[finding.severity] }] }],
		...(waivers.length === 0
			? {}
			: {
					"risk-log": {
						entries: waivers.map((id) => ({
							uuid: uuidOf("risk-log", `${finding.id}:${id}`),
							title: line(`Waiver ${id}`, "Waiver"),
							start: run.asOf,
							"status-change": finding.state === "exception" ? "deviation-approved" : "open",
						})),
					},
				}),
		...(fix === ""
			? {}
			: {
					remediations: [{ uuid: uuidOf("response", finding.id), lifecycle: "recommendation", title: line(finding.title, finding.check), description: fix }],
				}),
		...(withObservations ? { "related-observations": finding.results.map((item) => ({ "observation-uuid": observationId(item) })) } : {}),
	};
}
