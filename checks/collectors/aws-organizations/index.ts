import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { allRegions, getCallerIdentity, listRegions } from "../../aws/preflight.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";

const organizations = awsApi({
	id: "organizations",
	client: "OrganizationsClient",
	load: () => import("@aws-sdk/client-organizations"),
	global: true,
	concurrency: 2,
});

const none = ["AWSOrganizationsNotInUseException"];

const organization = table({
	list: listOf(
		organizations("DescribeOrganization", { expects: ["Organization"] }),
		{},
		(page) => (page.Organization === undefined ? [] : [page.Organization]),
		none,
	),
	id: (one) => one.Arn ?? "",
	kinds: {
		// The address of the management account's owner stays out.
		"aws.organization": {
			map: (one) => ({ id: one.Arn ?? "", values: { arn: one.Arn, id: one.Id, feature_set: one.FeatureSet, management_account: one.MasterAccountId } }),
		},
	},
});

const policies = table({
	list: listWithin(
		listOf(getCallerIdentity, {}, (page) => [page]),
		organizations("ListPoliciesForTarget", { pages: "NextToken", expects: ["Policies"] }),
		(caller) => ({ TargetId: caller.Account, Filter: "SERVICE_CONTROL_POLICY" as const }),
		(page, caller) => page.Policies?.map((policy) => ({ policy, target: caller.Account })),
		none,
	),
	id: ({ policy }) => policy.Arn ?? "",
	details: { document: { operation: organizations("DescribePolicy", { expects: ["Policy"] }), input: ({ policy }) => ({ PolicyId: policy.Id }) } },
	kinds: {
		aws_organizations_policy: {
			of: ["document"],
			map: ({ policy }, { document }) => ({
				id: policy.Arn ?? "",
				values: { arn: policy.Arn, id: policy.Id, name: policy.Name, type: policy.Type, content: document?.[0]?.Policy?.Content },
			}),
		},
		aws_organizations_policy_attachment: {
			map: ({ policy, target }) => ({ id: `${target}:${policy.Id}`, values: { id: `${target}:${policy.Id}`, policy_id: policy.Id, target_id: target } }),
		},
	},
});

const regions = table({
	list: listOf(listRegions, allRegions, (page) => page.Regions),
	id: (one) => one.RegionName ?? "",
	kinds: { "aws.region": { map: (one) => ({ id: one.RegionName ?? "", values: { name: one.RegionName, opt_status: one.RegionOptStatus } }) } },
});

/** The organization around the account, the control policies on it, and the Regions it has enabled. */
export default awsCollector({ id: "aws-organizations", tables: [organization, policies, regions] });
