import { CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import { CreateAliasCommand, CreateKeyCommand, EnableKeyRotationCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
	CreateBucketCommand,
	PutBucketEncryptionCommand,
	PutBucketLifecycleConfigurationCommand,
	PutBucketOwnershipControlsCommand,
	PutBucketPolicyCommand,
	PutBucketVersioningCommand,
	PutObjectLockConfigurationCommand,
	PutPublicAccessBlockCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import {
	CreateConfigurationSetCommand,
	CreateConfigurationSetEventDestinationCommand,
	CreateEmailIdentityCommand,
	CreateEmailIdentityPolicyCommand,
	type EventType,
	PutAccountSuppressionAttributesCommand,
	PutEmailIdentityFeedbackAttributesCommand,
	PutEmailIdentityMailFromAttributesCommand,
	SESv2Client,
} from "@aws-sdk/client-sesv2";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { seedKept, seedOffice } from "./seed-kept.ts";
import { account, document, region } from "./seed-policies.ts";
import { seedServices } from "./seed-services.ts";
import { seedWatched } from "./seed-watched.ts";

function clients() {
	return {
		ses: new SESv2Client({ region }),
		kms: new KMSClient({ region }),
		sns: new SNSClient({ region }),
		logs: new CloudWatchLogsClient({ region }),
		s3: new S3Client({ region, forcePathStyle: true }),
		firehose: new FirehoseClient({ region }),
	};
}

const everyEvent: EventType[] = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"];
const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

/** An account as the constructs would leave it, and the key of its mail. */
export async function seedGood(): Promise<string> {
	const { ses, kms, sns, logs, s3, firehose } = clients();
	const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: "mail" }));
	const keyArn = key?.Arn ?? "";
	await kms.send(new EnableKeyRotationCommand({ KeyId: keyArn, RotationPeriodInDays: 365 }));
	await kms.send(new CreateAliasCommand({ AliasName: "alias/mail", TargetKeyId: key?.KeyId }));
	const Bucket = "example-mail-events";
	await keptBucket(s3, Bucket, keyArn);
	const logBucket = "example-access-logs";
	await keptBucket(s3, logBucket, keyArn);
	await logs.send(new CreateLogGroupCommand({ logGroupName: "/mail/firehose", kmsKeyId: keyArn }));
	await logs.send(new PutRetentionPolicyCommand({ logGroupName: "/mail/firehose", retentionInDays: 2192 }));
	const { DeliveryStreamARN: stream } = await firehose.send(
		new CreateDeliveryStreamCommand({
			DeliveryStreamName: "mail-events",
			DeliveryStreamType: "DirectPut",
			DeliveryStreamEncryptionConfigurationInput: { KeyType: "CUSTOMER_MANAGED_CMK", KeyARN: keyArn },
			ExtendedS3DestinationConfiguration: {
				RoleARN: `arn:aws:iam::${account}:role/mail-events`,
				BucketARN: `arn:aws:s3:::${Bucket}`,
				EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: keyArn } },
				CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "/mail/firehose", LogStreamName: "delivery" },
			},
		}),
	);
	const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "mail-alarms", Attributes: { KmsMasterKeyId: keyArn } }));
	await sns.send(new SubscribeCommand({ TopicArn, Protocol: "https", Endpoint: "https://alarms.example.org/hook" }));
	await ses.send(new PutAccountSuppressionAttributesCommand({ SuppressedReasons: ["BOUNCE", "COMPLAINT"] }));
	await ses.send(
		new CreateConfigurationSetCommand({
			ConfigurationSetName: "mail",
			DeliveryOptions: { TlsPolicy: "REQUIRE" },
			ReputationOptions: { ReputationMetricsEnabled: true },
			SuppressionOptions: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
		}),
	);
	await ses.send(
		new CreateConfigurationSetEventDestinationCommand({
			ConfigurationSetName: "mail",
			EventDestinationName: "events",
			EventDestination: {
				Enabled: true,
				MatchingEventTypes: everyEvent,
				KinesisFirehoseDestination: { DeliveryStreamArn: stream, IamRoleArn: `arn:aws:iam::${account}:role/mail-events` },
			},
		}),
	);
	await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: "clinic.example", ConfigurationSetName: "mail" }));
	await ses.send(
		new PutEmailIdentityMailFromAttributesCommand({
			EmailIdentity: "clinic.example",
			MailFromDomain: "bounce.clinic.example",
			BehaviorOnMxFailure: "REJECT_MESSAGE",
		}),
	);
	await ses.send(new PutEmailIdentityFeedbackAttributesCommand({ EmailIdentity: "clinic.example", EmailForwardingEnabled: false }));
	await seedServices({ keyArn, bucket: Bucket, topicArn: TopicArn ?? "" });
	await seedKept({ keyArn, bucket: Bucket, logBucket, topicArn: TopicArn ?? "", s3 });
	await seedWatched({ bucket: Bucket, topicArn: TopicArn ?? "", s3 });
	return keyArn;
}

/** A bucket that is private, locked, versioned and encrypted under an own key. */
async function keptBucket(s3: S3Client, Bucket: string, keyArn: string): Promise<void> {
	await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
	await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blocked }));
	await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } }));
	await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
	await s3.send(
		new PutBucketEncryptionCommand({
			Bucket,
			ServerSideEncryptionConfiguration: {
				Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn }, BucketKeyEnabled: true }],
			},
		}),
	);
	await s3.send(
		new PutObjectLockConfigurationCommand({
			Bucket,
			ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2192 } } },
		}),
	);
	await s3.send(
		new PutBucketPolicyCommand({
			Bucket,
			Policy: document({
				Effect: "Deny",
				Principal: "*",
				Action: "s3:*",
				Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
				Condition: { Bool: { "aws:SecureTransport": "false" } },
			}),
		}),
	);
}

/** An account as one finds it: set up by hand, most of it at its defaults. */
export async function seedTypical(): Promise<void> {
	const { ses, kms, sns, logs, s3 } = clients();
	const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: "app" }));
	await kms.send(new CreateKeyCommand({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }));
	await kms.send(new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }));
	await s3.send(new CreateBucketCommand({ Bucket: "app-assets" }));
	await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/send-reminders" }));
	await logs.send(new CreateLogGroupCommand({ logGroupName: "/mail/events", kmsKeyId: key?.Arn }));
	await logs.send(new PutRetentionPolicyCommand({ logGroupName: "/mail/events", retentionInDays: 365 }));
	const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "ses-bounces" }));
	await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "frontdesk@clinic.example" }));
	await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: "default" }));
	await ses.send(
		new CreateConfigurationSetEventDestinationCommand({
			ConfigurationSetName: "default",
			EventDestinationName: "bounces",
			EventDestination: { Enabled: true, MatchingEventTypes: ["BOUNCE", "COMPLAINT"], SnsDestination: { TopicArn } },
		}),
	);
	await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: "clinic.example", ConfigurationSetName: "default" }));
	await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: "frontdesk@clinic.example" }));
	await seedOffice();
}

/** An account in which each thing is wrong. */
export async function seedBad(): Promise<void> {
	const { ses, kms, sns, logs, s3 } = clients();
	const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
	await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key?.KeyId, PendingWindowInDays: 7 }));
	const Bucket = "mail-archive-old";
	await s3.send(new CreateBucketCommand({ Bucket }));
	await s3.send(
		new PutBucketPolicyCommand({
			Bucket,
			Policy: document({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }),
		}),
	);
	await s3.send(
		new PutBucketLifecycleConfigurationCommand({
			Bucket,
			LifecycleConfiguration: { Rules: [{ ID: "expire", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } }] },
		}),
	);
	await logs.send(new CreateLogGroupCommand({ logGroupName: "/mail/events" }));
	await logs.send(new PutRetentionPolicyCommand({ logGroupName: "/mail/events", retentionInDays: 7 }));
	const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "events" }));
	await seedServices({ bucket: Bucket, topicArn: TopicArn ?? "", careless: true });
	await seedOffice();
	await ses.send(
		new CreateConfigurationSetCommand({
			ConfigurationSetName: "marketing",
			DeliveryOptions: { TlsPolicy: "OPTIONAL" },
			TrackingOptions: { CustomRedirectDomain: "click.clinic.example" },
			SuppressionOptions: { SuppressedReasons: [] },
		}),
	);
	await ses.send(
		new CreateConfigurationSetEventDestinationCommand({
			ConfigurationSetName: "marketing",
			EventDestinationName: "opens",
			EventDestination: {
				Enabled: true,
				MatchingEventTypes: ["OPEN", "CLICK"],
				CloudWatchDestination: {
					DimensionConfigurations: [{ DimensionName: "campaign", DimensionValueSource: "MESSAGE_TAG", DefaultDimensionValue: "none" }],
				},
			},
		}),
	);
	await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: "clinic.example" }));
	await ses.send(
		new CreateEmailIdentityPolicyCommand({
			EmailIdentity: "clinic.example",
			PolicyName: "anyone",
			Policy: document({ Effect: "Allow", Principal: "*", Action: "ses:SendEmail", Resource: `arn:aws:ses:${region}:${account}:identity/clinic.example` }),
		}),
	);
}
