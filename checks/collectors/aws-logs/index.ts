import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const logs = awsApi({ id: "logs", client: "CloudWatchLogsClient", load: () => import("@aws-sdk/client-cloudwatch-logs"), concurrency: 4 });

const groups = table({
	list: listOf(logs("DescribeLogGroups", { pages: "nextToken", expects: ["logGroups"] }), { limit: 50 }, (page) => page.logGroups),
	id: (one) => one.logGroupName ?? "",
	details: {
		protection: {
			operation: logs("GetDataProtectionPolicy"),
			// The listing says which groups have a policy that acts: one that is disabled or archived masks nothing.
			input: (one) => (one.dataProtectionStatus === "ACTIVATED" ? { logGroupIdentifier: one.logGroupName } : undefined),
			absent: ["ResourceNotFoundException"],
		},
	},
	kinds: {
		aws_cloudwatch_log_group: {
			map: (one) => {
				const arn = one.logGroupArn ?? one.arn?.replace(/:\*$/, "");
				return {
					id: arn ?? "",
					values: {
						arn,
						id: one.logGroupName,
						name: one.logGroupName,
						kms_key_id: one.kmsKeyId,
						log_group_class: one.logGroupClass,
						// Without a retention the events of a group never expire: 0 in the provider's words.
						retention_in_days: one.retentionInDays ?? 0,
						deletion_protection_enabled: one.deletionProtectionEnabled,
					},
					onlyInPlan: ["skip_destroy"],
				};
			},
		},
		aws_cloudwatch_log_data_protection_policy: {
			of: ["protection"],
			map: ({ logGroupName: name = "" }, { protection }) => {
				const policy = protection?.[0]?.policyDocument;
				return policy === undefined || policy === "" ? undefined : { id: name, values: { id: name, log_group_name: name, policy_document: policy } };
			},
		},
	},
});

const metricFilters = table({
	list: listOf(logs("DescribeMetricFilters", { pages: "nextToken", expects: ["metricFilters"] }), { limit: 50 }, (page) => page.metricFilters),
	id: (one) => `${one.logGroupName}|${one.filterName}`,
	kinds: {
		aws_cloudwatch_log_metric_filter: {
			map: (one) => ({
				id: `${one.logGroupName}|${one.filterName}`,
				values: {
					id: one.filterName,
					name: one.filterName,
					log_group_name: one.logGroupName,
					pattern: one.filterPattern,
					metric_transformation: one.metricTransformations?.slice(0, 1).map((metric) => ({
						name: metric.metricName,
						namespace: metric.metricNamespace,
						value: metric.metricValue,
						default_value: metric.defaultValue === undefined ? undefined : String(metric.defaultValue),
						unit: metric.unit,
						dimensions: metric.dimensions,
					}))[0],
				},
			}),
		},
	},
});

const resourcePolicies = table({
	list: listOf(logs("DescribeResourcePolicies", { pages: "nextToken", expects: ["resourcePolicies"] }), { limit: 50 }, (page) => page.resourcePolicies),
	id: (one) => one.policyName ?? one.resourceArn ?? "",
	kinds: {
		aws_cloudwatch_log_resource_policy: {
			map: (one) => ({
				id: one.policyName ?? one.resourceArn ?? "",
				values: { id: one.policyName, policy_name: one.policyName, policy_document: one.policyDocument },
			}),
		},
	},
});

// Masking alone: the operation takes one type of policy, and no check reads another.
const accountWide = table({
	list: listOf(
		logs("DescribeAccountPolicies", { pages: "nextToken", expects: ["accountPolicies"] }),
		{ policyType: "DATA_PROTECTION_POLICY" as const },
		(page) => page.accountPolicies,
	),
	id: (one) => one.policyName ?? "",
	kinds: {
		aws_cloudwatch_log_account_policy: {
			map: (one) => ({
				id: `${one.policyType}|${one.policyName}`,
				values: {
					id: one.policyName,
					policy_name: one.policyName,
					policy_type: one.policyType,
					policy_document: one.policyDocument,
					scope: one.scope,
					selection_criteria: one.selectionCriteria,
				},
			}),
		},
	},
});

const deliveries = table({
	list: listOf(logs("DescribeDeliveries", { pages: "nextToken", expects: ["deliveries"] }), {}, (page) => page.deliveries),
	id: (one) => one.arn ?? "",
	kinds: {
		aws_cloudwatch_log_delivery: {
			map: (one) => ({
				id: one.arn ?? "",
				values: { arn: one.arn, id: one.id, delivery_destination_arn: one.deliveryDestinationArn, delivery_source_name: one.deliverySourceName },
			}),
		},
	},
});

const deliverySources = table({
	list: listOf(logs("DescribeDeliverySources", { pages: "nextToken", expects: ["deliverySources"] }), {}, (page) => page.deliverySources),
	id: (one) => one.arn ?? "",
	kinds: {
		aws_cloudwatch_log_delivery_source: {
			map: (one) => ({
				id: one.arn ?? "",
				values: { arn: one.arn, name: one.name, log_type: one.logType, resource_arn: one.resourceArns?.[0], service: one.service },
			}),
		},
	},
});

const deliveryDestinations = table({
	list: listOf(logs("DescribeDeliveryDestinations", { pages: "nextToken", expects: ["deliveryDestinations"] }), {}, (page) => page.deliveryDestinations),
	id: (one) => one.arn ?? "",
	kinds: {
		aws_cloudwatch_log_delivery_destination: {
			map: (one) => ({
				id: one.arn ?? "",
				values: {
					arn: one.arn,
					name: one.name,
					delivery_destination_type: one.deliveryDestinationType,
					delivery_destination_configuration: one.deliveryDestinationConfiguration && {
						destination_resource_arn: one.deliveryDestinationConfiguration.destinationResourceArn,
					},
				},
			}),
		},
	},
});

/** Log groups and what is set over them: retention, keys, masking, filters, who may write. */
export default awsCollector({
	id: "aws-logs",
	tables: [groups, metricFilters, resourcePolicies, accountWide, deliveries, deliverySources, deliveryDestinations],
});
