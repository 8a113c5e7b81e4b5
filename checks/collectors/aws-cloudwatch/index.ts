import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const cloudwatch = awsApi({ id: "cloudwatch", client: "CloudWatchClient", load: () => import("@aws-sdk/client-cloudwatch"), concurrency: 4 });

const dimensionsOf = (dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] | undefined) =>
	dimensions && Object.fromEntries(dimensions.map(({ Name, Value }) => [Name ?? "", Value]));

const alarms = table({
	list: listOf(
		cloudwatch("DescribeAlarms", { pages: "NextToken", expects: ["MetricAlarms"] }),
		{ AlarmTypes: ["MetricAlarm"], MaxRecords: 100 },
		(page) => page.MetricAlarms,
	),
	id: (one) => one.AlarmArn ?? one.AlarmName ?? "",
	kinds: {
		aws_cloudwatch_metric_alarm: {
			map: (one) => ({
				id: one.AlarmArn ?? "",
				values: {
					arn: one.AlarmArn,
					id: one.AlarmName,
					alarm_name: one.AlarmName,
					actions_enabled: one.ActionsEnabled,
					alarm_actions: one.AlarmActions,
					insufficient_data_actions: one.InsufficientDataActions,
					ok_actions: one.OKActions,
					comparison_operator: one.ComparisonOperator,
					datapoints_to_alarm: one.DatapointsToAlarm,
					dimensions: dimensionsOf(one.Dimensions),
					evaluation_periods: one.EvaluationPeriods,
					extended_statistic: one.ExtendedStatistic,
					metric_name: one.MetricName,
					namespace: one.Namespace,
					period: one.Period,
					statistic: one.Statistic,
					threshold: one.Threshold,
					threshold_metric_id: one.ThresholdMetricId,
					treat_missing_data: one.TreatMissingData,
					metric_query: one.Metrics?.map((query) => ({
						id: query.Id,
						expression: query.Expression,
						period: query.Period,
						return_data: query.ReturnData,
						metric: query.MetricStat && {
							dimensions: dimensionsOf(query.MetricStat.Metric?.Dimensions),
							metric_name: query.MetricStat.Metric?.MetricName,
							namespace: query.MetricStat.Metric?.Namespace,
							period: query.MetricStat.Period,
							stat: query.MetricStat.Stat,
							unit: query.MetricStat.Unit,
						},
					})),
				},
			}),
		},
	},
});

/** Alarms and whom they call. */
export default awsCollector({ id: "aws-cloudwatch", tables: [alarms] });
