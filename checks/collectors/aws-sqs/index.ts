import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const sqs = awsApi({ id: "sqs", client: "SQSClient", load: () => import("@aws-sdk/client-sqs") });

const isTrue = (text: string | undefined) => (text === undefined ? undefined : text === "true");
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

const queues = table({
	// With MaxResults set SQS pages; without, it stops at a thousand in silence.
	list: listOf(sqs("ListQueues", { pages: "NextToken" }), { MaxResults: 1000 }, (page) => page.QueueUrls),
	id: (url) => url,
	details: {
		attributes: {
			operation: sqs("GetQueueAttributes", { expects: ["Attributes"] }),
			input: (url) => ({ QueueUrl: url, AttributeNames: ["All" as const] }),
		},
	},
	kinds: {
		aws_sqs_queue: {
			of: ["attributes"],
			map: (url, { attributes }) => {
				const of = attributes?.[0]?.Attributes ?? {};
				return {
					id: of.QueueArn ?? url,
					values: {
						arn: of.QueueArn,
						id: url,
						url,
						name: url.split("/").at(-1),
						fifo_queue: isTrue(of.FifoQueue),
						kms_master_key_id: of.KmsMasterKeyId,
						kms_data_key_reuse_period_seconds: number(of.KmsDataKeyReusePeriodSeconds),
						message_retention_seconds: number(of.MessageRetentionPeriod),
						policy: of.Policy,
						redrive_policy: of.RedrivePolicy,
						redrive_allow_policy: of.RedriveAllowPolicy,
						sqs_managed_sse_enabled: isTrue(of.SqsManagedSseEnabled),
					},
				};
			},
		},
	},
});

/** Queues with their policies, keys and dead-letter queues; messages are never received. */
export default awsCollector({
	id: "aws-sqs",
	tables: [queues],
	shownBy: { aws_sqs_queue_policy: "aws_sqs_queue", aws_sqs_queue_redrive_policy: "aws_sqs_queue" },
});
