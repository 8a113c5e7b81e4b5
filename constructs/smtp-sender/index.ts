import { join } from "node:path";
import { IamGroup } from "@cdktf/provider-aws/lib/iam-group/index.js";
import { IamGroupPolicy } from "@cdktf/provider-aws/lib/iam-group-policy/index.js";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user/index.js";
import { IamUserGroupMembership } from "@cdktf/provider-aws/lib/iam-user-group-membership/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import type { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { type Account, accountOf } from "../internal/account.ts";
import type { KeyReference } from "../internal/existing.ts";
import { fromCondition } from "../internal/from-addresses.ts";
import { SecureFunction } from "../internal/function.ts";
import { logsUse } from "../internal/key-policy.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { checkProp, checkPropList, isWholeNumber } from "../internal/prop-checks.ts";
import { ServiceKey } from "../internal/service-key.ts";
import { useThrough, viaService } from "../internal/service-use.ts";

export interface SmtpSenderProps {
	/** Identity that mail is sent from: that of a SendingIdentity. */
	readonly identity: Sesv2EmailIdentity;
	/** Set that mail is sent with: that of a DeliverySettings. */
	readonly configurationSet: Sesv2ConfigurationSet;
	/** Addresses that may stand in From, such as "scanner@clinic.example". @default - every address of the identity's domain */
	readonly fromAddresses?: readonly string[];
	/** Networks that the device sends from, such as "198.51.100.7/32". @default - any */
	readonly sourceCidrs?: readonly string[];
	/** Days after which the SMTP password is replaced, 1 to 90. @default 90 */
	readonly rotationDays?: number;
	/**
	 * Key that encrypts the secret, and the function that rotates it. Its policy must admit CloudWatch Logs, and let roles of the account
	 * use it through Secrets Manager, Lambda and SQS.
	 * @default - a new key that rotates yearly
	 */
	readonly encryptionKey?: KeyReference;
	/** Topic that hears when the password could not be replaced. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
}

/** TLS from the first octet (RFC 8314 section 3.3). */
const smtpPort = 465;

/**
 * IAM user for a device or program that can send by SMTP only: from the named identity and addresses, and nothing else. What
 * can take a role is given a SenderRole instead.
 *
 * Its SMTP password is in an AWS Secrets Manager secret {host, port, username, password}, and nowhere else: a function makes the access
 * key, derives the password, logs in with it, and only then hands it out and switches the old key off, at once and every 90 days. Neither
 * key nor password gets into the state, a plan or an output. A device that cannot read the secret is given the new password by a person:
 * until the next rotation the old key can be switched on again.
 *
 * Satisfies: alarms.actions_set, functions.environment_encrypted, functions.failures_kept, functions.log_group_declared,
 * functions.no_public_permission, functions.services_bound, iam.decryption_names_keys, iam.no_administrators,
 * iam.no_whole_services, iam.sending_permissions_narrow, iam.users_without_policies, keys.alias_given, keys.deletion_window,
 * keys.duties_separated, keys.in_use_enabled, keys.mail_services_only, keys.no_public_principal, keys.policy_written,
 * keys.rotation_enabled, keys.services_bound, logs.encrypted, logs.personal_data_masked, logs.retention, queues.encrypted,
 * queues.no_public_policy, queues.tls_only, secrets.encrypted, secrets.no_public_policy, secrets.rotated, topics.encrypted,
 * topics.no_public_policy, topics.services_bound, topics.tls_only
 *
 * Meets: SES-13, SES-14, SEC-01, LAM-01
 */
export class SmtpSender extends Construct {
	readonly user: IamUser;
	readonly group: IamGroup;
	readonly groupPolicy: IamGroupPolicy;
	readonly membership: IamUserGroupMembership;
	readonly encryptionKey: KeyReference;
	readonly secret: SecretsmanagerSecret;
	readonly rotationFunction: SecureFunction;
	readonly rotation: SecretsmanagerSecretRotation;

	constructor(scope: Construct, id: string, props: SmtpSenderProps) {
		super(scope, id);
		checkPropList(this, "sourceCidrs", props.sourceCidrs, isCidr, {
			wanted: "an IPv4 network with its prefix, at least 8 bits long",
			remedy: 'write it such as "198.51.100.7/32" for one address',
		});
		checkProp(this, "rotationDays", props.rotationDays, (days) => isWholeNumber(days, 1, 90), {
			wanted: "a whole number of days from 1 to 90",
			remedy: "leave it out for 90",
		});
		const from = fromCondition(this, props);
		const source = props.sourceCidrs === undefined ? [] : [{ test: "IpAddress", variable: "aws:SourceIp", values: [...props.sourceCidrs] }];
		const document = policyDocument(this, "policy-document", [
			{
				sid: "Send",
				actions: ["ses:SendRawEmail"],
				resources: [props.identity.arn, props.configurationSet.arn],
				condition: [from, ...source],
			},
		]);
		this.user = new IamUser(this, "user", { name: physicalName(this, 64) });
		// Through a group: a user with a policy of its own is overlooked when permissions are reviewed.
		this.group = new IamGroup(this, "group", { name: physicalName(this, 128) });
		this.groupPolicy = new IamGroupPolicy(this, "group-policy", { group: this.group.name, policy: document.json });
		this.membership = new IamUserGroupMembership(this, "membership", { user: this.user.name, groups: [this.group.name] });
		const account = accountOf(this);
		this.encryptionKey =
			props.encryptionKey ??
			new ServiceKey(this, "encryption-key", {
				description: "SMTP password",
				use: [...useThrough(account, ["lambda", "secretsmanager", "sqs"]), logsUse(account)],
			}).key;
		this.secret = new SecretsmanagerSecret(this, "secret", {
			name: physicalName(this, 200),
			description: "SMTP endpoint, user name and password: {host, port, username, password}",
			kmsKeyId: this.encryptionKey.arn,
		});
		this.rotationFunction = this.makeFunction(account, props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic);
		const permission = new LambdaPermission(this, "rotation-permission", {
			functionName: this.rotationFunction.function.functionName,
			action: "lambda:InvokeFunction",
			principal: "secretsmanager.amazonaws.com",
			sourceAccount: account.accountId,
			sourceArn: this.secret.arn,
		});
		this.rotation = new SecretsmanagerSecretRotation(this, "rotation", {
			secretId: this.secret.id,
			rotationLambdaArn: this.rotationFunction.function.arn,
			rotateImmediately: true,
			rotationRules: { automaticallyAfterDays: props.rotationDays ?? 90 },
			dependsOn: [permission, this.rotationFunction.policy, this.membership],
		});
	}

	private makeFunction(account: Account, alarmTopic: SnsTopic): SecureFunction {
		return new SecureFunction(this, "rotation-function", {
			archive: join(import.meta.dirname, "lambda.zip"),
			description: "Replaces the SMTP password.",
			encryptionKey: this.encryptionKey,
			alarmTopic,
			// A new key may take a minute until SES knows it.
			timeoutSeconds: 180,
			environment: {
				USER_NAME: this.user.name,
				SMTP_HOST: `email-smtp.${account.region}.${account.dnsSuffix}`,
				SMTP_PORT: String(smtpPort),
				SMTP_REGION: account.region,
				LOGIN_ATTEMPTS: "9",
				LOGIN_WAIT_MS: "8000",
			},
			allow: [
				{
					sid: "AccessKeys",
					actions: ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"],
					resources: [this.user.arn],
				},
				{
					sid: "Secret",
					actions: [
						"secretsmanager:DescribeSecret",
						"secretsmanager:GetSecretValue",
						"secretsmanager:PutSecretValue",
						"secretsmanager:UpdateSecretVersionStage",
					],
					resources: [this.secret.arn],
				},
				{
					sid: "SecretKey",
					actions: ["kms:Decrypt", "kms:GenerateDataKey"],
					resources: [this.encryptionKey.arn],
					condition: [viaService(account, ["secretsmanager"])],
				},
			],
		});
	}
}

function isCidr(text: string): boolean {
	const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
	if (parts === undefined) return false;
	const prefix = parts.pop() ?? 0;
	return prefix >= 8 && prefix <= 32 && parts.every((octet) => octet <= 255);
}
