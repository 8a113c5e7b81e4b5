import { clearText } from "../clear-text.ts";
import type { Derivation } from "../derivation.ts";
import { attachment, type ResourcePolicySpec, resourcePolicies } from "../resource-policies.ts";

const spec: ResourcePolicySpec = {
	produces: "derived.queue_policy",
	subjects: [{ kind: "aws_sqs_queue", policy: "policy" }],
	attachments: [attachment("aws_sqs_queue_policy", "queue_url")],
	facts: (subject) =>
		clearText(subject, {
			kind: "aws_sqs_queue",
			link: "queue_url",
			actions: ["sqs:SendMessage", "sqs:ReceiveMessage"],
			below: [""],
			// https://sqs.us-east-1.amazonaws.com/111122223333/name
			arnOf: (url) => url.replace(/^https:\/\/sqs\.([^.]+)\.[^/]+\/([^/]+)\/(.+)$/, "arn:aws:sqs:$1:$2:$3"),
			arnAttributes: ["arn"],
			nameAttributes: [],
		}),
};

/** derived.queue_policy, one per queue: whom its policy admits, and whether it refuses clear text. */
const derivation: Derivation = {
	id: "queue-policies",
	target: "plan",
	needs: ["aws_sqs_queue", "aws_sqs_queue_policy"],
	produces: [spec.produces],
	derive: (view) => resourcePolicies(view, spec),
};

export default derivation;
