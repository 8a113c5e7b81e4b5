import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const securityHub = awsApi({ id: "securityhub", client: "SecurityHubClient", load: () => import("@aws-sdk/client-securityhub"), concurrency: 2 });
const accessAnalyzer = awsApi({
	id: "accessanalyzer",
	prefix: "access-analyzer",
	client: "AccessAnalyzerClient",
	load: () => import("@aws-sdk/client-accessanalyzer"),
	concurrency: 2,
});
const macie = awsApi({ id: "macie2", client: "Macie2Client", load: () => import("@aws-sdk/client-macie2"), concurrency: 2 });
const inspector = awsApi({ id: "inspector2", client: "Inspector2Client", load: () => import("@aws-sdk/client-inspector2"), concurrency: 2 });

// One exception for an account that is not let in and for one that has no hub, which its words alone tell apart.
const hubOff = [{ name: "InvalidAccessException", message: /not subscribed to AWS Security Hub|not enabled for securityhub/i }];

const hub = table({
	list: listOf(securityHub("DescribeHub", { expects: ["HubArn"] }), {}, (page) => [page], hubOff),
	id: (one) => one.HubArn ?? "hub",
	kinds: {
		aws_securityhub_account: { map: (one, _answers, { account }) => ({ id: one.HubArn ?? "hub", values: { arn: one.HubArn, id: account } }) },
	},
});

const analyzers = table({
	list: listOf(accessAnalyzer("ListAnalyzers", { pages: "nextToken", expects: ["analyzers"] }), {}, (page) => page.analyzers),
	id: (one) => one.arn ?? "",
	kinds: {
		aws_accessanalyzer_analyzer: { map: (one) => ({ id: one.arn ?? "", values: { arn: one.arn, id: one.name, analyzer_name: one.name, type: one.type } }) },
		"aws.accessanalyzer_analyzer": {
			map: (one) => ({ id: `${one.arn}|status`, values: { arn: one.arn, status: one.status, last_analyzed_at: one.lastResourceAnalyzedAt } }),
		},
	},
});

// Macie answers AccessDeniedException where it is not enabled, and says so in words only.
const macieOff = [{ name: "AccessDeniedException", message: /Macie is not enabled/i }];

const macieSession = table({
	list: listOf(macie("GetMacieSession", { expects: ["status"] }), {}, (page) => [page], macieOff),
	id: () => "macie",
	kinds: {
		"aws.macie_session": { map: (one) => ({ id: "macie", values: { status: one.status, finding_publishing_frequency: one.findingPublishingFrequency } }) },
	},
});

const macieDiscovery = table({
	list: listOf(macie("GetAutomatedDiscoveryConfiguration", { expects: ["status"] }), {}, (page) => [page], macieOff),
	id: () => "macie-discovery",
	kinds: { "aws.macie_discovery": { map: (one) => ({ id: "macie-discovery", values: { status: one.status } }) } },
});

const macieJobs = table({
	list: listOf(macie("ListClassificationJobs", { pages: "nextToken", expects: ["items"] }), {}, (page) => page.items, macieOff),
	id: (one) => one.jobId ?? "",
	kinds: {
		"aws.macie_job": {
			map: (one) => ({
				id: one.jobId ?? "",
				values: {
					status: one.jobStatus,
					buckets: one.bucketDefinitions?.flatMap(({ buckets }) => buckets ?? []),
					by_criteria: one.bucketCriteria !== undefined,
				},
			}),
		},
	},
});

const inspectorStatus = table({
	list: listOf(inspector("BatchGetAccountStatus", { expects: ["accounts"] }), {}, (page) => page.accounts),
	id: (one) => one.accountId ?? "",
	kinds: {
		"aws.inspector_account": {
			map: (one) => ({
				id: `${one.accountId}|inspector`,
				values: {
					account: one.accountId,
					status: one.state?.status,
					ec2: one.resourceState?.ec2?.status,
					ecr: one.resourceState?.ecr?.status,
					lambda: one.resourceState?.lambda?.status,
				},
			}),
		},
	},
});

const equals = (value: string) => ({ comparison: "EQUALS" as const, value });

const coverage = table({
	list: listOf(
		inspector("ListCoverage", { pages: "nextToken", expects: ["coveredResources"] }),
		{ maxResults: 200, filterCriteria: { resourceType: [equals("AWS_LAMBDA_FUNCTION")], scanType: [equals("PACKAGE")] } },
		(page) => page.coveredResources,
	),
	id: (one) => one.resourceId ?? "",
	kinds: {
		"aws.inspector_coverage": {
			map: (one) => ({
				id: `${one.resourceId}|${one.scanType}`,
				values: { resource: one.resourceId, scan_type: one.scanType, status: one.scanStatus?.statusCode, reason: one.scanStatus?.reason },
			}),
		},
	},
});

const vulnerabilities = table({
	list: listOf(
		inspector("ListFindings", { pages: "nextToken", expects: ["findings"] }),
		{
			maxResults: 100,
			filterCriteria: {
				findingStatus: [equals("ACTIVE")],
				findingType: [equals("PACKAGE_VULNERABILITY")],
				fixAvailable: [equals("YES"), equals("PARTIAL")],
				severity: [equals("CRITICAL"), equals("HIGH")],
			},
		},
		(page) => page.findings,
	),
	id: (one) => one.findingArn ?? "",
	kinds: {
		"aws.inspector_finding": {
			map: (one) => ({
				id: one.findingArn ?? "",
				values: {
					severity: one.severity,
					vulnerability: one.packageVulnerabilityDetails?.vulnerabilityId,
					first_observed_at: one.firstObservedAt,
					resources: one.resources?.map(({ id, type }) => ({ id, type })),
				},
			}),
		},
	},
});

/** Services that watch an account: whether they are on, what Macie and Inspector look at, and the vulnerabilities that could be fixed. */
export default awsCollector({
	id: "aws-detection",
	tables: [hub, analyzers, macieSession, macieDiscovery, macieJobs, inspectorStatus, coverage, vulnerabilities],
});
