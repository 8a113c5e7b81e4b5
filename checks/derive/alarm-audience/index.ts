import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { isAccount } from "../alarm-acts.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const topicKind = "aws_sns_topic";
const subscriptionKind = "aws_sns_topic_subscription";
const alarmKind = "aws_cloudwatch_metric_alarm";

/**
 * derived.alarm_audience, one per topic that an alarm calls: how many subscriptions it has, those apart that nobody has confirmed. In a plan a
 * topic without any is a gap: people may be subscribed by hand.
 */
const derivation: Derivation = {
	id: "alarm-audience",
	target: "plan",
	needs: [alarmKind, topicKind, subscriptionKind],
	produces: ["derived.alarm_audience"],
	derive(view) {
		const topics = view.items(topicKind).filter(({ status }) => status !== "absent");
		const names = new Names(topics.filter(({ status }) => status === "ok"));
		const called = new Set(view.items(alarmKind).flatMap((alarm) => (alarm.status === "ok" ? calledBy(alarm, names) : [])));
		return topics.filter((topic) => called.has(topic.id)).map((topic) => itemOf(view, topic, names));
	},
};

export default derivation;

function calledBy(alarm: Evidence, names: Names): string[] {
	const actions = valueAt(alarm.values, "alarm_actions");
	const referred = Object.entries(alarm.references ?? {}).flatMap(([path, ids]) => (path.startsWith("alarm_actions") ? ids : []));
	return [...referred, ...(Array.isArray(actions) ? actions.filter((one) => typeof one === "string").map((arn) => names.idOf(arn)) : [])];
}

function itemOf(view: DerivationView, topic: Evidence, names: Names): DerivedItem {
	const own = { kind: "derived.alarm_audience", id: topic.id };
	if (topic.status === "error") return { ...own, error: topic.error ?? { code: "malformed", message: "no error code" }, basis: [topic] };
	const subscriptions = view.items(subscriptionKind);
	const hearing = subscriptions.filter((one) => one.status === "ok" && names.named(one, "topic_arn", { kind: topicKind }).ids.includes(topic.id));
	const confirmed = hearing.filter((one) => valueAt(one.values, "pending_confirmation") !== true);
	const broken = subscriptions.find(({ error }) => error !== undefined);
	const open = subscriptions.find((one) => one.status === "ok" && names.named(one, "topic_arn", { kind: topicKind }).open);
	let gap: Gap | undefined;
	if (confirmed.length === 0) {
		if (broken?.error !== undefined) gap = { code: broken.error.code, detail: broken.id };
		else if (open !== undefined) gap = { code: "unknown_until_apply", detail: `${open.id} topic_arn` };
		else if (hearing.length === 0 && !isAccount(view.target)) gap = { code: "not_in_plan", detail: `subscriptions of ${topic.id}` };
	}
	const values = { topic: textAt(topic, "name") ?? topic.id, confirmed: confirmed.length, pending: hearing.length - confirmed.length };
	return { ...own, values, gaps: gap === undefined ? {} : { confirmed: gap }, basis: [topic, ...hearing.slice(0, 1)] };
}
