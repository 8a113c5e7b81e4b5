import type { Evidence } from "../../../model/evidence.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

/** One way by which what a resource gets goes on to another. */
export interface LinkRule {
	/** The kind of the item that holds both ends. */
	readonly kind: string;
	/** Where it comes from: "ses" (it begins here), "self" (the item itself), or the attribute that names the resource. */
	readonly from: "ses" | "self" | { readonly path: string; readonly kind: string; readonly fallback?: string };
	/** Attributes that name where it goes, with a kind where a bare name may stand there; "self" for the item itself. */
	readonly to: readonly ("self" | { readonly path: string; readonly kind?: string; readonly read?: (text: string) => readonly string[] })[];
	/** What begins here: messages, or the events that tell of them. */
	readonly label?: "mail" | "mail_events";
	/** False: this item passes nothing on; "unknown": only apply will tell. */
	readonly when?: (item: Evidence) => boolean | "unknown";
}

/** The bus of every account: SES publishes to it, and rules that name no bus listen to it. */
export const defaultBus = "event-bus/default";

const destination = "event_destination.";
const s3Destinations = [
	"extended_s3_configuration.bucket_arn",
	"extended_s3_configuration.s3_backup_configuration.bucket_arn",
	...["elasticsearch", "http_endpoint", "iceberg", "opensearch", "opensearchserverless", "redshift", "snowflake", "splunk"].map(
		(name) => `${name}_configuration.s3_configuration.bucket_arn`,
	),
];

export const linkRules: readonly LinkRule[] = [
	{
		kind: "aws_sesv2_configuration_set_event_destination",
		from: "ses",
		label: "mail_events",
		to: [
			{ path: `${destination}sns_destination.topic_arn` },
			{ path: `${destination}kinesis_firehose_destination.delivery_stream_arn` },
			{ path: `${destination}event_bridge_destination.event_bus_arn`, read: busName },
		],
	},
	{
		kind: "aws_ses_event_destination",
		from: "ses",
		label: "mail_events",
		to: [{ path: "sns_destination.topic_arn" }, { path: "kinesis_destination.stream_arn" }],
	},
	{ kind: "aws_ses_identity_notification_topic", from: "ses", label: "mail_events", to: [{ path: "topic_arn" }] },
	{
		kind: "aws_ses_receipt_rule",
		from: "ses",
		label: "mail",
		to: [
			{ path: "s3_action.*.bucket_name", kind: "aws_s3_bucket" },
			{ path: "lambda_action.*.function_arn" },
			...["s3", "lambda", "sns", "bounce", "stop", "workmail"].map((action) => ({ path: `${action}_action.*.topic_arn` })),
		],
	},
	{
		kind: "aws_sns_topic_subscription",
		from: { path: "topic_arn", kind: "aws_sns_topic" },
		to: ["self", { path: "endpoint" }, { path: "redrive_policy", read: deadLetterArn }],
	},
	{ kind: "aws_kinesis_firehose_delivery_stream", from: { path: "kinesis_source_configuration.kinesis_stream_arn", kind: "aws_kinesis_stream" }, to: ["self"] },
	{ kind: "aws_kinesis_firehose_delivery_stream", from: "self", to: s3Destinations.map((path) => ({ path })) },
	{ kind: "aws_sqs_queue", from: "self", to: [{ path: "redrive_policy", read: deadLetterArn }] },
	{ kind: "aws_sqs_queue_redrive_policy", from: { path: "queue_url", kind: "aws_sqs_queue" }, to: [{ path: "redrive_policy", read: deadLetterArn }] },
	{
		kind: "aws_cloudwatch_event_rule",
		from: { path: "event_bus_name", kind: "aws_cloudwatch_event_bus", fallback: defaultBus },
		to: ["self"],
		when: listensToSes,
	},
	{
		kind: "aws_cloudwatch_event_target",
		from: { path: "rule", kind: "aws_cloudwatch_event_rule" },
		to: [{ path: "arn" }, { path: "dead_letter_config.arn" }],
	},
	{
		kind: "aws_lambda_event_source_mapping",
		from: { path: "event_source_arn", kind: "aws_sqs_queue" },
		to: [{ path: "function_name", kind: "aws_lambda_function" }, { path: "destination_config.on_failure.destination_arn" }],
		when: (item) => (isUnknown(item, "enabled") ? "unknown" : (item.values as { enabled?: unknown } | undefined)?.enabled !== false),
	},
	{ kind: "aws_lambda_function", from: "self", to: [{ path: "dead_letter_config.target_arn" }] },
	{
		kind: "aws_lambda_function_event_invoke_config",
		from: { path: "function_name", kind: "aws_lambda_function" },
		to: [{ path: "destination_config.on_failure.destination" }, { path: "destination_config.on_success.destination" }],
	},
	{
		kind: "aws_s3_bucket_notification",
		from: { path: "bucket", kind: "aws_s3_bucket" },
		to: [{ path: "lambda_function.*.lambda_function_arn" }, { path: "queue.*.queue_arn" }, { path: "topic.*.topic_arn" }],
	},
	{ kind: "aws_s3_bucket_replication_configuration", from: { path: "bucket", kind: "aws_s3_bucket" }, to: [{ path: "rule.*.destination.bucket" }] },
	{ kind: "aws_s3_bucket", from: "self", to: [{ path: "replication_configuration.rules.*.destination.bucket" }] },
];

/** What can carry mail or what tells of it: each such resource gets its item. */
export const carrierKinds: readonly string[] = [
	"aws_cloudwatch_event_bus",
	"aws_cloudwatch_event_rule",
	"aws_kinesis_firehose_delivery_stream",
	"aws_kinesis_stream",
	"aws_lambda_function",
	"aws_s3_bucket",
	"aws_sns_topic",
	"aws_sns_topic_subscription",
	"aws_sqs_queue",
];

/** The bus in an ARN or a bare name. */
export function busName(text: string): readonly string[] {
	return text === "default" || /:event-bus\/default$/.test(text) ? [defaultBus] : [text];
}

/** deadLetterTargetArn of a redrive policy. Text that is no JSON names nothing. */
function deadLetterArn(text: string): readonly string[] {
	try {
		const arn = (JSON.parse(text) as { deadLetterTargetArn?: unknown } | null)?.deadLetterTargetArn;
		return typeof arn === "string" ? [arn] : [];
	} catch (error) {
		if (error instanceof SyntaxError) return [];
		throw error;
	}
}

/** Whether an event pattern may match the events of SES: it names aws.ses among the sources, matches sources by a rule, or asks for none. */
function listensToSes(item: Evidence): boolean | "unknown" {
	const text = textAt(item, "event_pattern");
	if (text === undefined) return isUnknown(item, "event_pattern") ? "unknown" : false;
	let pattern: unknown;
	try {
		pattern = JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return "unknown";
		throw error;
	}
	const source = pattern !== null && typeof pattern === "object" ? (pattern as { source?: unknown }).source : undefined;
	if (!Array.isArray(source)) return true;
	return source.some((one) => one === "aws.ses" || typeof one !== "string");
}
