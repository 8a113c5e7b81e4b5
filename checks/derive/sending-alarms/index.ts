import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { alarmActs, isAccount, senderKinds } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const alarmKind = "aws_cloudwatch_metric_alarm";

/** Metrics of SES over the whole account. */
const accountMetrics = [
	{ id: "bounce_rate", metric: "Reputation.BounceRate", statistics: ["Average", "Maximum"] },
	{ id: "complaint_rate", metric: "Reputation.ComplaintRate", statistics: ["Average", "Maximum"] },
	{ id: "send_quota", metric: "Send", statistics: ["Sum"] },
];

/** What publishes events of SES, where it names its sink, and the metric by which a sink tells of failures. */
const sinks = [
	{
		kind: "aws_sesv2_configuration_set_event_destination",
		path: "event_destination.sns_destination.topic_arn",
		sink: "aws_sns_topic",
		namespace: "AWS/SNS",
		metric: "NumberOfNotificationsFailed",
		dimension: "TopicName",
	},
	{
		kind: "aws_sesv2_configuration_set_event_destination",
		path: "event_destination.kinesis_firehose_destination.delivery_stream_arn",
		sink: "aws_kinesis_firehose_delivery_stream",
		namespace: "AWS/Firehose",
		metric: "DeliveryToS3.Success",
		dimension: "DeliveryStreamName",
	},
] as const;

/**
 * derived.sending_alarm, one per rate of the account that SES may stop it for, and for its quota: the lowest threshold of an alarm on it
 * that acts (null: none). derived.event_delivery_alarm, one per topic or stream that events of SES go to: whether an alarm tells of
 * deliveries that fail. A plan that makes no alarm of the kind tells nothing of those of the account: a gap.
 */
const derivation: Derivation = {
	id: "sending-alarms",
	target: "plan",
	needs: [alarmKind, ...senderKinds, "aws_sesv2_configuration_set_event_destination", "aws_sns_topic", "aws_kinesis_firehose_delivery_stream"],
	produces: ["derived.sending_alarm", "derived.event_delivery_alarm"],
	derive(view) {
		const alarms = view.items(alarmKind).filter(({ status }) => status === "ok");
		const unread = view.items(alarmKind).find(({ error }) => error !== undefined);
		const hidden: Gap | undefined = unread?.error === undefined ? undefined : { code: unread.error.code, detail: unread.id };
		return [...rates(view, alarms, hidden), ...deliveries(view, alarms, hidden)];
	},
};

export default derivation;

function rates(view: DerivationView, alarms: readonly Evidence[], hidden: Gap | undefined): DerivedItem[] {
	const sending = senderKinds.flatMap((kind) => view.items(kind)).filter(({ status }) => status !== "absent");
	if (sending.length === 0) return [];
	const rate = alarms.some((alarm) => /^Reputation\./.test(textAt(alarm, "metric_name") ?? ""));
	return accountMetrics.map(({ id, metric, statistics }) => {
		const found = alarms.filter((alarm) => on(alarm, "AWS/SES", metric) && Object.keys(dimensionsOf(alarm)).length === 0);
		// Who watches one rate of SES in a stack watches the other there; the quota is a number that not every stack knows.
		const kept = isAccount(view.target) || found.length > 0 || (rate && id !== "send_quota");
		const acting = found.filter((alarm) => alarmActs(alarm) === true && rises(alarm) && statistics.includes(textAt(alarm, "statistic") ?? ""));
		const thresholds = acting.map((alarm) => valueAt(alarm.values, "threshold")).filter((one) => typeof one === "number");
		const threshold = thresholds.length === 0 ? null : Math.min(...thresholds);
		const untold = acting.find((alarm) => typeof valueAt(alarm.values, "threshold") !== "number") ?? found.find((alarm) => alarmActs(alarm) === "unknown");
		const gap: Gap | undefined =
			threshold !== null
				? undefined
				: untold !== undefined
					? { code: "unknown_until_apply", detail: `${untold.id} threshold` }
					: (hidden ?? (kept ? undefined : { code: "not_in_plan", detail: `an alarm on ${metric}` }));
		const gaps: Record<string, Gap> = gap === undefined ? {} : { threshold: gap };
		return { kind: "derived.sending_alarm", id, values: { metric, threshold, alarms: found.map((alarm) => alarm.id) }, gaps, basis: acting };
	});
}

function deliveries(view: DerivationView, alarms: readonly Evidence[], hidden: Gap | undefined): DerivedItem[] {
	const items = new Map<string, DerivedItem>();
	const keepsAlarms = alarms.some((alarm) => ["AWS/Firehose", "AWS/SES", "AWS/SNS"].includes(textAt(alarm, "namespace") ?? ""));
	for (const { kind, path, sink, namespace, metric, dimension } of sinks) {
		const stores = view.items(sink);
		const names = new Names(stores.filter(({ status }) => status === "ok"));
		for (const destination of view.items(kind)) {
			if (destination.status === "error") items.set(destination.id, broken(destination));
			if (destination.status !== "ok" || valueAt(destination.values, "event_destination.enabled") === false) continue;
			for (const id of names.named(destination, path, { kind: sink }).ids) {
				const store = stores.find((one) => one.id === id);
				if (store?.status === "error") items.set(store.id, broken(store));
				if (store?.status !== "ok") continue;
				const alarm = alarms.find((one) => on(one, namespace, metric) && alarmActs(one) === true && isOf(one, dimension, store));
				const outside: Gap | undefined = !keepsAlarms && !isAccount(view.target) ? { code: "not_in_plan", detail: `an alarm on ${metric}` } : undefined;
				const gap = alarm === undefined ? (hidden ?? outside) : undefined;
				items.set(store.id, {
					kind: "derived.event_delivery_alarm",
					id: store.id,
					values: { sink: store.id, metric, alarmed: alarm !== undefined, by: alarm?.id ?? null },
					gaps: gap === undefined ? {} : { alarmed: gap },
					basis: alarm === undefined ? [destination, store] : [destination, store, alarm],
				});
			}
		}
	}
	return [...items.values()];
}

function broken(item: Evidence): DerivedItem {
	return { kind: "derived.event_delivery_alarm", id: item.id, error: item.error ?? { code: "malformed", message: "no error code" }, basis: [item] };
}

/** An alarm on a metric, alone or within a calculation. */
function on(alarm: Evidence, namespace: string, metric: string): boolean {
	if (textAt(alarm, "namespace") === namespace && textAt(alarm, "metric_name") === metric) return true;
	const queries = valueAt(alarm.values, "metric_query");
	return Array.isArray(queries) && queries.some((query) => valueAt(query, "metric.namespace") === namespace && valueAt(query, "metric.metric_name") === metric);
}

function rises(alarm: Evidence): boolean {
	return ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"].includes(textAt(alarm, "comparison_operator") ?? "");
}

function dimensionsOf(alarm: Evidence): Record<string, unknown> {
	const value = valueAt(alarm.values, "dimensions");
	return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

/** Whether an alarm is on this topic or stream, by its name or by a reference to it. */
function isOf(alarm: Evidence, dimension: string, store: Evidence): boolean {
	const referred = Object.entries(alarm.references ?? {}).some(([path, ids]) => path.startsWith("dimensions") && ids.includes(store.id));
	const name = textAt(store, "name");
	return referred || (name !== undefined && dimensionsOf(alarm)[dimension] === name);
}
