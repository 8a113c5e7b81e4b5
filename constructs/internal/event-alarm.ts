import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Construct } from "constructs";
import type { LogGroupReference } from "./existing.ts";
import { physicalName } from "./physical-name.ts";

export interface EventAlarmProps {
	/** Log group of a trail. */
	readonly logGroup: LogGroupReference;
	/** CloudWatch Logs filter pattern over CloudTrail's events. */
	readonly pattern: string;
	/** What happened, for whoever gets the alarm. */
	readonly description: string;
	readonly alarmTopic: SnsTopic;
}

/** Raises an alarm on the first event of a trail that matches. */
export class EventAlarm extends Construct {
	readonly filter: CloudwatchLogMetricFilter;
	readonly alarm: CloudwatchMetricAlarm;

	constructor(scope: Construct, id: string, props: EventAlarmProps) {
		super(scope, id);
		const name = physicalName(this, 200);
		const metric = { namespace: "Mailward", name };
		this.filter = new CloudwatchLogMetricFilter(this, "filter", {
			name,
			logGroupName: props.logGroup.name,
			pattern: props.pattern,
			metricTransformation: { ...metric, value: "1", defaultValue: "0" },
		});
		this.alarm = new CloudwatchMetricAlarm(this, "alarm", {
			alarmName: name,
			alarmDescription: props.description,
			namespace: metric.namespace,
			metricName: metric.name,
			statistic: "Sum",
			period: 300,
			evaluationPeriods: 1,
			comparisonOperator: "GreaterThanOrEqualToThreshold",
			threshold: 1,
			treatMissingData: "notBreaching",
			actionsEnabled: true,
			alarmActions: [props.alarmTopic.arn],
			dependsOn: [this.filter],
		});
	}
}

/** A pattern for calls of one service, whoever made them. */
export function callsOf(eventSource: string, eventNames: readonly string[]): string {
	const names = eventNames.map((name) => `($.eventName = "${name}")`).join(" || ");
	return `{ ($.eventSource = "${eventSource}") && (${names}) }`;
}
