import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import type { KeyReference } from "../internal/existing.ts";
import { policyDocument, serviceTrust, sourceAccount } from "../internal/policy-document.ts";

/** Role with which Firehose writes events into the bucket and its own errors into the log group; nothing else. */
export class DeliveryRole extends Construct {
	readonly role: IamRole;
	readonly policy: IamRolePolicy;

	constructor(scope: Construct, id: string, props: { bucket: S3Bucket; encryptionKey: KeyReference; logGroup: CloudwatchLogGroup }) {
		super(scope, id);
		const account = accountOf(this);
		this.role = new IamRole(this, "role", {
			namePrefix: "mail-event-delivery-",
			assumeRolePolicy: serviceTrust(this, "trust", "firehose.amazonaws.com", [sourceAccount(account)]).json,
		});
		const document = policyDocument(this, "policy-document", [
			{ sid: "Bucket", actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], resources: [props.bucket.arn] },
			{ sid: "Objects", actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], resources: [`${props.bucket.arn}/*`] },
			{
				sid: "Key",
				actions: ["kms:Decrypt", "kms:GenerateDataKey"],
				resources: [props.encryptionKey.arn],
				condition: [{ test: "StringEquals", variable: "kms:ViaService", values: [`s3.${account.region}.${account.dnsSuffix}`] }],
			},
			{ sid: "Errors", actions: ["logs:PutLogEvents"], resources: [`${props.logGroup.arn}:log-stream:*`] },
		]);
		this.policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
	}
}

/** Role with which SES hands the events of one configuration set to the stream. */
export class PublishingRole extends Construct {
	readonly role: IamRole;
	readonly policy: IamRolePolicy;

	constructor(scope: Construct, id: string, props: { configurationSet: Sesv2ConfigurationSet; deliveryStream: KinesisFirehoseDeliveryStream }) {
		super(scope, id);
		this.role = new IamRole(this, "role", {
			namePrefix: "mail-event-publishing-",
			assumeRolePolicy: serviceTrust(this, "trust", "ses.amazonaws.com", [
				sourceAccount(accountOf(this)),
				{ test: "ArnEquals", variable: "aws:SourceArn", values: [props.configurationSet.arn] },
			]).json,
		});
		const document = policyDocument(this, "policy-document", [{ sid: "Stream", actions: ["firehose:PutRecordBatch"], resources: [props.deliveryStream.arn] }]);
		this.policy = new IamRolePolicy(this, "policy", { role: this.role.id, policy: document.json });
	}
}
