import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const ec2 = awsApi({ id: "ec2", client: "EC2Client", load: () => import("@aws-sdk/client-ec2"), concurrency: 2 });

const endpoints = table({
	list: listOf(ec2("DescribeVpcEndpoints", { pages: "NextToken" }), { MaxResults: 1000 }, (page) => page.VpcEndpoints),
	id: (one) => one.VpcEndpointId ?? "",
	kinds: {
		aws_vpc_endpoint: {
			map: (one, _answers, { partition, region, account }) => ({
				id: one.VpcEndpointId ?? "",
				values: {
					arn: `arn:${partition}:ec2:${region}:${account}:vpc-endpoint/${one.VpcEndpointId}`,
					id: one.VpcEndpointId,
					policy: one.PolicyDocument,
					private_dns_enabled: one.PrivateDnsEnabled,
					service_name: one.ServiceName,
					service_region: one.ServiceRegion,
					state: one.State,
					subnet_ids: one.SubnetIds,
					vpc_endpoint_type: one.VpcEndpointType,
					vpc_id: one.VpcId,
				},
			}),
		},
	},
});

/** Endpoints by which mail leaves a private network. */
export default awsCollector({ id: "aws-ec2", tables: [endpoints], shownBy: { aws_vpc_endpoint_policy: "aws_vpc_endpoint" } });
