import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const sns = awsApi({ id: "sns", client: "SNSClient", load: () => import("@aws-sdk/client-sns") });

const isTrue = (text: string | undefined) => (text === undefined ? undefined : text === "true");

const topics = table({
	list: listOf(sns("ListTopics", { pages: "NextToken" }), {}, (page) => page.Topics),
	id: (one) => one.TopicArn ?? "",
	details: {
		attributes: { operation: sns("GetTopicAttributes", { expects: ["Attributes"] }), input: (one) => ({ TopicArn: one.TopicArn }) },
	},
	kinds: {
		aws_sns_topic: {
			of: ["attributes"],
			map: ({ TopicArn: arn = "" }, { attributes }) => {
				const of = attributes?.[0]?.Attributes ?? {};
				return {
					id: arn,
					values: {
						arn,
						id: arn,
						name: arn.split(":").at(-1),
						policy: of.Policy,
						kms_master_key_id: of.KmsMasterKeyId,
						fifo_topic: isTrue(of.FifoTopic),
						signature_version: of.SignatureVersion === undefined ? undefined : Number(of.SignatureVersion),
						application_failure_feedback_role_arn: of.ApplicationFailureFeedbackRoleArn,
						firehose_failure_feedback_role_arn: of.FirehoseFailureFeedbackRoleArn,
						http_failure_feedback_role_arn: of.HTTPFailureFeedbackRoleArn,
						lambda_failure_feedback_role_arn: of.LambdaFailureFeedbackRoleArn,
						sqs_failure_feedback_role_arn: of.SQSFailureFeedbackRoleArn,
					},
				};
			},
		},
	},
});

const subscriptions = table({
	list: listOf(sns("ListSubscriptions", { pages: "NextToken" }), {}, (page) => page.Subscriptions),
	id: (one) => (isConfirmed(one.SubscriptionArn) ? one.SubscriptionArn : one.TopicArn) ?? "",
	details: {
		attributes: {
			operation: sns("GetSubscriptionAttributes", { expects: ["Attributes"] }),
			input: (one) => (isConfirmed(one.SubscriptionArn) ? { SubscriptionArn: one.SubscriptionArn } : undefined),
		},
	},
	kinds: {
		aws_sns_topic_subscription: {
			of: ["attributes"],
			map: (one, { attributes }) => {
				const of = attributes?.[0]?.Attributes ?? {};
				const confirmed = isConfirmed(one.SubscriptionArn);
				const id = confirmed ? (one.SubscriptionArn ?? "") : `${one.TopicArn}|${one.Protocol}|pending`;
				return {
					id,
					values: {
						arn: confirmed ? one.SubscriptionArn : undefined,
						id,
						topic_arn: one.TopicArn,
						protocol: one.Protocol,
						endpoint: endpointOf(one.Protocol, one.Endpoint),
						pending_confirmation: !confirmed || of.PendingConfirmation === "true",
						filter_policy: of.FilterPolicy,
						filter_policy_scope: of.FilterPolicyScope,
						raw_message_delivery: isTrue(of.RawMessageDelivery),
						redrive_policy: of.RedrivePolicy,
						subscription_role_arn: of.SubscriptionRoleArn,
					},
				};
			},
		},
	},
});

function isConfirmed(arn: string | undefined): boolean {
	return arn?.startsWith("arn:") === true;
}

/** An address or number of a person is no fact that a check needs: the protocol says that there is one. */
function endpointOf(protocol: string | undefined, endpoint: string | undefined): string | undefined {
	if (protocol === "email" || protocol === "email-json") return endpoint?.replace(/^.*@/, "(address)@");
	return protocol === "sms" ? "(number)" : endpoint;
}

/** Topics with their policies and keys, and who gets their messages. */
export default awsCollector({ id: "aws-sns", tables: [topics, subscriptions], shownBy: { aws_sns_topic_policy: "aws_sns_topic" } });
