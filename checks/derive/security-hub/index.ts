import type { Derivation } from "../derivation.ts";
import { watcher } from "../watcher.ts";

/** derived.security_hub, one per account and Region: whether Security Hub is on. */
const derivation: Derivation = {
	id: "security-hub",
	target: "plan",
	needs: ["aws_securityhub_account"],
	produces: ["derived.security_hub"],
	derive: (view) => [watcher(view, "derived.security_hub", "aws_securityhub_account", () => true)],
};

export default derivation;
