import { CloudWatchClient, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, PutAccountPolicyCommand, PutMetricFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutBucketReplicationCommand, type S3Client } from "@aws-sdk/client-s3";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { account, region } from "./seed-policies.ts";

export interface Watched {
	bucket: string;
	topicArn: string;
	s3: S3Client;
}

/** What the trail's log is searched for, as the benchmarks of the Center for Internet Security write it down. */
const patterns: Readonly<Record<string, string>> = {
	"root-used": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
	"sign-in-failed": '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
	"key-lost": anyOf("kms", ["DisableKey", "ScheduleKeyDeletion"]),
	"trail-changed": anyOf("cloudtrail", ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]),
	"recorder-changed": anyOf("config", ["StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"]),
	"bucket-policy-changed": anyOf("s3", ["PutBucketPolicy", "DeleteBucketPolicy"]),
	"ses-changed": anyOf("ses", [
		"PutEmailIdentityDkimAttributes",
		"PutEmailIdentityDkimSigningAttributes",
		"PutEmailIdentityMailFromAttributes",
		"PutEmailIdentityConfigurationSetAttributes",
		"PutConfigurationSetDeliveryOptions",
		"UpdateConfigurationSetEventDestination",
		"DeleteConfigurationSetEventDestination",
	]),
};

function anyOf(service: string, names: readonly string[]): string {
	return `{ ($.eventSource = "${service}.amazonaws.com") && (${names.map((name) => `($.eventName = "${name}")`).join(" || ")}) }`;
}

/** Alarms on what must not go unheard, somebody who hears them, masking in all log groups, and a copy of the mail in another account. */
export async function seedWatched({ bucket, topicArn, s3 }: Watched): Promise<void> {
	const logs = new CloudWatchLogsClient({ region });
	const cloudwatch = new CloudWatchClient({ region });
	const alarm = (AlarmName: string, more: Partial<PutMetricAlarmCommandInput>) =>
		cloudwatch.send(
			new PutMetricAlarmCommand({
				AlarmName,
				MetricName: AlarmName,
				Statistic: "Sum",
				Period: 300,
				EvaluationPeriods: 1,
				Threshold: 1,
				ComparisonOperator: "GreaterThanOrEqualToThreshold",
				ActionsEnabled: true,
				AlarmActions: [topicArn],
				...more,
			}),
		);
	for (const [filterName, filterPattern] of Object.entries(patterns)) {
		const metricTransformations = [{ metricName: filterName, metricNamespace: "Trail", metricValue: "1" }];
		await logs.send(new PutMetricFilterCommand({ logGroupName: "/mail/trail", filterName, filterPattern, metricTransformations }));
		await alarm(filterName, { Namespace: "Trail" });
	}
	await alarm("complaint-rate", { Namespace: "AWS/SES", MetricName: "Reputation.ComplaintRate", Statistic: "Average", Threshold: 0.0005 });
	await alarm("sent-in-a-day", { Namespace: "AWS/SES", MetricName: "Send", Period: 86_400, Threshold: 40_000 });
	await alarm("events-not-delivered", {
		Namespace: "AWS/Firehose",
		MetricName: "DeliveryToS3.Success",
		Statistic: "Average",
		Dimensions: [{ Name: "DeliveryStreamName", Value: "mail-events" }],
		ComparisonOperator: "LessThanThreshold",
	});
	// A function's subscription needs no confirmation.
	const Endpoint = `arn:aws:lambda:${region}:${account}:function:on-bounce`;
	await new SNSClient({ region }).send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "lambda", Endpoint }));

	const DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"];
	const policyDocument = JSON.stringify({
		Name: "mask",
		Version: "2021-06-01",
		Statement: [
			{ Sid: "audit", DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
			{ Sid: "mask", DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
		],
	});
	await logs.send(new PutAccountPolicyCommand({ policyName: "mask", policyType: "DATA_PROTECTION_POLICY", scope: "ALL", policyDocument }));

	const destination = { Bucket: "arn:aws:s3:::example-mail-copy", Account: "210987654321", AccessControlTranslation: { Owner: "Destination" as const } };
	await s3.send(
		new PutBucketReplicationCommand({
			Bucket: bucket,
			ReplicationConfiguration: {
				Role: `arn:aws:iam::${account}:role/replication`,
				Rules: [
					{ ID: "copy", Status: "Enabled", Priority: 1, Filter: { Prefix: "" }, DeleteMarkerReplication: { Status: "Disabled" }, Destination: destination },
				],
			},
		}),
	);
}
