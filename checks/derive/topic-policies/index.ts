import { clearText } from "../clear-text.ts";
import type { Derivation } from "../derivation.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.topic_policy",
	subjects: [{ kind: "aws_sns_topic", policy: "policy" }],
	attachments: [attachment("aws_sns_topic_policy", "arn")],
	facts: (subject) =>
		clearText(subject, {
			kind: "aws_sns_topic",
			link: "arn",
			actions: ["sns:Publish"],
			below: [""],
			arnOf: (arn) => arn,
			arnAttributes: ["arn", "id"],
			nameAttributes: [],
		}),
};

/** derived.topic_policy, one per topic: whom its policy admits, and whether it refuses messages in clear text. */
const derivation: Derivation = {
	id: "topic-policies",
	target: "plan",
	needs: ["aws_sns_topic", "aws_sns_topic_policy"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;
