import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";

const findingKind = "aws.guardduty_finding";

/** derived.detector_findings, one per account and Region that has a detector: high findings that are open, the oldest first, at most twenty of them. */
const derivation: Derivation = {
	id: "detector-findings",
	target: "account",
	needs: ["aws_guardduty_detector", findingKind],
	produces: ["derived.detector_findings"],
	derive: (view) => {
		const detectors = view.items("aws_guardduty_detector");
		if (detectors.length === 0) return [];
		const own = { kind: "derived.detector_findings", id: view.target };
		const findings = view.items(findingKind);
		const error = [...detectors, ...findings].find((item) => item.error !== undefined)?.error;
		const basis = [...detectors, ...findings];
		if (error !== undefined) return [{ ...own, error, basis }];
		const open = findings
			.map((item) => ({
				finding: item.id,
				type: textAt(item, "type") ?? "",
				severity: valueAt(item.values, "severity"),
				// One without a date counts as the oldest there is.
				openDays: daysSince(textAt(item, "created_at"), view.asOf) ?? null,
			}))
			.sort((a, b) => (b.openDays ?? Number.POSITIVE_INFINITY) - (a.openDays ?? Number.POSITIVE_INFINITY));
		const undated = open.some(({ openDays }) => openDays === null);
		const item: DerivedItem = {
			...own,
			values: { count: open.length, oldest: open.slice(0, 20), oldestDays: undated ? null : (open[0]?.openDays ?? 0) },
			basis,
		};
		return [undated ? { ...item, gaps: { oldestDays: { code: "malformed", detail: "guardduty:GetFindings" } } } : item];
	},
};

export default derivation;

function daysSince(text: string | undefined, asOf: Date): number | undefined {
	const at = text === undefined ? Number.NaN : Date.parse(text);
	return Number.isNaN(at) ? undefined : Math.floor((asOf.getTime() - at) / 86_400_000);
}
