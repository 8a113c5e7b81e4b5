import { CloudTrailClient, CreateTrailCommand, PutEventSelectorsCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
	ConfigServiceClient,
	PutConfigurationRecorderCommand,
	PutDeliveryChannelCommand,
	StartConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { CreateArchiveCommand, CreateEventBusCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateSecretCommand, PutResourcePolicyCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateReceiptRuleCommand, CreateReceiptRuleSetCommand, SESClient, SetActiveReceiptRuleSetCommand } from "@aws-sdk/client-ses";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, document, region } from "./seed-policies.ts";

export interface ServiceOptions {
	/** A customer managed key; without, what AWS uses by itself. */
	keyArn?: string;
	bucket: string;
	topicArn: string;
	/** Policies that admit everyone, and no protection. */
	careless?: boolean;
}

/** Queues, secrets, functions, events, receipt rules, alarms, tables, trails and the recorder of one account. */
export async function seedServices({ keyArn, bucket, topicArn, careless = false }: ServiceOptions): Promise<void> {
	const everyone = (actions: string, resource: string) => document({ Effect: "Allow", Principal: "*", Action: actions, Resource: resource });

	const sqs = new SQSClient({ region });
	await sqs.send(
		new CreateQueueCommand({ QueueName: "mail-events-dead", Attributes: { MessageRetentionPeriod: "1209600", ...(keyArn && { KmsMasterKeyId: keyArn }) } }),
	);
	const queueArn = `arn:aws:sqs:${region}:${account}:mail-events`;
	const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${queueArn}-dead`, maxReceiveCount: 5 }) };
	await sqs.send(
		new CreateQueueCommand({
			QueueName: "mail-events",
			Attributes: { ...(keyArn && { KmsMasterKeyId: keyArn }), ...(careless ? { Policy: everyone("sqs:SendMessage", queueArn) } : redrive) },
		}),
	);

	const secrets = new SecretsManagerClient({ region });
	const { ARN: secret } = await secrets.send(new CreateSecretCommand({ Name: "mail/smtp", SecretString: "made-up", ...(keyArn && { KmsKeyId: keyArn }) }));
	if (careless) await secrets.send(new PutResourcePolicyCommand({ SecretId: secret, ResourcePolicy: everyone("secretsmanager:GetSecretValue", "*") }));

	const events = new EventBridgeClient({ region });
	await events.send(new CreateEventBusCommand({ Name: "mail", ...(keyArn && { KmsKeyIdentifier: keyArn }) }));
	const busArn = `arn:aws:events:${region}:${account}:event-bus/mail`;
	await events.send(
		new CreateArchiveCommand({ ArchiveName: "mail", EventSourceArn: busArn, RetentionDays: careless ? 1 : 2192, ...(keyArn && { KmsKeyIdentifier: keyArn }) }),
	);
	await events.send(new PutRuleCommand({ Name: "bounces", EventBusName: "mail", EventPattern: JSON.stringify({ source: ["aws.ses"] }), State: "ENABLED" }));
	await events.send(
		new PutTargetsCommand({
			Rule: "bounces",
			EventBusName: "mail",
			Targets: [{ Id: "queue", Arn: queueArn, ...(careless ? {} : { DeadLetterConfig: { Arn: `${queueArn}-dead` } }) }],
		}),
	);

	const lambda = new LambdaClient({ region });
	await lambda.send(
		new CreateFunctionCommand({
			FunctionName: "on-bounce",
			Role: `arn:aws:iam::${account}:role/on-bounce`,
			Runtime: "nodejs22.x",
			Handler: "index.handler",
			Code: { ZipFile: Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64") },
			Environment: { Variables: { TOKEN: "never-in-evidence" } },
			...(keyArn && { KMSKeyArn: keyArn }),
			...(careless ? {} : { DeadLetterConfig: { TargetArn: `${queueArn}-dead` } }),
		}),
	);
	await lambda.send(
		new AddPermissionCommand({
			FunctionName: "on-bounce",
			StatementId: "topic",
			Action: "lambda:InvokeFunction",
			Principal: careless ? "*" : "sns.amazonaws.com",
			...(careless ? {} : { SourceArn: topicArn, SourceAccount: account }),
		}),
	);

	const ses = new SESClient({ region });
	await ses.send(new CreateReceiptRuleSetCommand({ RuleSetName: "inbound" }));
	await ses.send(
		new CreateReceiptRuleCommand({
			RuleSetName: "inbound",
			Rule: {
				Name: "store",
				Enabled: true,
				TlsPolicy: careless ? "Optional" : "Require",
				ScanEnabled: !careless,
				Recipients: ["clinic.example"],
				Actions: [{ S3Action: { BucketName: bucket, ObjectKeyPrefix: "in/" } }],
			},
		}),
	);
	await ses.send(new SetActiveReceiptRuleSetCommand({ RuleSetName: "inbound" }));

	await new CloudWatchClient({ region }).send(
		new PutMetricAlarmCommand({
			AlarmName: "bounce-rate",
			Namespace: "AWS/SES",
			MetricName: "Reputation.BounceRate",
			Statistic: "Average",
			Period: 3600,
			EvaluationPeriods: 1,
			Threshold: 0.03,
			ComparisonOperator: "GreaterThanThreshold",
			ActionsEnabled: !careless,
			AlarmActions: careless ? [] : [topicArn],
		}),
	);

	const dynamodb = new DynamoDBClient({ region });
	await dynamodb.send(
		new CreateTableCommand({
			TableName: "mail-log",
			BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
			KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
			DeletionProtectionEnabled: !careless,
			...(keyArn && { SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: keyArn } }),
		}),
	);
	if (!careless)
		await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: "mail-log", PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));

	const cloudtrail = new CloudTrailClient({ region });
	await cloudtrail.send(
		new CreateTrailCommand({
			Name: "account",
			S3BucketName: bucket,
			IsMultiRegionTrail: !careless,
			EnableLogFileValidation: !careless,
			IncludeGlobalServiceEvents: true,
			...(keyArn && { KmsKeyId: keyArn }),
		}),
	);
	await cloudtrail.send(
		new PutEventSelectorsCommand({
			TrailName: "account",
			AdvancedEventSelectors: [
				{ Name: "management", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
				{
					Name: "objects",
					FieldSelectors: [
						{ Field: "eventCategory", Equals: ["Data"] },
						{ Field: "resources.type", Equals: ["AWS::S3::Object"] },
					],
				},
			],
		}),
	);
	if (!careless) await cloudtrail.send(new StartLoggingCommand({ Name: "account" }));

	const config = new ConfigServiceClient({ region });
	await config.send(
		new PutConfigurationRecorderCommand({
			ConfigurationRecorder: {
				name: "default",
				roleARN: `arn:aws:iam::${account}:role/config`,
				recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
			},
		}),
	);
	await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: bucket } }));
	if (!careless) await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
}
