import type { Evidence } from "../../../model/evidence.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { watcher } from "../watcher.ts";

/** derived.access_analyzer, one per account and Region: whether an analyzer of access from outside is active. */
const derivation: Derivation = {
	id: "access-analyzer",
	target: "plan",
	needs: ["aws_accessanalyzer_analyzer"],
	produces: ["derived.access_analyzer"],
	derive: (view) => [watcher(view, "derived.access_analyzer", "aws_accessanalyzer_analyzer", findsAccess)],
};

export default derivation;

/** Analyzers of unused access find no door that is open to others. A plan makes active ones. */
function findsAccess(item: Evidence): boolean | "unknown" {
	if (isUnknown(item, "type")) return "unknown";
	const active = textAt(item, "status") ?? "ACTIVE";
	return ["ACCOUNT", "ORGANIZATION"].includes(textAt(item, "type") ?? "ACCOUNT") && active === "ACTIVE";
}
