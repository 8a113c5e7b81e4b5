import type { Derivation } from "../derivation.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.log_policy",
	subjects: [],
	attachments: [attachment("aws_cloudwatch_log_resource_policy", undefined, "policy_document")],
};

/** derived.log_policy, one per resource policy of CloudWatch Logs, which stands for the account and names log groups itself. */
const derivation: Derivation = {
	id: "log-policies",
	target: "plan",
	needs: ["aws_cloudwatch_log_resource_policy"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;
