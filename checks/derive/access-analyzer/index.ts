import type { Evidence } from "../../../model/evidence.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { watcher } from "../watcher.ts";

const analyzerKind = "aws_accessanalyzer_analyzer";
const statusKind = "aws.accessanalyzer_analyzer";

/** derived.access_analyzer, one per account and Region: whether an analyzer of access from outside is active. */
const derivation: Derivation = {
	id: "access-analyzer",
	target: "plan",
	needs: [analyzerKind],
	uses: [statusKind],
	produces: ["derived.access_analyzer"],
	derive: (view) => {
		const told = watcher(view, "derived.access_analyzer", analyzerKind, (item) => findsAccess(item, view));
		return [{ ...told, basis: [...told.basis, ...view.items(statusKind).filter((item) => item.status === "ok")] }];
	},
};

export default derivation;

/** Analyzers of unused access find no door that is open to others. A plan makes active ones; an account says of each what it is. */
function findsAccess(item: Evidence, view: DerivationView): boolean | "unknown" {
	if (isUnknown(item, "type")) return "unknown";
	if (!["ACCOUNT", "ORGANIZATION"].includes(textAt(item, "type") ?? "ACCOUNT")) return false;
	const told = view.item(statusKind, `${item.id}|status`);
	const status = told && textAt(told, "status");
	if (status === undefined) return isAccount(view.target) ? "unknown" : true;
	return status === "ACTIVE";
}
