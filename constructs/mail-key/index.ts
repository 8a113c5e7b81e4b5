import type { DataAwsIamPolicyDocument, DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { type Account, accountOf } from "../internal/account.ts";
import { administration, administratorRule, isAdministrator, keyStatement, logsUse, rootArn } from "../internal/key-policy.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, sourceAccount } from "../internal/policy-document.ts";
import { checkProp, checkPropList, isWholeNumber } from "../internal/prop-checks.ts";

export interface MailKeyProps {
	/**
	 * ARNs of the IAM roles and users that administer the key; they get no use of it. The one that deploys must be among
	 * them. With a list the account root can no longer change the key policy.
	 * @default - the account: its IAM policies say who administers
	 */
	readonly administratorArns?: readonly string[];
	/** Alias of the key, without the leading "alias/". @default - the construct's path, such as "mail-key" */
	readonly aliasName?: string;
	/** What the key is for, as the console shows it. @default "Mail data" */
	readonly description?: string;
	/** Days between two rotations, 90 to 365. @default 365 */
	readonly rotationPeriodDays?: number;
}

/** The longest waiting period that KMS allows. */
const deletionWindowDays = 30;

/**
 * Customer managed key for mail data: rotates, waits 30 days before it is deleted, has a written policy and an alias.
 *
 * The policy keeps administration apart from use: whoever administers gets no cryptographic action and no grants; use by
 * the account's roles goes through S3, SNS, SQS and Firehose only; the services SES, SNS, Firehose and CloudWatch Logs use
 * it for resources of this account only.
 *
 * Satisfies: keys.alias_given, keys.deletion_window, keys.duties_separated, keys.mail_services_only, keys.no_public_principal,
 * keys.policy_written, keys.rotation_enabled, keys.services_bound
 *
 * Meets: KMS-03, KMS-06, KMS-07
 */
export class MailKey extends Construct {
	readonly key: KmsKey;
	readonly alias: KmsAlias;
	readonly policyDocument: DataAwsIamPolicyDocument;

	constructor(scope: Construct, id: string, props: MailKeyProps = {}) {
		super(scope, id);
		checkProps(this, props);
		const account = accountOf(this);
		this.policyDocument = policyDocument(this, "policy-document", [
			...administration(account, props.administratorArns),
			...useByAccount(account),
			...useByServices(account),
		]);
		this.key = new KmsKey(this, "key", {
			description: props.description ?? "Mail data",
			enableKeyRotation: true,
			rotationPeriodInDays: props.rotationPeriodDays ?? 365,
			deletionWindowInDays: deletionWindowDays,
			policy: this.policyDocument.json,
		});
		this.alias = new KmsAlias(this, "alias", { name: `alias/${props.aliasName ?? physicalName(this, 200)}`, targetKeyId: this.key.keyId });
	}
}

function checkProps(scope: Construct, props: MailKeyProps): void {
	checkPropList(scope, "administratorArns", props.administratorArns, isAdministrator, administratorRule);
	checkProp(scope, "aliasName", props.aliasName, (name) => /^(?!alias\/|aws\/)[A-Za-z0-9/_-]{1,250}$/.test(name), {
		wanted: 'letters, digits, "/", "_" and "-", not beginning with "alias/" or "aws/"',
		remedy: 'write it without the prefix, such as "mail"',
	});
	checkProp(scope, "description", props.description, (text) => /^\P{Cc}{1,8192}$/u.test(text), {
		wanted: "1 to 8192 characters of one line",
		remedy: 'leave it out for "Mail data"',
	});
	checkProp(scope, "rotationPeriodDays", props.rotationPeriodDays, (days) => isWholeNumber(days, 90, 365), {
		wanted: "a whole number of days from 90 to 365",
		remedy: "leave it out for a rotation every year, the longest time that keys.rotation_enabled accepts",
	});
}

/** The account's IAM policies may allow use, but only through the services that carry mail: never a bare kms:Decrypt call. */
function useByAccount(account: Account): DataAwsIamPolicyDocumentStatement[] {
	const through = (services: string[]) => ({
		test: "StringEquals",
		variable: "kms:ViaService",
		values: services.map((service) => `${service}.${account.region}.${account.dnsSuffix}`),
	});
	return [
		{
			...keyStatement("UseThroughServices", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], "AWS", [rootArn(account)]),
			condition: [through(["s3", "sns", "sqs", "firehose"])],
		},
		// Firehose takes a grant on the key in the name of whoever creates the stream.
		{
			...keyStatement("GrantsForServices", ["kms:CreateGrant"], "AWS", [rootArn(account)]),
			condition: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }, through(["firehose"])],
		},
	];
}

function useByServices(account: Account): DataAwsIamPolicyDocumentStatement[] {
	const { accountId, partition, region } = account;
	const use = ["kms:GenerateDataKey*", "kms:Decrypt"];
	return [
		{
			...keyStatement("Ses", use, "Service", ["ses.amazonaws.com"]),
			condition: [
				sourceAccount(account),
				{
					test: "ArnLike",
					variable: "aws:SourceArn",
					values: ["configuration-set/*", "receipt-rule-set/*:receipt-rule/*"].map((resource) => `arn:${partition}:ses:${region}:${accountId}:${resource}`),
				},
			],
		},
		{ ...keyStatement("Sns", use, "Service", ["sns.amazonaws.com"]), condition: [sourceAccount(account)] },
		{ ...keyStatement("Firehose", use, "Service", ["firehose.amazonaws.com"]), condition: [sourceAccount(account)] },
		logsUse(account),
	];
}
