import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import type { Construct } from "constructs";
import { callsOf, EventAlarm } from "../internal/event-alarm.ts";
import type { LogGroupReference } from "../internal/existing.ts";

/** An event that somebody must hear of. */
export interface WatchedEvent {
	readonly id: string;
	readonly description: string;
	/** CloudWatch Logs filter pattern, at most 1,024 characters. */
	readonly pattern: string;
}

/** CIS AWS Foundations Benchmark section 4, as far as it touches mail, and the changes to SES that undo what the stack set up. */
export const watchedEvents: readonly WatchedEvent[] = [
	{
		id: "root-used",
		description: "The account's root user did something.",
		pattern: '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
	},
	{
		id: "sign-in-failed",
		description: "A sign-in to the console failed: wrong password or wrong MFA code.",
		pattern: '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
	},
	{
		id: "signed-in-without-mfa",
		description: "An IAM user signed in to the console without MFA.",
		pattern:
			'{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
	},
	{
		id: "key-disabled",
		description: "A KMS key was disabled or scheduled for deletion: what it encrypts can no longer be read.",
		pattern: callsOf("kms.amazonaws.com", ["DisableKey", "ScheduleKeyDeletion"]),
	},
	{
		id: "trail-changed",
		description: "A trail was made, changed, stopped or deleted.",
		pattern: callsOf("cloudtrail.amazonaws.com", ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors"]),
	},
	{
		id: "recorder-changed",
		description: "AWS Config's recorder or delivery channel was changed or stopped.",
		pattern: callsOf("config.amazonaws.com", ["StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"]),
	},
	{
		id: "bucket-policy-changed",
		description: "Who may reach a bucket, or how long it keeps what, was changed.",
		pattern: callsOf("s3.amazonaws.com", [
			"PutBucketAcl",
			"PutBucketPolicy",
			"PutBucketCors",
			"PutBucketLifecycle",
			"PutBucketReplication",
			"DeleteBucketPolicy",
			"DeleteBucketCors",
			"DeleteBucketLifecycle",
			"DeleteBucketReplication",
		]),
	},
	{
		id: "identity-changed",
		description: "An SES identity was changed: its DKIM keys, MAIL FROM domain, default configuration set, policies, or the whole.",
		pattern: callsOf("ses.amazonaws.com", [
			"PutEmailIdentityDkimAttributes",
			"PutEmailIdentityDkimSigningAttributes",
			"PutEmailIdentityMailFromAttributes",
			"PutEmailIdentityConfigurationSetAttributes",
			"CreateEmailIdentityPolicy",
			"UpdateEmailIdentityPolicy",
			"CreateEmailIdentity",
			"DeleteEmailIdentity",
		]),
	},
	{
		id: "configuration-set-changed",
		description: "An SES configuration set was changed: whether TLS is required, or which events are recorded.",
		pattern: callsOf("ses.amazonaws.com", [
			"PutConfigurationSetDeliveryOptions",
			"UpdateConfigurationSetEventDestination",
			"DeleteConfigurationSetEventDestination",
			"PutConfigurationSetTrackingOptions",
			"PutConfigurationSetSuppressionOptions",
			"DeleteConfigurationSet",
		]),
	},
];

/** An alarm for each watched event, on the log group of a trail. */
export function watchTrail(scope: Construct, logGroup: LogGroupReference, alarmTopic: SnsTopic): EventAlarm[] {
	return watchedEvents.map(({ id, description, pattern }) => new EventAlarm(scope, id, { logGroup, pattern, description, alarmTopic }));
}
