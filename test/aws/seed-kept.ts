import { AccountClient, PutAlternateContactCommand } from "@aws-sdk/client-account";
import { BackupClient, CreateBackupPlanCommand, CreateBackupSelectionCommand, CreateBackupVaultCommand } from "@aws-sdk/client-backup";
import { CloudTrailClient, PutEventSelectorsCommand, UpdateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
	AddUserToGroupCommand,
	CreateAccessKeyCommand,
	CreateGroupCommand,
	CreateLoginProfileCommand,
	CreateRoleCommand,
	CreateUserCommand,
	IAMClient,
	PutGroupPolicyCommand,
	PutRolePolicyCommand,
	PutUserPolicyCommand,
	UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { PutBucketLoggingCommand, type S3Client } from "@aws-sdk/client-s3";
import { RotateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutConfigurationSetArchivingOptionsCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, document, region, trust } from "./seed-policies.ts";

export interface Kept {
	keyArn: string;
	bucket: string;
	logBucket: string;
	topicArn: string;
	s3: S3Client;
}

const noClearText = (action: string, resource: string) =>
	document({ Effect: "Deny", Principal: "*", Action: action, Resource: resource, Condition: { Bool: { "aws:SecureTransport": "false" } } });

/** What an account needs to be well kept besides the mail itself: its trail, backups, rotation, contacts and identities. */
export async function seedKept({ keyArn, bucket, logBucket, topicArn, s3 }: Kept): Promise<void> {
	const sqs = new SQSClient({ region });
	for (const name of ["mail-events", "mail-events-dead"]) {
		const arn = `arn:aws:sqs:${region}:${account}:${name}`;
		const QueueUrl = `${process.env.AWS_ENDPOINT_URL}/${account}/${name}`;
		await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: noClearText("sqs:*", arn) } }));
	}
	await new SNSClient({ region }).send(
		new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName: "Policy", AttributeValue: noClearText("sns:Publish", topicArn) }),
	);
	await s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: { LoggingEnabled: { TargetBucket: logBucket, TargetPrefix: "access/" } } }));

	const logs = new CloudWatchLogsClient({ region });
	for (const logGroupName of ["/aws/lambda/on-bounce", "/mail/trail"]) {
		await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId: keyArn }));
		await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2192 }));
	}
	const cloudtrail = new CloudTrailClient({ region });
	await cloudtrail.send(
		new UpdateTrailCommand({
			Name: "account",
			CloudWatchLogsLogGroupArn: `arn:aws:logs:${region}:${account}:log-group:/mail/trail:*`,
			CloudWatchLogsRoleArn: `arn:aws:iam::${account}:role/trail`,
		}),
	);
	const data = (type: string) => ({
		Name: type,
		FieldSelectors: [
			{ Field: "eventCategory", Equals: ["Data"] },
			{ Field: "resources.type", Equals: [type] },
		],
	});
	await cloudtrail.send(
		new PutEventSelectorsCommand({
			TrailName: "account",
			AdvancedEventSelectors: [
				{ Name: "management", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
				...["AWS::S3::Object", "AWS::SES::EmailIdentity", "AWS::SES::ConfigurationSet", "AWS::SES::Template"].map(data),
			],
		}),
	);

	await new SecretsManagerClient({ region }).send(
		new RotateSecretCommand({
			SecretId: "mail/smtp",
			RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:on-bounce`,
			RotationRules: { AutomaticallyAfterDays: 30 },
			RotateImmediately: false,
		}),
	);

	const backup = new BackupClient({ region });
	await backup.send(new CreateBackupVaultCommand({ BackupVaultName: "mail" }));
	const rule = { RuleName: "daily", TargetBackupVaultName: "mail", ScheduleExpression: "cron(0 5 * * ? *)", Lifecycle: { DeleteAfterDays: 2192 } };
	const { BackupPlanId } = await backup.send(new CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: "mail", Rules: [rule] } }));
	const Resources = [`arn:aws:dynamodb:${region}:${account}:table/mail-log`, `arn:aws:s3:::${bucket}`];
	const BackupSelection = { SelectionName: "mail", IamRoleArn: `arn:aws:iam::${account}:role/backup`, Resources };
	await backup.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));

	await new AccountClient({ region }).send(
		new PutAlternateContactCommand({
			AlternateContactType: "SECURITY",
			Name: "Security",
			Title: "Security official",
			EmailAddress: "security@clinic.example",
			PhoneNumber: "+1 555 0100",
		}),
	);
	// The emulator has no Mail Manager: what stands in for it knows this archive.
	await new SESv2Client({ region }).send(
		new PutConfigurationSetArchivingOptionsCommand({
			ConfigurationSetName: "mail",
			ArchiveArn: `arn:aws:ses:${region}:${account}:mailmanager-archive/a-0123456789abcdef`,
		}),
	);
	await seedIdentities(bucket);
}

/** Identities as one finds them: an office user who may do everything, by password and key, and a function that may send as anybody. */
export async function seedOffice(): Promise<void> {
	const iam = new IAMClient({ region });
	const allow = (Action: string) => document({ Effect: "Allow", Action, Resource: "*" });
	await iam.send(new CreateUserCommand({ UserName: "office" }));
	await iam.send(new CreateLoginProfileCommand({ UserName: "office", Password: "Never-in-3vidence" }));
	await iam.send(new PutUserPolicyCommand({ UserName: "office", PolicyName: "all", PolicyDocument: allow("*") }));
	await iam.send(new CreateAccessKeyCommand({ UserName: "office" }));
	await iam.send(new CreateRoleCommand({ RoleName: "send-reminders", AssumeRolePolicyDocument: trust("lambda.amazonaws.com") }));
	await iam.send(new PutRolePolicyCommand({ RoleName: "send-reminders", PolicyName: "send", PolicyDocument: allow("ses:SendEmail") }));
}

/** A user for SMTP that does nothing else, and a role of the stream. */
async function seedIdentities(bucket: string): Promise<void> {
	const iam = new IAMClient({ region });
	const of = (kind: string, name: string) => `arn:aws:ses:${region}:${account}:${kind}/${name}`;
	await iam.send(new CreateUserCommand({ UserName: "smtp" }));
	const send = {
		Effect: "Allow",
		Action: "ses:SendRawEmail",
		Resource: [of("identity", "clinic.example"), of("configuration-set", "mail")],
		Condition: { StringEquals: { "ses:FromAddress": "reminders@clinic.example" } },
	};
	await iam.send(new CreateGroupCommand({ GroupName: "smtp" }));
	await iam.send(new PutGroupPolicyCommand({ GroupName: "smtp", PolicyName: "send", PolicyDocument: document(send) }));
	await iam.send(new AddUserToGroupCommand({ GroupName: "smtp", UserName: "smtp" }));
	await iam.send(new CreateAccessKeyCommand({ UserName: "smtp" }));
	await iam.send(new CreateRoleCommand({ RoleName: "mail-events", AssumeRolePolicyDocument: trust("firehose.amazonaws.com"), MaxSessionDuration: 3600 }));
	const put = { Effect: "Allow", Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/*` };
	await iam.send(new PutRolePolicyCommand({ RoleName: "mail-events", PolicyName: "put", PolicyDocument: document(put) }));
	await iam.send(
		new UpdateAccountPasswordPolicyCommand({
			MinimumPasswordLength: 14,
			PasswordReusePrevention: 24,
			MaxPasswordAge: 90,
			RequireLowercaseCharacters: true,
			RequireNumbers: true,
			RequireSymbols: true,
			RequireUppercaseCharacters: true,
		}),
	);
}
