import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { addressRule, isReportAddress } from "../internal/domain-name.ts";
import type { KeyReference } from "../internal/existing.ts";
import { keyStatement, rootArn } from "../internal/key-policy.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, sourceAccount } from "../internal/policy-document.ts";
import { checkPropList } from "../internal/prop-checks.ts";
import { ServiceKey } from "../internal/service-key.ts";

export interface AlarmTopicProps {
	/** Mailboxes that get the alarms; each must confirm by a link that AWS sends. @default - none: subscribe something else, or nobody hears */
	readonly emailAddresses?: readonly string[];
	/** Key that encrypts the topic. Its policy must admit CloudWatch. @default - a new key that rotates yearly */
	readonly encryptionKey?: KeyReference;
}

/**
 * SNS topic for alarms: encrypted with one's own key, for CloudWatch alarms of this account only, over TLS only. Alarms tell
 * of numbers and API calls, never of recipients, so mailboxes may get them.
 *
 * Satisfies: keys.alias_given, keys.deletion_window, keys.duties_separated, keys.in_use_enabled, keys.no_public_principal,
 * keys.policy_written, keys.rotation_enabled, keys.services_bound, topics.encrypted, topics.no_public_policy,
 * topics.services_bound, topics.tls_only
 *
 * Meets: LOG-09, KMS-06, SNS-02, SNS-04
 */
export class AlarmTopic extends Construct {
	readonly encryptionKey: KeyReference;
	readonly topic: SnsTopic;
	readonly policy: SnsTopicPolicy;
	readonly subscriptions: readonly SnsTopicSubscription[];

	constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
		super(scope, id);
		checkPropList(this, "emailAddresses", props.emailAddresses, isReportAddress, addressRule);
		if (props.emailAddresses === undefined) {
			Annotations.of(this).addWarning("nobody is subscribed here: give emailAddresses, or subscribe something to the topic");
		}
		const account = accountOf(this);
		this.encryptionKey = props.encryptionKey ?? this.makeKey();
		this.topic = new SnsTopic(this, "topic", { name: physicalName(this, 256), kmsMasterKeyId: this.encryptionKey.arn });
		const document = policyDocument(this, "policy-document", [
			{
				sid: "Alarms",
				actions: ["sns:Publish"],
				resources: [this.topic.arn],
				principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
				condition: [
					sourceAccount(account),
					{ test: "ArnLike", variable: "aws:SourceArn", values: [`arn:${account.partition}:cloudwatch:${account.region}:${account.accountId}:alarm:*`] },
				],
			},
			{
				sid: "DenyClearText",
				effect: "Deny",
				actions: ["sns:Publish"],
				resources: [this.topic.arn],
				principals: [{ type: "*", identifiers: ["*"] }],
				condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
			},
		]);
		this.policy = new SnsTopicPolicy(this, "policy", { arn: this.topic.arn, policy: document.json });
		this.subscriptions = (props.emailAddresses ?? []).map(
			(endpoint, index) => new SnsTopicSubscription(this, `email-${index + 1}`, { topicArn: this.topic.arn, protocol: "email", endpoint }),
		);
	}

	private makeKey(): KmsKey {
		const account = accountOf(this);
		const use = ["kms:Decrypt", "kms:GenerateDataKey*"];
		return new ServiceKey(this, "encryption-key", {
			description: "Alarms",
			use: [
				{ ...keyStatement("CloudWatch", use, "Service", ["cloudwatch.amazonaws.com"]), condition: [sourceAccount(account)] },
				{
					...keyStatement("UseThroughSns", use, "AWS", [rootArn(account)]),
					condition: [{ test: "StringEquals", variable: "kms:ViaService", values: [`sns.${account.region}.${account.dnsSuffix}`] }],
				},
			],
		}).key;
	}
}
