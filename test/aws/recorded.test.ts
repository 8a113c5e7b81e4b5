import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AccessAnalyzerClient, ListAnalyzersCommand } from "@aws-sdk/client-accessanalyzer";
import {
	ConfigServiceClient,
	DescribeComplianceByConfigRuleCommand,
	DescribeConformancePackComplianceCommand,
	DescribeConformancePacksCommand,
	GetComplianceDetailsByConfigRuleCommand,
} from "@aws-sdk/client-config-service";
import { DescribeVpcEndpointsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetDetectorCommand, GetFindingsCommand, GuardDutyClient, ListDetectorsCommand, ListFindingsCommand } from "@aws-sdk/client-guardduty";
import { BatchGetAccountStatusCommand, Inspector2Client, ListFindingsCommand as ListVulnerabilitiesCommand } from "@aws-sdk/client-inspector2";
import { GetAutomatedDiscoveryConfigurationCommand, GetMacieSessionCommand, ListClassificationJobsCommand, Macie2Client } from "@aws-sdk/client-macie2";
import {
	GetArchiveCommand,
	GetIngressPointCommand,
	GetRelayCommand,
	GetTrafficPolicyCommand,
	ListArchivesCommand,
	ListIngressPointsCommand,
	ListRelaysCommand,
	ListTrafficPoliciesCommand,
	MailManagerClient,
} from "@aws-sdk/client-mailmanager";
import { GetPublicAccessBlockCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { DescribeHubCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import artifact from "../../checks/collectors/aws-artifact/index.ts";
import config from "../../checks/collectors/aws-config/index.ts";
import detection from "../../checks/collectors/aws-detection/index.ts";
import ec2 from "../../checks/collectors/aws-ec2/index.ts";
import guardduty from "../../checks/collectors/aws-guardduty/index.ts";
import kinesis from "../../checks/collectors/aws-kinesis/index.ts";
import mailmanager from "../../checks/collectors/aws-mailmanager/index.ts";
import s3control from "../../checks/collectors/aws-s3-control/index.ts";
import type { Collector } from "../../checks/collectors/collector.ts";
import { type Evidence, listingId } from "../../model/evidence.ts";
import { lookAt, refusal, target } from "./look.ts";

/** Services that the emulator lacks, by answers of the shapes that the SDK types and AWS's recorded answers have. */
const look = async (collector: Collector): Promise<Evidence[]> => (await lookAt(collector)).items;
const of = (items: readonly Evidence[], kind: string) => items.filter((item) => item.kind === kind);
const listingOf = (items: readonly Evidence[], kind: string) => items.find((item) => item.id === listingId(kind, target.id));

const mocks = {
	sts: mockClient(STSClient),
	config: mockClient(ConfigServiceClient),
	guardduty: mockClient(GuardDutyClient),
	hub: mockClient(SecurityHubClient),
	analyzer: mockClient(AccessAnalyzerClient),
	macie: mockClient(Macie2Client),
	inspector: mockClient(Inspector2Client),
	mailmanager: mockClient(MailManagerClient),
	s3control: mockClient(S3ControlClient),
};
beforeEach(() => {
	for (const mock of Object.values(mocks)) mock.reset();
	mocks.sts.on(GetCallerIdentityCommand).resolves({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/scanner" });
});
afterEach(() => {
	for (const mock of Object.values(mocks)) mock.reset();
});

describe("AWS Config's own rules", () => {
	const evaluation = (ResourceType: string, ResourceId: string, ComplianceType: "COMPLIANT" | "NON_COMPLIANT") => ({
		EvaluationResultIdentifier: { EvaluationResultQualifier: { ConfigRuleName: "trails-encrypted", ResourceType, ResourceId } },
		ComplianceType,
		ResultRecordedTime: new Date("2026-05-27T04:15:25.613Z"),
		Annotation: "free text that stays out",
	});

	it("are told by resource, all pages, under the ARN that our items have, without their notes", async () => {
		mocks.config.on(DescribeComplianceByConfigRuleCommand).resolves({
			ComplianceByConfigRules: [{ ConfigRuleName: "trails-encrypted", Compliance: { ComplianceType: "NON_COMPLIANT" } }],
		});
		mocks.config.on(GetComplianceDetailsByConfigRuleCommand).callsFake(({ NextToken }) =>
			NextToken === undefined
				? { EvaluationResults: [evaluation("AWS::CloudTrail::Trail", "S3-DataEvents", "NON_COMPLIANT")], NextToken: "2" }
				: {
						EvaluationResults: [
							evaluation("AWS::CloudTrail::Trail", "arn:aws:cloudtrail:us-east-1:644160558196:trail/orgTrail", "COMPLIANT"),
							evaluation("AWS::IAM::Role", "AROAEXAMPLE", "COMPLIANT"),
						],
					},
		);
		mocks.config.on(DescribeConformancePacksCommand).resolves({ ConformancePackDetails: [{ ConformancePackName: "hipaa" } as never] });
		mocks.config.on(DescribeConformancePackComplianceCommand).resolves({
			ConformancePackName: "hipaa",
			ConformancePackRuleComplianceList: [{ ConfigRuleName: "trails-encrypted", ComplianceType: "NON_COMPLIANT" }],
		});
		const items = await look(config);
		expect(of(items, "aws.config_evaluation").map(({ values }) => (values as { resource_arn?: string }).resource_arn)).toEqual([
			"arn:aws:cloudtrail:us-east-1:123456789012:trail/S3-DataEvents",
			"arn:aws:cloudtrail:us-east-1:644160558196:trail/orgTrail",
			undefined,
		]);
		expect(of(items, "aws.config_evaluation")[0]).toMatchObject({
			id: "trails-encrypted|AWS::CloudTrail::Trail|S3-DataEvents",
			values: { compliance: "NON_COMPLIANT", recorded_at: "2026-05-27T04:15:25.613Z" },
		});
		expect(of(items, "aws.config_pack_rule").map(({ values }) => values)).toEqual([{ pack: "hipaa", rule: "trails-encrypted", compliance: "NON_COMPLIANT" }]);
		expect(JSON.stringify(items)).not.toContain("free text");
	});

	it("are a gap of their own where they may not be read", async () => {
		mocks.config.on(DescribeComplianceByConfigRuleCommand).rejects(refusal("AccessDeniedException"));
		mocks.config.on(DescribeConformancePacksCommand).resolves({});
		const items = await look(config);
		expect(listingOf(items, "aws.config_evaluation")).toMatchObject({ status: "error", error: { code: "permission_denied" } });
		expect(listingOf(items, "aws.config_pack_rule")).toMatchObject({ status: "error", error: { code: "malformed" } });
	});
});

describe("the account's block of public access", () => {
	it("is what S3 Control answers", async () => {
		const PublicAccessBlockConfiguration = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true };
		mocks.s3control.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration });
		expect(of(await look(s3control), "aws_s3_account_public_access_block")).toMatchObject([
			{ status: "ok", id: "123456789012", values: { block_public_acls: true, block_public_policy: false } },
		]);
	});

	it("is absent where AWS says that there is none, and an error where it refuses", async () => {
		mocks.s3control.on(GetPublicAccessBlockCommand).rejects(refusal("NoSuchPublicAccessBlockConfiguration"));
		expect(of(await look(s3control), "aws_s3_account_public_access_block")).toMatchObject([{ status: "absent" }]);
		mocks.s3control.on(GetPublicAccessBlockCommand).rejects(refusal("AccessDenied"));
		expect(of(await look(s3control), "aws_s3_account_public_access_block")).toMatchObject([
			{ status: "error", error: { code: "permission_denied", detail: "s3:GetAccountPublicAccessBlock" } },
		]);
	});
});

describe("what watches an account", () => {
	const answerAll = () => {
		mocks.hub.on(DescribeHubCommand).resolves({ HubArn: "arn:aws:securityhub:us-east-1:123456789012:hub/default" });
		mocks.analyzer.on(ListAnalyzersCommand).resolves({ analyzers: [] });
		mocks.macie.on(GetMacieSessionCommand).resolves({ status: "ENABLED" });
		mocks.inspector.on(BatchGetAccountStatusCommand).resolves({ accounts: [] });
	};

	it("reads detectors and their features", async () => {
		mocks.guardduty
			.on(ListDetectorsCommand)
			.resolvesOnce({ DetectorIds: ["a"], NextToken: "2" })
			.resolves({ DetectorIds: ["b"] });
		mocks.guardduty.on(GetDetectorCommand).resolves({ Status: "ENABLED", ServiceRole: "r", Features: [{ Name: "S3_DATA_EVENTS", Status: "ENABLED" }] });
		const items = await look(guardduty);
		expect(of(items, "aws_guardduty_detector").map((item) => item.id)).toEqual(["a", "b"]);
		expect(of(items, "aws_guardduty_detector_feature")).toMatchObject([
			{ values: { detector_id: "a", name: "S3_DATA_EVENTS" } },
			{ values: { detector_id: "b" } },
		]);
		expect(listingOf(items, "aws_guardduty_detector")).toMatchObject({ status: "ok", values: { count: 2, complete: true } });
	});

	it("reads open high findings fifty at a time, without what they tell of people", async () => {
		mocks.guardduty.on(ListDetectorsCommand).resolves({ DetectorIds: ["a"] });
		mocks.guardduty
			.on(ListFindingsCommand)
			.resolvesOnce({ FindingIds: ["1", "2"], NextToken: "more" })
			.resolvesOnce({ FindingIds: ["3"] });
		const finding = { Type: "T", Severity: 8, CreatedAt: "2026-11-01T00:00:00Z", UpdatedAt: "2026-11-02T00:00:00Z", Title: "of a person" };
		const whole = { ...finding, AccountId: "123456789012", Region: "us-east-1", Resource: {}, SchemaVersion: "2.0" };
		mocks.guardduty
			.on(GetFindingsCommand, { DetectorId: "a", FindingIds: ["1", "2"] })
			.resolves({ Findings: ["1", "2"].map((Id) => ({ ...whole, Id, Arn: Id })) })
			.on(GetFindingsCommand, { DetectorId: "a", FindingIds: ["3"] })
			.resolves({ Findings: [{ ...whole, Id: "3", Arn: "3" }] });
		const items = await look(guardduty);
		expect(of(items, "aws.guardduty_finding").map(({ id }) => id)).toEqual(["1", "2", "3"]);
		expect(JSON.stringify(items)).not.toContain("of a person");
		expect(mocks.guardduty.commandCalls(ListFindingsCommand)[0]?.args[0].input.FindingCriteria?.Criterion).toHaveProperty(["service.archived"]);
	});

	it.each([
		["ListFindings", ListFindingsCommand],
		["GetFindings", GetFindingsCommand],
	] as const)("tells of findings that %s did not give", async (name, command) => {
		mocks.guardduty.on(ListDetectorsCommand).resolves({ DetectorIds: ["a"] });
		mocks.guardduty.on(ListFindingsCommand).resolves({ FindingIds: ["1"] });
		mocks.guardduty.on(GetFindingsCommand).resolves({});
		mocks.guardduty.on(command as typeof GetFindingsCommand).rejects(refusal("AccessDeniedException"));
		const denied = { status: "error", error: { code: "permission_denied", detail: `guardduty:${name}` } };
		expect(listingOf(await look(guardduty), "aws.guardduty_finding")).toMatchObject(denied);
		mocks.guardduty.on(command as typeof GetFindingsCommand).resolves({});
		expect(listingOf(await look(guardduty), "aws.guardduty_finding")).toMatchObject({ status: "error", error: { code: "malformed" } });
	});

	it("reads vulnerabilities that could be fixed, and the jobs of Macie", async () => {
		answerAll();
		const resources = [{ id: "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", type: "AWS_LAMBDA_FUNCTION" as const }];
		const found = { findingArn: "v", severity: "HIGH" as const, firstObservedAt: new Date("2026-11-01T00:00:00Z"), resources, title: "of a package" };
		mocks.inspector.on(ListVulnerabilitiesCommand).resolves({ findings: [found as never] });
		mocks.macie.on(GetAutomatedDiscoveryConfigurationCommand).resolves({ status: "ENABLED" });
		mocks.macie.on(ListClassificationJobsCommand).resolves({
			items: [{ jobId: "j", jobStatus: "IDLE", bucketDefinitions: [{ accountId: "123456789012", buckets: ["in"] }] }],
		});
		const items = await look(detection);
		expect(of(items, "aws.inspector_finding")).toMatchObject([{ values: { severity: "HIGH", first_observed_at: "2026-11-01T00:00:00.000Z", resources } }]);
		expect(of(items, "aws.macie_job")).toMatchObject([{ values: { buckets: ["in"], by_criteria: false } }]);
		expect(of(items, "aws.macie_discovery")).toMatchObject([{ values: { status: "ENABLED" } }]);
		mocks.inspector.on(ListVulnerabilitiesCommand).rejects(refusal("ThrottlingException"));
		mocks.macie.on(ListClassificationJobsCommand).rejects(refusal("AccessDeniedException", "Macie is not enabled."));
		const less = await look(detection);
		expect(listingOf(less, "aws.inspector_finding")).toMatchObject({ status: "error", error: { code: "throttled", detail: "inspector2:ListFindings" } });
		expect(listingOf(less, "aws.macie_job")).toMatchObject({ status: "ok", values: { count: 0 } });
	});

	it("takes pages that lead in a circle for no answer", async () => {
		mocks.guardduty.on(ListDetectorsCommand).resolves({ DetectorIds: [], NextToken: "again" });
		expect(listingOf(await look(guardduty), "aws_guardduty_detector")).toMatchObject({ status: "error", error: { code: "malformed" } });
	});

	it("tells a service that is off from one that refuses", async () => {
		answerAll();
		mocks.hub.on(DescribeHubCommand).rejects(refusal("InvalidAccessException", "Account 123456789012 is not subscribed to AWS Security Hub"));
		mocks.macie.on(GetMacieSessionCommand).rejects(refusal("AccessDeniedException", "Macie is not enabled"));
		const off = await look(detection);
		expect(listingOf(off, "aws_securityhub_account")).toMatchObject({ status: "ok", values: { count: 0, complete: true } });
		expect(listingOf(off, "aws.macie_session")).toMatchObject({ status: "ok", values: { count: 0 } });
		mocks.hub.on(DescribeHubCommand).rejects(refusal("AccessDeniedException"));
		mocks.macie.on(GetMacieSessionCommand).rejects(refusal("AccessDeniedException", "User is not authorized to perform: macie2:GetMacieSession"));
		const denied = await look(detection);
		expect(listingOf(denied, "aws_securityhub_account")).toMatchObject({ status: "error", error: { code: "permission_denied" } });
		expect(listingOf(denied, "aws.macie_session")).toMatchObject({ status: "error", error: { code: "permission_denied", detail: "macie2:GetMacieSession" } });
	});
});

describe("Mail Manager", () => {
	it("reads archives, ingress points, relays and traffic policies", async () => {
		const arn = (what: string) => `arn:aws:ses:us-east-1:123456789012:mailmanager-${what}`;
		mocks.mailmanager
			.on(ListArchivesCommand)
			.resolves({ Archives: [{ ArchiveId: "a" }] })
			.on(GetArchiveCommand)
			.resolves({ ArchiveId: "a", ArchiveName: "sent", ArchiveArn: arn("archive/a"), ArchiveState: "ACTIVE", Retention: { RetentionPeriod: "SIX_YEARS" } })
			.on(ListIngressPointsCommand)
			.resolves({ IngressPoints: [{ IngressPointId: "i", IngressPointName: "in", Status: "ACTIVE", Type: "OPEN" }] })
			.on(GetIngressPointCommand)
			.resolves({ IngressPointId: "i", IngressPointName: "in", IngressPointArn: arn("ingress-point/i"), TlsPolicy: "REQUIRED", TrafficPolicyId: "t" })
			.on(ListRelaysCommand)
			.resolves({ Relays: [{ RelayId: "r" }] })
			.on(GetRelayCommand)
			.resolves({ RelayId: "r", RelayArn: arn("smtp-relay/r"), ServerName: "relay.example", ServerPort: 25, Authentication: { NoAuthentication: {} } })
			.on(ListTrafficPoliciesCommand)
			.resolves({ TrafficPolicies: [{ TrafficPolicyId: "t", TrafficPolicyName: "t", DefaultAction: "DENY" }] })
			.on(GetTrafficPolicyCommand)
			.resolves({
				TrafficPolicyId: "t",
				TrafficPolicyName: "t",
				TrafficPolicyArn: arn("traffic-policy/t"),
				DefaultAction: "DENY",
				PolicyStatements: [
					{ Action: "ALLOW", Conditions: [{ TlsExpression: { Evaluate: { Attribute: "TLS_PROTOCOL" }, Operator: "MINIMUM_TLS_VERSION", Value: "TLS1_2" } }] },
				],
			});
		const items = await look(mailmanager);
		expect(of(items, "aws_mailmanager_archive")).toMatchObject([{ values: { archive_state: "ACTIVE", retention: { retention_period: "SIX_YEARS" } } }]);
		expect(of(items, "aws_mailmanager_ingress_point")).toMatchObject([{ values: { tls_policy: "REQUIRED", traffic_policy_id: "t" } }]);
		expect(of(items, "aws_mailmanager_relay")).toMatchObject([{ values: { server_port: 25, authentication: { no_authentication: {} } } }]);
		expect(of(items, "aws_mailmanager_traffic_policy")).toMatchObject([
			{ values: { policy_statement: [{ action: "ALLOW", condition: [{ tls_expression: { operator: "MINIMUM_TLS_VERSION", value: "TLS1_2" } }] }] } },
		]);
	});
});

describe("services that are asked without a client package", () => {
	let server: Server;
	let answer: { status: number; body: string; type?: string };
	let asked: { url: string | undefined; authorization: string | undefined; body: string }[];
	beforeEach(async () => {
		asked = [];
		server = createServer((incoming, outgoing) => {
			const chunks: Buffer[] = [];
			incoming
				.on("data", (chunk: Buffer) => chunks.push(chunk))
				.on("end", () => {
					asked.push({ url: incoming.url, authorization: incoming.headers.authorization, body: Buffer.concat(chunks).toString() });
					outgoing.writeHead(answer.status, answer.type === undefined ? {} : { "x-amzn-errortype": answer.type });
					outgoing.end(answer.body);
				});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		delete process.env.AWS_ENDPOINT_URL;
		server.closeAllConnections();
		server.close();
	});

	it("signs the question and reads agreements", async () => {
		const agreement = {
			name: "AWS Business Associate Addendum",
			arn: "arn:aws:artifact::123456789012:customer-agreement/x",
			state: "ACTIVE",
			effectiveStart: 1767225600,
		};
		answer = { status: 200, body: JSON.stringify({ customerAgreements: [{ ...agreement, acceptanceTerms: ["text"] }] }) };
		const items = await look(artifact);
		expect(of(items, "aws.artifact_agreement")).toMatchObject([{ values: { state: "ACTIVE", effective_start: "2026-01-01T00:00:00.000Z" } }]);
		expect(JSON.stringify(items)).not.toContain("acceptanceTerms");
		expect(asked[0]?.url).toBe("/v1/customer-agreement/list?maxResults=100");
		expect(asked[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/artifact\/aws4_request/);
	});

	it("names the refused call, a body that was cut, and one that is empty", async () => {
		answer = { status: 403, body: "{}", type: "AccessDeniedException:http://internal" };
		const kind = "aws.artifact_agreement";
		expect(listingOf(await look(artifact), kind)).toMatchObject({ error: { code: "permission_denied", detail: "artifact:ListCustomerAgreements" } });
		answer = { status: 200, body: '{"customerAgreements":[' };
		expect(listingOf(await look(artifact), kind)).toMatchObject({ error: { code: "malformed" } });
		answer = { status: 200, body: "{}" };
		expect(listingOf(await look(artifact), kind)).toMatchObject({ error: { code: "malformed" } });
		answer = { status: 503, body: "" };
		expect(listingOf(await look(artifact), kind)).toMatchObject({ error: { code: "upstream_error" } });
	});

	it("reads endpoints from XML page by page, and tells a refusal, a cut body and an empty one from none", async () => {
		const endpoint = `<item><vpcEndpointId>vpce-1</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType><vpcId>vpc-1</vpcId><serviceName>com.amazonaws.us-east-1.email-smtp</serviceName><state>available</state><policyDocument>{&quot;Statement&quot;:[]}</policyDocument><subnetIdSet><item>subnet-1</item></subnetIdSet><privateDnsEnabled>true</privateDnsEnabled></item>`;
		const page = (inner: string) =>
			`<DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inner}</DescribeVpcEndpointsResponse>`;
		answer = { status: 200, body: page(`<vpcEndpointSet>${endpoint}</vpcEndpointSet>`) };
		expect(of(await look(ec2), "aws_vpc_endpoint").map(({ values }) => values)).toEqual([
			{
				arn: "arn:aws:ec2:us-east-1:123456789012:vpc-endpoint/vpce-1",
				id: "vpce-1",
				policy: '{"Statement":[]}',
				private_dns_enabled: true,
				service_name: "com.amazonaws.us-east-1.email-smtp",
				state: "available",
				subnet_ids: ["subnet-1"],
				vpc_endpoint_type: "Interface",
				vpc_id: "vpc-1",
			},
		]);
		expect(asked[0]?.body).toBe("Action=DescribeVpcEndpoints&Version=2016-11-15&MaxResults=1000");
		// Whether its service takes a policy is asked of the service by name, and an answer about another is none.
		expect(asked[1]?.body).toBe("Action=DescribeVpcEndpointServices&Version=2016-11-15&ServiceName.1=com.amazonaws.us-east-1.email-smtp");
		const service = (name: string) =>
			`<serviceDetailSet><item><serviceName>${name}</serviceName><vpcEndpointPolicySupported>true</vpcEndpointPolicySupported></item></serviceDetailSet>`;
		for (const [name, expected] of [
			["com.amazonaws.us-east-1.email-smtp", { values: { vpc_endpoint_id: "vpce-1", policy_supported: true } }],
			["com.amazonaws.us-east-1.s3", { id: "vpce-1", error: { code: "malformed", detail: "ec2:DescribeVpcEndpointServices" } }],
		] as const) {
			answer = { status: 200, body: page(`<vpcEndpointSet>${endpoint}</vpcEndpointSet>${service(name)}`) };
			expect(of(await look(ec2), "aws.vpc_endpoint_service")).toMatchObject([expected]);
		}
		// The SDK's own client reads the same answer so.
		const { VpcEndpoints } = await new EC2Client({ region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } }).send(
			new DescribeVpcEndpointsCommand({ MaxResults: 1000 }),
		);
		expect(VpcEndpoints).toMatchObject([
			{ VpcEndpointId: "vpce-1", PolicyDocument: '{"Statement":[]}', PrivateDnsEnabled: true, State: "available", SubnetIds: ["subnet-1"] },
		]);
		const kind = "aws_vpc_endpoint";
		answer = { status: 200, body: page("<vpcEndpointSet/>") };
		expect(listingOf(await look(ec2), kind)).toMatchObject({ status: "ok", values: { count: 0, complete: true } });
		answer = { status: 200, body: page("<vpcEndpointSet/><nextToken>again</nextToken>") };
		expect(listingOf(await look(ec2), kind)).toMatchObject({ error: { code: "malformed" } });
		expect(asked.at(-1)?.body).toContain("NextToken=again");
		for (const body of [page(""), page(`<vpcEndpointSet>${endpoint}`).slice(0, 200), "{}"]) {
			answer = { status: 200, body };
			expect(listingOf(await look(ec2), kind)).toMatchObject({ status: "error", error: { code: "malformed", detail: "ec2:DescribeVpcEndpoints" } });
		}
		const refused = (code: string) =>
			`<Response><Errors><Error><Code>${code}</Code><Message>made by a test</Message></Error></Errors><RequestID>1</RequestID></Response>`;
		answer = { status: 403, body: refused("UnauthorizedOperation") };
		expect(listingOf(await look(ec2), kind)).toMatchObject({ error: { code: "permission_denied" } });
		answer = { status: 503, body: refused("RequestLimitExceeded") };
		expect(listingOf(await look(ec2), kind)).toMatchObject({ error: { code: "throttled" } });
		answer = { status: 500, body: "" };
		expect(listingOf(await look(ec2), kind)).toMatchObject({ error: { code: "upstream_error" } });
	});

	it("lists data streams page by page, and takes a last page that leads back for no answer", async () => {
		answer = { status: 200, body: JSON.stringify({ StreamNames: ["events"], HasMoreStreams: true }) };
		expect(listingOf(await look(kinesis), "aws_kinesis_stream")).toMatchObject({ status: "error", error: { code: "malformed" } });
		expect(JSON.parse(asked[1]?.body ?? "{}")).toEqual({ Limit: 100, ExclusiveStartStreamName: "events" });
	});
});
