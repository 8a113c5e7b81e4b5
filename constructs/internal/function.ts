import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "./account.ts";
import type { KeyReference } from "./existing.ts";
import { serviceLogGroup } from "./log-group.ts";
import { physicalName } from "./physical-name.ts";
import { policyDocument, serviceTrust } from "./policy-document.ts";
import { viaService } from "./service-use.ts";

export interface SecureFunctionProps {
	/** Archive of the code, whose index.mjs exports `handler`. */
	readonly archive: string;
	readonly description: string;
	/** Encrypts the environment, the log and the queue of what failed. Its policy must admit CloudWatch Logs, and let roles use it through Lambda and SQS. */
	readonly encryptionKey: KeyReference;
	readonly environment: Record<string, string>;
	/** What the function may do beside writing its log. */
	readonly allow: readonly DataAwsIamPolicyDocumentStatement[];
	readonly timeoutSeconds: number;
	/** Topic that hears when the function fails. */
	readonly alarmTopic: SnsTopic;
}

/** Lambda function of this package: encrypted, with a role of its own, a masked log, and a queue for what it could not do. */
export class SecureFunction extends Construct {
	readonly role: IamRole;
	readonly policy: IamRolePolicy;
	readonly failures: SqsQueue;
	readonly function: LambdaFunction;
	readonly alarm: CloudwatchMetricAlarm;

	constructor(scope: Construct, id: string, props: SecureFunctionProps) {
		super(scope, id);
		const account = accountOf(this);
		const name = physicalName(this, 64);
		const logGroup = serviceLogGroup(this, "log-group", `/aws/lambda/${name}`, props.encryptionKey);
		this.failures = this.makeQueue(name, props.encryptionKey);
		this.role = new IamRole(this, "role", { namePrefix: "mail-function-", assumeRolePolicy: serviceTrust(this, "trust", "lambda.amazonaws.com").json });
		const document = policyDocument(this, "policy-document", [
			{ sid: "Log", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroup.arn}:log-stream:*`] },
			{ sid: "Failures", actions: ["sqs:SendMessage"], resources: [this.failures.arn] },
			{
				sid: "FailuresKey",
				actions: ["kms:Decrypt", "kms:GenerateDataKey"],
				resources: [props.encryptionKey.arn],
				condition: [viaService(account, ["sqs"])],
			},
			...props.allow,
		]);
		this.policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
		const code = new TerraformAsset(this, "code", { path: props.archive, type: AssetType.FILE });
		this.function = new LambdaFunction(this, "function", {
			functionName: name,
			description: props.description,
			role: this.role.arn,
			runtime: "nodejs22.x",
			architectures: ["arm64"],
			handler: "index.handler",
			filename: code.path,
			sourceCodeHash: createHash("sha256").update(readFileSync(props.archive)).digest("base64"),
			timeout: props.timeoutSeconds,
			memorySize: 256,
			kmsKeyArn: props.encryptionKey.arn,
			environment: { variables: props.environment },
			deadLetterConfig: { targetArn: this.failures.arn },
			loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
			dependsOn: [this.policy],
		});
		this.alarm = new CloudwatchMetricAlarm(this, "alarm", {
			alarmName: name,
			alarmDescription: `${props.description} It failed.`,
			namespace: "AWS/Lambda",
			metricName: "Errors",
			dimensions: { FunctionName: this.function.functionName },
			statistic: "Sum",
			period: 300,
			evaluationPeriods: 1,
			comparisonOperator: "GreaterThanOrEqualToThreshold",
			threshold: 1,
			treatMissingData: "notBreaching",
			actionsEnabled: true,
			alarmActions: [props.alarmTopic.arn],
		});
	}

	private makeQueue(name: string, encryptionKey: KeyReference): SqsQueue {
		// Fourteen days, the longest that SQS keeps a message.
		const queue = new SqsQueue(this, "failures", { name: `${name}-failures`, kmsMasterKeyId: encryptionKey.arn, messageRetentionSeconds: 1_209_600 });
		const document = policyDocument(this, "failures-policy-document", [
			{
				sid: "DenyClearText",
				effect: "Deny",
				actions: ["sqs:*"],
				resources: [queue.arn],
				principals: [{ type: "*", identifiers: ["*"] }],
				condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
			},
		]);
		new SqsQueuePolicy(this, "failures-policy", { queueUrl: queue.id, policy: document.json });
		return queue;
	}
}
