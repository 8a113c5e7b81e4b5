import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Route53HostedZoneDnssec } from "@cdktf/provider-aws/lib/route53-hosted-zone-dnssec/index.js";
import { Route53KeySigningKey } from "@cdktf/provider-aws/lib/route53-key-signing-key/index.js";
import { Route53QueryLog } from "@cdktf/provider-aws/lib/route53-query-log/index.js";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { type Account, accountOf } from "../internal/account.ts";
import { isZoneId, zoneIdRule } from "../internal/domain-name.ts";
import { administration, keyStatement, logsUse } from "../internal/key-policy.ts";
import { serviceLogGroup } from "../internal/log-group.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, sourceAccount } from "../internal/policy-document.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { ServiceKey } from "../internal/service-key.ts";

export interface ZoneProtectionProps {
	/** Id of the Route 53 public hosted zone. */
	readonly hostedZoneId: string;
	/** Whether the zone's queries are logged; a zone has one query log. @default true */
	readonly queryLog?: boolean;
}

/** Where Route 53 takes keys and logs of public zones from, whatever the provider's Region. */
const route53Region = "us-east-1";

/**
 * Signs a Route 53 public zone (DNSSEC) with a key of one's own, and logs its queries: MTA-STS, DKIM and DMARC are as true as
 * the DNS that tells them, and DANE needs it signed.
 *
 * The zone counts as signed only when its parent says so: after the first apply publish the DS record, the stack's output, at
 * the registrar. Take it away there, and wait for its TTL, before the stack is destroyed: until then resolvers refuse the zone.
 *
 * Satisfies: keys.alias_given, keys.deletion_window, keys.duties_separated, keys.in_use_enabled, keys.no_public_principal,
 * keys.policy_written, keys.rotation_enabled, keys.services_bound, logs.encrypted, logs.no_public_resource_policy,
 * logs.personal_data_masked, logs.resource_policy_services_bound, logs.retention
 *
 * Meets: EDG-03, LOG-03, LOG-04
 */
export class ZoneProtection extends Construct {
	readonly signingKey: KmsKey;
	readonly keySigningKey: Route53KeySigningKey;
	readonly signing: Route53HostedZoneDnssec;
	readonly queryLog: Route53QueryLog | undefined;
	readonly dsRecord: TerraformOutput;

	constructor(scope: Construct, id: string, props: ZoneProtectionProps) {
		super(scope, id);
		checkProp(this, "hostedZoneId", props.hostedZoneId, isZoneId, zoneIdRule);
		const account = { ...accountOf(this), region: route53Region };
		this.signingKey = this.makeSigningKey(account);
		this.keySigningKey = new Route53KeySigningKey(this, "key-signing-key", {
			hostedZoneId: props.hostedZoneId,
			keyManagementServiceArn: this.signingKey.arn,
			name: `mail_${this.node.addr.slice(-8)}`,
			status: "ACTIVE",
		});
		this.signing = new Route53HostedZoneDnssec(this, "signing", {
			hostedZoneId: this.keySigningKey.hostedZoneId,
			signingStatus: "SIGNING",
			dependsOn: [this.keySigningKey],
		});
		this.queryLog = props.queryLog === false ? undefined : this.makeQueryLog(account, props.hostedZoneId);
		this.dsRecord = new TerraformOutput(this, "ds-record", {
			value: this.keySigningKey.dsRecord,
			description: "DS record of the zone, to be published at its registrar",
		});
	}

	/** Route 53 signs with ECDSA P-256 (RFC 6605); KMS rotates no asymmetric key by itself. */
	private makeSigningKey(account: Account): KmsKey {
		const zones = [sourceAccount(account), { test: "ArnLike", variable: "aws:SourceArn", values: [`arn:${account.partition}:route53:::hostedzone/*`] }];
		const document = policyDocument(this, "signing-key-policy-document", [
			...administration(account, undefined),
			{ ...keyStatement("Sign", ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"], "Service", ["dnssec-route53.amazonaws.com"]), condition: zones },
			{
				...keyStatement("SignGrants", ["kms:CreateGrant"], "Service", ["dnssec-route53.amazonaws.com"]),
				condition: [...zones, { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
			},
		]);
		const key = new KmsKey(this, "signing-key", {
			region: route53Region,
			description: "DNSSEC of the mail domain's zone",
			customerMasterKeySpec: "ECC_NIST_P256",
			keyUsage: "SIGN_VERIFY",
			deletionWindowInDays: 30,
			policy: document.json,
		});
		new KmsAlias(this, "signing-key-alias", { region: route53Region, name: `alias/${physicalName(this, 200)}-dnssec`, targetKeyId: key.keyId });
		return key;
	}

	private makeQueryLog(account: Account, zoneId: string): Route53QueryLog {
		const { key } = new ServiceKey(this, "log-key", { description: "DNS query log", region: route53Region, use: [logsUse(account)] });
		const logGroup = serviceLogGroup(this, "log-group", `/aws/route53/${physicalName(this, 128)}`, key, route53Region);
		const document = policyDocument(this, "log-policy-document", [
			{
				sid: "Queries",
				actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
				resources: [`${logGroup.arn}:log-stream:*`],
				principals: [{ type: "Service", identifiers: ["route53.amazonaws.com"] }],
				condition: [
					sourceAccount(account),
					{ test: "ArnLike", variable: "aws:SourceArn", values: [`arn:${account.partition}:route53:::hostedzone/${zoneId}`] },
				],
			},
		]);
		const policy = new CloudwatchLogResourcePolicy(this, "log-policy", {
			region: route53Region,
			policyName: physicalName(this, 128),
			policyDocument: document.json,
		});
		return new Route53QueryLog(this, "query-log", { zoneId, cloudwatchLogGroupArn: logGroup.arn, dependsOn: [policy] });
	}
}
