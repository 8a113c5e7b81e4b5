import { awsApi } from "./operation.ts";

export const config = awsApi({
	id: "config-service",
	prefix: "config",
	client: "ConfigServiceClient",
	load: () => import("@aws-sdk/client-config-service"),
	concurrency: 2,
});

/** Asked for their own sake and before a recorded setting stands in for a call: both see the same answer. */
export const describeRecorders = config("DescribeConfigurationRecorders", { expects: ["ConfigurationRecorders"], shared: true });
export const describeRecorderStatus = config("DescribeConfigurationRecorderStatus", { expects: ["ConfigurationRecordersStatus"], shared: true });

export const describeSources = config("DescribeConfigurationAggregatorSourcesStatus", { pages: "NextToken", expects: ["AggregatedSourceStatusList"] });
export const selectAggregate = config("SelectAggregateResourceConfig", { pages: "NextToken", expects: ["Results"] });

/** What asking an aggregator takes beside the actions of every scan, in the account that holds it. */
export const aggregatorActions: readonly string[] = [describeSources.action, selectAggregate.action];
