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

const hub = table({
	list: listOf(securityHub("DescribeHub", { expects: ["HubArn"] }), {}, (page) => [page], [{ name: "InvalidAccessException", message: /not subscribed/i }]),
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

const macieSession = table({
	// Macie answers AccessDeniedException where it is not enabled, and says so in words only.
	list: listOf(macie("GetMacieSession", { expects: ["status"] }), {}, (page) => [page], [{ name: "AccessDeniedException", message: /Macie is not enabled/i }]),
	id: () => "macie",
	kinds: {
		"aws.macie_session": { map: (one) => ({ id: "macie", values: { status: one.status, finding_publishing_frequency: one.findingPublishingFrequency } }) },
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

/** Services that watch an account: whether they are on. */
export default awsCollector({ id: "aws-detection", tables: [hub, analyzers, macieSession, inspectorStatus] });
