import { CloudwatchMetricAlarm, type CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Op, Token } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp, isWholeNumber } from "../internal/prop-checks.ts";

export interface ReputationAlarmsProps {
	/** Topic that hears of the alarms: that of an AlarmTopic. */
	readonly alarmTopic: SnsTopic;
	/** Share of messages that bounce from which an alarm is raised, above 0 to 0.05. @default 0.05 (SES reviews an account above it) */
	readonly bounceRate?: number;
	/** Share of messages that are complained of from which an alarm is raised, above 0 to 0.001. @default 0.001 (SES reviews an account above it) */
	readonly complaintRate?: number;
	/** Messages that the account may send in 24 hours, as SES grants them: an alarm at four fifths. @default - no such alarm */
	readonly dailySendQuota?: number;
	/** Stream whose failed deliveries raise an alarm: that of a MailEventTrail. @default - no such alarm */
	readonly deliveryStream?: KinesisFirehoseDeliveryStream;
}

/**
 * Alarms before SES stops an account: too many bounces or complaints, the quota nearly used; and when mail events fail to
 * reach their store. What is changed in SES is for an AccessLogTrail to tell.
 *
 * Satisfies: alarms.actions_set, alarms.event_delivery_watched, alarms.reputation_watched
 *
 * Meets: LOG-06, LOG-09
 */
export class ReputationAlarms extends Construct {
	readonly bounceRate: CloudwatchMetricAlarm;
	readonly complaintRate: CloudwatchMetricAlarm;
	readonly sendQuota: CloudwatchMetricAlarm | undefined;
	readonly eventDelivery: CloudwatchMetricAlarm | undefined;

	constructor(scope: Construct, id: string, props: ReputationAlarmsProps) {
		super(scope, id);
		checkProps(this, props);
		const alarm = (alarmId: string, config: Omit<CloudwatchMetricAlarmConfig, "alarmName" | "evaluationPeriods">) =>
			new CloudwatchMetricAlarm(this, alarmId, {
				alarmName: `${physicalName(this, 200)}-${alarmId}`,
				evaluationPeriods: 1,
				treatMissingData: "notBreaching",
				actionsEnabled: true,
				alarmActions: [props.alarmTopic.arn],
				...config,
			});
		const rate = { namespace: "AWS/SES", statistic: "Average", period: 3600, comparisonOperator: "GreaterThanOrEqualToThreshold" };
		this.bounceRate = alarm("bounce-rate", {
			...rate,
			metricName: "Reputation.BounceRate",
			threshold: props.bounceRate ?? 0.05,
			alarmDescription: "Too many messages bounce: SES may stop the account.",
		});
		this.complaintRate = alarm("complaint-rate", {
			...rate,
			metricName: "Reputation.ComplaintRate",
			threshold: props.complaintRate ?? 0.001,
			alarmDescription: "Too many recipients complain: SES may stop the account.",
		});
		if (props.dailySendQuota !== undefined) {
			this.sendQuota = alarm("send-quota", {
				namespace: "AWS/SES",
				metricName: "Send",
				statistic: "Sum",
				period: 86_400,
				comparisonOperator: "GreaterThanOrEqualToThreshold",
				threshold: fourFifths(props.dailySendQuota),
				alarmDescription: "Four fifths of the daily sending quota are used.",
			});
		}
		if (props.deliveryStream !== undefined) {
			this.eventDelivery = alarm("event-delivery", {
				namespace: "AWS/Firehose",
				metricName: "DeliveryToS3.Success",
				dimensions: { DeliveryStreamName: props.deliveryStream.name },
				statistic: "Average",
				period: 900,
				comparisonOperator: "LessThanThreshold",
				threshold: 1,
				alarmDescription: "Mail events fail to reach their store.",
			});
		}
	}
}

/** A number that only Terraform knows is a placeholder here, and must not be multiplied. */
function fourFifths(quota: number): number {
	return Token.isUnresolved(quota) ? Token.asNumber(Op.mul(quota, 0.8)) : quota * 0.8;
}

function checkProps(scope: Construct, props: ReputationAlarmsProps): void {
	for (const [prop, limit] of [["bounceRate", 0.05] as const, ["complaintRate", 0.001] as const]) {
		checkProp(scope, prop, props[prop], (rate) => rate > 0 && rate <= limit, {
			wanted: `a share above 0 and up to ${limit}`,
			remedy: `write it as a fraction, or leave it out for ${limit}`,
		});
	}
	checkProp(scope, "dailySendQuota", props.dailySendQuota, (quota) => isWholeNumber(quota, 1, 1_000_000_000), {
		wanted: "a whole number of messages",
		remedy: "take Max24HourSend from the account's sending quota",
	});
}
