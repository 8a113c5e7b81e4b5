import type { DerivationView } from "./derivation.ts";
import { attachment, type FoundPolicies, findPolicies, type PolicySpec } from "./resource-policies.ts";

/** Where the policies of KMS keys stand. */
export const keyPolicies: PolicySpec = {
	subjects: [
		{ kind: "aws_kms_key", policy: "policy" },
		{ kind: "aws_kms_external_key", policy: "policy" },
		{ kind: "aws_kms_replica_key", policy: "policy" },
	],
	attachments: [attachment("aws_kms_key_policy", "key_id")],
};

/** Every key with its policies, parsed once per target. */
export function policiesOfKeys(view: DerivationView): readonly FoundPolicies[] {
	return view.remember("policies of keys", () => findPolicies(view, keyPolicies));
}
