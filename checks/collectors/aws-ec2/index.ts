import { awsCollector } from "../../aws/collector.ts";
import { MalformedAnswer } from "../../aws/errors.ts";
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

/** ServiceDetail of the same. */
interface EndpointService {
	serviceName?: string;
	vpcEndpointPolicySupported?: string;
}

const asked = (parameters: Record<string, string>) => ({
	method: "POST" as const,
	path: "/",
	headers: { "content-type": "application/x-www-form-urlencoded" },
	body: new URLSearchParams(parameters).toString(),
});
const version = "2016-11-15";

/** One service by name: of another the answer is none. */
const describeService = ec2<{ service: string }, { serviceDetailSet?: readonly EndpointService[] | "" }>(
	"DescribeVpcEndpointServices",
	({ service }) => asked({ Action: "DescribeVpcEndpointServices", Version: version, "ServiceName.1": service }),
	{ expects: ["serviceDetailSet"], next: () => undefined },
);

const endpoints = table({
	list: listOf(
		ec2<{ NextToken?: string }, { vpcEndpointSet?: readonly Endpoint[] | ""; nextToken?: string }>(
			"DescribeVpcEndpoints",
			(input) => asked({ Action: "DescribeVpcEndpoints", Version: version, MaxResults: "1000", ...input }),
			{ expects: ["vpcEndpointSet"], next: (page) => (page.nextToken ? { NextToken: page.nextToken } : undefined) },
		),
		{},
		(page) => (page.vpcEndpointSet === "" ? [] : page.vpcEndpointSet),
	),
	id: (one) => one.vpcEndpointId ?? "",
	details: {
		service: { operation: describeService, input: ({ serviceName }) => (serviceName?.endsWith(".email-smtp") === true ? { service: serviceName } : undefined) },
	},
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
		// Whether an endpoint can have a policy is told by its service, and of mail's alone it is asked.
		"aws.vpc_endpoint_service": {
			of: ["service"],
			map: ({ vpcEndpointId = "", serviceName }, { service }) => {
				if (service === null) return undefined;
				const details = service[0]?.serviceDetailSet;
				const own = details === "" ? undefined : details?.find((one) => one.serviceName === serviceName);
				if (own?.vpcEndpointPolicySupported === undefined) throw new MalformedAnswer("the answer holds no vpcEndpointPolicySupported");
				return {
					id: `${vpcEndpointId}|service`,
					values: { vpc_endpoint_id: vpcEndpointId, service_name: serviceName, policy_supported: own.vpcEndpointPolicySupported === "true" },
				};
			},
		},
	},
});

/** Endpoints by which mail leaves a private network. */
export default awsCollector({ id: "aws-ec2", tables: [endpoints], shownBy: { aws_vpc_endpoint_policy: "aws_vpc_endpoint" } });
