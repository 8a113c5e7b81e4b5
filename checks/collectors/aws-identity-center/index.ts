import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";

const sso = awsApi({ id: "sso-admin", prefix: "sso", client: "SSOAdminClient", load: () => import("@aws-sdk/client-sso-admin"), concurrency: 2 });

const permissionSets = table({
	list: listWithin(
		listOf(sso("ListInstances", { pages: "NextToken", expects: ["Instances"] }), {}, (page) => page.Instances),
		sso("ListPermissionSets", { pages: "NextToken", expects: ["PermissionSets"] }),
		(instance) => ({ InstanceArn: instance.InstanceArn }),
		(page, instance) => page.PermissionSets?.map((arn) => ({ arn, instance: instance.InstanceArn })),
	),
	id: ({ arn }) => arn,
	details: {
		set: {
			operation: sso("DescribePermissionSet", { expects: ["PermissionSet"] }),
			input: ({ arn, instance }) => ({ InstanceArn: instance, PermissionSetArn: arn }),
		},
	},
	kinds: {
		aws_ssoadmin_permission_set: {
			of: ["set"],
			map: ({ arn, instance }, { set }) => ({
				id: arn,
				values: {
					arn,
					id: `${arn},${instance}`,
					instance_arn: instance,
					name: set?.[0]?.PermissionSet?.Name,
					session_duration: set?.[0]?.PermissionSet?.SessionDuration,
				},
			}),
		},
	},
});

/** Permission sets of IAM Identity Center and how long a session with them lasts; people are not listed. */
export default awsCollector({ id: "aws-identity-center", tables: [permissionSets] });
