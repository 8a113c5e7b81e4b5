import type { Derivation } from "../derivation.ts";
import { watcher } from "../watcher.ts";

/** derived.security_contact, one per account and Region: whether the account names an alternate contact for security. */
const derivation: Derivation = {
	id: "security-contact",
	target: "account",
	needs: ["aws.alternate_contact"],
	produces: ["derived.security_contact"],
	derive: (view) => [watcher(view, "derived.security_contact", "aws.alternate_contact", () => true)],
};

export default derivation;
