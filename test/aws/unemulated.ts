import { account, region } from "./seed-policies.ts";

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
	"guardduty POST /detector/12abc34d567e8fa901bc2d34e56789f0/findings": json({ findingIds: [] }),
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
	"inspector2 POST /findings/list": json({ findings: [] }),
	"ses ListArchives": json({ Archives: [{ ArchiveId: "a-0123456789abcdef", ArchiveName: "sent", ArchiveState: "ACTIVE" }] }),
	"ses GetArchive": json({
		ArchiveId: "a-0123456789abcdef",
		ArchiveName: "sent",
		ArchiveArn: mailManager("archive/a-0123456789abcdef"),
		ArchiveState: "ACTIVE",
		KmsKeyArn: "the key of mail",
		Retention: { RetentionPeriod: "SIX_YEARS" },
	}),
	"ses ListIngressPoints": json({ IngressPoints: [] }),
	"ses ListRelays": json({ Relays: [] }),
	"ses ListTrafficPolicies": json({ TrafficPolicies: [] }),
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

/** The answer where the emulator has none. */
export function unemulated({ service, operation }: Asked, keyArn: string): Answered | undefined {
	const answer = answers[`${service} ${operation}`];
	return answer && { ...answer, body: answer.body.replace("the key of mail", keyArn) };
}
