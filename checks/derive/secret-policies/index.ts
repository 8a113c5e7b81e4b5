import type { Derivation } from "../derivation.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.secret_policy",
	subjects: [{ kind: "aws_secretsmanager_secret", policy: "policy" }],
	attachments: [attachment("aws_secretsmanager_secret_policy", "secret_arn")],
};

/** derived.secret_policy, one per secret: whom its resource policy admits. */
const derivation: Derivation = {
	id: "secret-policies",
	target: "plan",
	needs: ["aws_secretsmanager_secret", "aws_secretsmanager_secret_policy"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;
