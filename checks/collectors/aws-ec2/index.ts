import { awsCollector } from "../../aws/collector.ts";
import { signedApi } from "../../aws/signed.ts";
import { listOf, table } from "../../aws/table.ts";

// The SDK's client of EC2 is a third of the memory of all clients together, for one call.
const ec2 = signedApi({ service: "ec2", answers: "xml" });

/** VpcEndpoint of the Amazon EC2 API Reference, in the names of its XML; an empty list is empty text. */
interface Endpoint {
	vpcEndpointId?: string;
	policyDocument?: string;
	privateDnsEnabled?: string;
	serviceName?: string;
	serviceRegion?: string;
	state?: string;
	subnetIdSet?: readonly string[] | "";
	vpcEndpointType?: string;
	vpcId?: string;
}

const endpoints = table({
	list: listOf(
		ec2<{ NextToken?: string }, { vpcEndpointSet?: readonly Endpoint[] | ""; nextToken?: string }>(
			"DescribeVpcEndpoints",
			(input) => ({
				method: "POST",
				path: "/",
				headers: { "content-type": "application/x-www-form-urlencoded" },
				body: new URLSearchParams({ Action: "DescribeVpcEndpoints", Version: "2016-11-15", MaxResults: "1000", ...input }).toString(),
			}),
			{ expects: ["vpcEndpointSet"], next: (page) => (page.nextToken ? { NextToken: page.nextToken } : undefined) },
		),
		{},
		(page) => (page.vpcEndpointSet === "" ? [] : page.vpcEndpointSet),
	),
	id: (one) => one.vpcEndpointId ?? "",
	kinds: {
		aws_vpc_endpoint: {
			map: (one, _answers, { partition, region, account }) => ({
				id: one.vpcEndpointId ?? "",
				values: {
					arn: `arn:${partition}:ec2:${region}:${account}:vpc-endpoint/${one.vpcEndpointId}`,
					id: one.vpcEndpointId,
					policy: one.policyDocument,
					private_dns_enabled: one.privateDnsEnabled === undefined ? undefined : one.privateDnsEnabled === "true",
					service_name: one.serviceName,
					service_region: one.serviceRegion,
					state: one.state,
					subnet_ids: one.subnetIdSet === "" ? [] : one.subnetIdSet,
					vpc_endpoint_type: one.vpcEndpointType,
					vpc_id: one.vpcId,
				},
			}),
		},
	},
});

/** Endpoints by which mail leaves a private network. */
export default awsCollector({ id: "aws-ec2", tables: [endpoints], shownBy: { aws_vpc_endpoint_policy: "aws_vpc_endpoint" } });
