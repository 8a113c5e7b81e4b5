import { account, document, region } from "./seed-policies.ts";

/** What a call to a service that the emulator lacks is answered, by the service that it is signed for and what it asks. */
export interface Asked {
	service: string;
	/** The operation where the protocol names it (x-amz-target, Action), else verb and path. */
	operation: string;
}

export interface Answered {
	type: "application/json" | "text/xml";
	body: string;
}

const json = (value: object): Answered => ({ type: "application/json", body: JSON.stringify(value) });
const xml = (body: string): Answered => ({ type: "text/xml", body });
const result = (action: string, inner: string): Answered => xml(`<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`);

const mailManager = (what: string) => `arn:aws:ses:${region}:${account}:mailmanager-${what}`;

/** Shapes of the SDK's types and of AWS's recorded answers, for an account in which all of it is well kept. */
const answers: Readonly<Record<string, Answered>> = {
	"guardduty GET /detector": json({ detectorIds: ["12abc34d567e8fa901bc2d34e56789f0"] }),
	"guardduty GET /detector/12abc34d567e8fa901bc2d34e56789f0": json({
		createdAt: "2025-12-05T00:29:11.374Z",
		findingPublishingFrequency: "SIX_HOURS",
		serviceRole: `arn:aws:iam::${account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
		status: "ENABLED",
		features: [
			{ name: "CLOUD_TRAIL", status: "ENABLED" },
			{ name: "S3_DATA_EVENTS", status: "ENABLED" },
		],
	}),
	"guardduty POST /detector/12abc34d567e8fa901bc2d34e56789f0/findings": json({ findingIds: ["finding-1"] }),
	// High, and a day old on the day of the scan.
	"guardduty POST /detector/12abc34d567e8fa901bc2d34e56789f0/findings/get": json({
		findings: [
			{
				id: "finding-1",
				arn: `arn:aws:guardduty:${region}:${account}:detector/12abc34d567e8fa901bc2d34e56789f0/finding/finding-1`,
				accountId: account,
				region,
				type: "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
				severity: 8,
				schemaVersion: "2.0",
				resource: {},
				createdAt: "2026-11-23T09:00:00.000Z",
				updatedAt: "2026-11-23T09:00:00.000Z",
			},
		],
	}),
	"securityhub GET /accounts": json({ HubArn: `arn:aws:securityhub:${region}:${account}:hub/default`, SubscribedAt: "2025-12-05T00:29:11.374Z" }),
	"access-analyzer GET /analyzer": json({
		analyzers: [
			{
				arn: `arn:aws:access-analyzer:${region}:${account}:analyzer/account`,
				name: "account",
				type: "ACCOUNT",
				status: "ACTIVE",
				createdAt: "2025-03-29T13:53:08.000Z",
			},
		],
	}),
	"macie2 GET /macie": json({ status: "ENABLED", findingPublishingFrequency: "FIFTEEN_MINUTES" }),
	"macie2 GET /automated-discovery/configuration": json({ status: "ENABLED", classificationScopeId: "scope" }),
	"macie2 POST /jobs/list": json({ items: [] }),
	"inspector2 POST /status/batch/get": json({
		accounts: [
			{
				accountId: account,
				state: { status: "ENABLED" },
				resourceState: { ec2: { status: "ENABLED" }, ecr: { status: "ENABLED" }, lambda: { status: "ENABLED" } },
			},
		],
	}),
	"inspector2 POST /coverage/list": json({
		coveredResources: [
			{
				accountId: account,
				resourceId: `arn:aws:lambda:${region}:${account}:function:on-bounce:$LATEST`,
				resourceType: "AWS_LAMBDA_FUNCTION",
				scanType: "PACKAGE",
				scanStatus: { statusCode: "ACTIVE", reason: "SUCCESSFUL" },
			},
		],
	}),
	"inspector2 POST /findings/list": json({ findings: [] }),
	// This morning's copy of the table of sent mail.
	"backup GET /resources": json({
		Results: [{ ResourceArn: `arn:aws:dynamodb:${region}:${account}:table/mail-log`, ResourceType: "DynamoDB", LastBackupTime: 1_795_496_400 }],
	}),
	"ec2 DescribeVpcEndpoints": xml(
		`<DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcEndpointSet><item><vpcEndpointId>vpce-0123456789abcdef0</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType><vpcId>vpc-1</vpcId><serviceName>com.amazonaws.${region}.email-smtp</serviceName><state>available</state><policyDocument>${document({ Effect: "Allow", Principal: "*", Action: "ses:SendRawEmail", Resource: `arn:aws:ses:${region}:${account}:identity/clinic.example` }).replaceAll('"', "&quot;")}</policyDocument><subnetIdSet><item>subnet-1</item></subnetIdSet><privateDnsEnabled>true</privateDnsEnabled></item></vpcEndpointSet></DescribeVpcEndpointsResponse>`,
	),
	"ec2 DescribeVpcEndpointServices": xml(
		`<DescribeVpcEndpointServicesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><serviceNameSet><item>com.amazonaws.${region}.email-smtp</item></serviceNameSet><serviceDetailSet><item><serviceName>com.amazonaws.${region}.email-smtp</serviceName><owner>amazon</owner><vpcEndpointPolicySupported>true</vpcEndpointPolicySupported></item></serviceDetailSet></DescribeVpcEndpointServicesResponse>`,
	),
	"ses ListArchives": json({ Archives: [{ ArchiveId: "a-0123456789abcdef", ArchiveName: "sent", ArchiveState: "ACTIVE" }] }),
	"ses GetArchive": json({
		ArchiveId: "a-0123456789abcdef",
		ArchiveName: "sent",
		ArchiveArn: mailManager("archive/a-0123456789abcdef"),
		ArchiveState: "ACTIVE",
		KmsKeyArn: "the key of mail",
		Retention: { RetentionPeriod: "SIX_YEARS" },
	}),
	"ses ListIngressPoints": json({ IngressPoints: [{ IngressPointId: "inp-1", IngressPointName: "in", Status: "ACTIVE", Type: "AUTH" }] }),
	"ses GetIngressPoint": json({
		IngressPointId: "inp-1",
		IngressPointName: "in",
		IngressPointArn: mailManager("ingress-point/inp-1"),
		Status: "ACTIVE",
		Type: "AUTH",
		TlsPolicy: "REQUIRED",
		TrafficPolicyId: "tp-1",
		RuleSetId: "rs-1",
		NetworkConfiguration: { PrivateNetworkConfiguration: { VpcEndpointId: "vpce-0123456789abcdef0" } },
		IngressPointAuthConfiguration: { SecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:mail/in-AbCdEf` },
	}),
	"ses ListRelays": json({ Relays: [{ RelayId: "r-1", RelayName: "out" }] }),
	"ses GetRelay": json({
		RelayId: "r-1",
		RelayName: "out",
		RelayArn: mailManager("smtp-relay/r-1"),
		ServerName: "relay.example.org",
		ServerPort: 587,
		Authentication: { SecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:mail/relay-AbCdEf` },
	}),
	"ses ListTrafficPolicies": json({ TrafficPolicies: [{ TrafficPolicyId: "tp-1", TrafficPolicyName: "in", DefaultAction: "DENY" }] }),
	"ses GetTrafficPolicy": json({
		TrafficPolicyId: "tp-1",
		TrafficPolicyName: "in",
		TrafficPolicyArn: mailManager("traffic-policy/tp-1"),
		DefaultAction: "DENY",
		PolicyStatements: [
			{
				Action: "ALLOW",
				Conditions: [{ TlsExpression: { Evaluate: { Attribute: "TLS_PROTOCOL" }, Operator: "MINIMUM_TLS_VERSION", Value: "TLS1_2" } }],
			},
		],
	}),
	"sso ListInstances": json({ Instances: [{ InstanceArn: "arn:aws:sso:::instance/ssoins-1", IdentityStoreId: "d-1" }] }),
	"sso ListPermissionSets": json({ PermissionSets: ["arn:aws:sso:::permissionSet/ssoins-1/ps-1"] }),
	"sso DescribePermissionSet": json({
		PermissionSet: { PermissionSetArn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1", Name: "mail", SessionDuration: "PT8H" },
	}),
	"organizations ListPoliciesForTarget": json({
		Policies: [
			{
				Id: "p-FullAWSAccess",
				Arn: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
				Name: "FullAWSAccess",
				Type: "SERVICE_CONTROL_POLICY",
				AwsManaged: true,
			},
		],
	}),
	"organizations DescribePolicy": json({
		Policy: {
			PolicySummary: { Id: "p-FullAWSAccess", Type: "SERVICE_CONTROL_POLICY", AwsManaged: true },
			Content: document({ Effect: "Allow", Action: "*", Resource: "*" }),
		},
	}),
	"kinesis ListStreams": json({ StreamNames: ["mail"], HasMoreStreams: false }),
	"kinesis DescribeStreamSummary": json({
		StreamDescriptionSummary: {
			StreamName: "mail",
			StreamARN: `arn:aws:kinesis:${region}:${account}:stream/mail`,
			StreamStatus: "ACTIVE",
			RetentionPeriodHours: 24,
			EncryptionType: "KMS",
			KeyId: "the key of mail",
			OpenShardCount: 1,
			EnhancedMonitoring: [],
			StreamCreationTimestamp: 1_767_225_600,
		},
	}),
	"ses DescribeActiveReceiptRuleSet": result(
		"DescribeActiveReceiptRuleSet",
		"<Metadata><Name>inbound</Name><CreatedTimestamp>2026-01-01T00:00:00Z</CreatedTimestamp></Metadata>",
	),
	"route53domains ListDomains": json({ Domains: [{ DomainName: "clinic.example", AutoRenew: true, TransferLock: true, Expiry: 1_830_297_600 }] }),
	"route53domains GetDomainDetail": json({
		DomainName: "clinic.example",
		Nameservers: [{ Name: "ns-1.awsdns-01.org" }],
		AutoRenew: true,
		ExpirationDate: 1_830_297_600,
		StatusList: ["clientTransferProhibited"],
	}),
	"artifact GET /v1/customer-agreement/list": json({
		customerAgreements: [
			{
				name: "AWS Business Associate Addendum",
				arn: `arn:aws:artifact::${account}:customer-agreement/agreement-1`,
				awsAccountId: account,
				state: "ACTIVE",
				type: "DEFAULT",
				effectiveStart: 1_767_225_600,
			},
		],
	}),
	"s3 GET /v20180820/configuration/publicAccessBlock": xml(
		"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
	),
	// The emulator's root user has no device, and none can be given to it.
	"iam GetAccountSummary": result(
		"GetAccountSummary",
		`<SummaryMap>${entries({ AccountMFAEnabled: 1, AccountAccessKeysPresent: 0, AccountPasswordPresent: 1, Users: 1, Providers: 0 })}</SummaryMap>`,
	),
};

function entries(of: Readonly<Record<string, number>>): string {
	return Object.entries(of)
		.map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`)
		.join("");
}

/** What the emulator answers, with what it leaves out: the listing of log groups says which of them mask. */
export function amended({ service, operation }: Asked, body: Buffer): Buffer {
	if (service !== "logs" || operation !== "DescribeLogGroups") return body;
	const { logGroups = [], ...more } = JSON.parse(body.toString()) as { logGroups?: { logGroupName?: string }[] };
	const marked = logGroups.map((one) => (one.logGroupName?.startsWith("/mail/") ? { ...one, dataProtectionStatus: "ACTIVATED" } : one));
	return Buffer.from(JSON.stringify({ ...more, logGroups: marked }));
}

/** The answer where the emulator has none. */
export function unemulated({ service, operation }: Asked, keyArn: string): Answered | undefined {
	const answer = answers[`${service} ${operation}`];
	return answer && { ...answer, body: answer.body.replace("the key of mail", keyArn) };
}
