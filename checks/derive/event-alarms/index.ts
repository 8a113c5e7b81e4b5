import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { type Answer, eventPattern, filterPattern } from "../../protocols/event-patterns/index.ts";
import { alarmActs, isAccount, senderKinds } from "../alarm-acts.ts";
import { ByName } from "../by-name.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { documentAt, isUnknown, textAt, unknownText } from "../policy-documents.ts";
import { asEvent, type TrailRecord, type WatchedEvents, watchedEvents } from "./watched.ts";

const trailKind = "aws_cloudtrail";

/**
 * derived.event_alarm, one per group of events that somebody must hear of: which of them raise no alarm, by a metric filter on a
 * trail's log group whose alarm acts, or by an enabled rule of the default bus that has a target. A plan without a trail that watches
 * none of them tells nothing of the account's alarms: a gap.
 */
const derivation: Derivation = {
	id: "event-alarms",
	target: "plan",
	needs: [
		"aws_cloudwatch_event_rule",
		"aws_cloudwatch_event_target",
		"aws_cloudwatch_log_group",
		"aws_cloudwatch_log_metric_filter",
		"aws_cloudwatch_metric_alarm",
	],
	uses: [trailKind, ...senderKinds],
	produces: ["derived.event_alarm"],
	derive(view) {
		const watchers = watchersIn(view);
		const watched = watchedEvents.map((events) => ({ events, ...lookedAt(events, watchers) }));
		const kept = isAccount(view.target) || view.items(trailKind).length > 0 || watched.some(({ by }) => by.length > 0);
		// A plan that has nothing to do with mail and watches nothing is not asked.
		if (!kept && watchers.hidden === undefined && senderKinds.every((kind) => view.items(kind).length === 0)) return [];
		const fault = view.listingError(trailKind);
		// Which log groups are a trail's cannot be told while a trail may be missing.
		const unlisted = fault === undefined || fault.code === "not_in_plan" ? undefined : fault;
		return watched.map(({ events, missing, open, by }): DerivedItem => {
			const lacks = missing.length > 0 || open.length > 0;
			const untold = missing.length === 0 ? open.map(({ id }) => id).join(", ") : undefined;
			const gap: Gap | undefined =
				unlisted ??
				(!lacks ? undefined : (watchers.hidden ?? (!kept ? { code: "not_in_plan", detail: "alarms on CloudTrail's events" } : undefined))) ??
				(lacks && untold !== undefined ? { code: "unknown_until_apply", detail: untold } : undefined);
			const values = { events: events.id, of: events.of, by: by.map(({ id }) => id) };
			const own = { kind: "derived.event_alarm", id: events.id, basis: by };
			if (gap === undefined) return { ...own, values: { ...values, missing } };
			return { ...own, values, gaps: { missing: { code: gap.code, detail: gap.detail } } };
		});
	},
};

export default derivation;

interface Watcher {
	takes(record: TrailRecord): Answer;
	items: readonly Evidence[];
}

interface Watchers {
	all: Watcher[];
	/** Why there may be more. */
	hidden: Gap | undefined;
}

function lookedAt(events: WatchedEvents, { all }: Watchers): { missing: string[]; open: Evidence[]; by: Evidence[] } {
	const missing: string[] = [];
	const open = new Set<Evidence>();
	const by = new Set<Evidence>();
	for (const record of events.records) {
		const maybe: Evidence[] = [];
		const found = all.find((watcher) => {
			const answer = watcher.takes(record);
			if (answer === "unknown") maybe.push(...watcher.items);
			return answer === "yes";
		});
		if (found !== undefined) for (const item of found.items) by.add(item);
		else if (maybe.length > 0) for (const item of maybe) open.add(item);
		else missing.push(String(record.eventName));
	}
	return { missing, open: [...open], by: [...by] };
}

function watchersIn(view: DerivationView): Watchers {
	const alarms = new ByName(
		view.items("aws_cloudwatch_metric_alarm").filter((alarm) => alarm.status === "ok" && alarmActs(alarm) !== false),
		namedAt("metric_name"),
	);
	const targets = new ByName(
		view.items("aws_cloudwatch_event_target").filter(({ status }) => status === "ok"),
		namedAt("rule"),
	);
	const onTrail = trailGroups(view);
	const filters = view.items("aws_cloudwatch_log_metric_filter").flatMap((filter): Watcher[] => {
		if (filter.status !== "ok" || !onTrail(filter)) return [];
		const alarm = alarms.of(filter.id, textAt(filter, `${transformationOf(filter)}.name`)).find((one) => hears(one, filter));
		if (alarm === undefined) return [];
		return [{ takes: takenBy(documentAt(filter, "pattern"), filterPattern), items: [filter, alarm] }];
	});
	const rules = view.items("aws_cloudwatch_event_rule").flatMap((rule): Watcher[] => {
		if (rule.status !== "ok" || !isOn(rule)) return [];
		const target = targets.of(rule.id, textAt(rule, "name")).find((one) => isTargetOf(one, rule));
		if (target === undefined) return [];
		const takes = takenBy(documentAt(rule, "event_pattern"), (text) => {
			const pattern = eventPattern(text);
			return (record) => pattern(asEvent(record));
		});
		return [{ takes, items: [rule, target] }];
	});
	const faulty = [...derivation.needs, trailKind].flatMap((kind) => view.items(kind)).find(({ error }) => error !== undefined);
	return { all: [...filters, ...rules], hidden: faulty?.error === undefined ? undefined : { code: faulty.error.code, detail: faulty.id } };
}

function takenBy(text: string | undefined, read: (text: string) => Watcher["takes"]): Watcher["takes"] {
	if (text === undefined) return () => "no";
	return text === unknownText ? () => "unknown" : read(text);
}

/** The ids that an attribute refers to, and its text. */
function namedAt(path: string): (item: Evidence) => (string | undefined)[] {
	return (item) => [...(item.references?.[path] ?? []), textAt(item, path)];
}

function transformationOf(filter: Evidence): string {
	return Array.isArray(valueAt(filter.values, "metric_transformation")) ? "metric_transformation.0" : "metric_transformation";
}

/** An alarm on the metric that a filter makes. */
function hears(alarm: Evidence, filter: Evidence): boolean {
	if ((alarm.references?.metric_name ?? []).includes(filter.id)) return true;
	const at = transformationOf(filter);
	const name = textAt(filter, `${at}.name`);
	if (name === undefined || textAt(alarm, "metric_name") !== name) return false;
	const [made, heard] = [textAt(filter, `${at}.namespace`), textAt(alarm, "namespace")];
	return made === undefined || heard === undefined || made === heard;
}

function isTargetOf(target: Evidence, rule: Evidence): boolean {
	return (target.references?.rule ?? []).includes(rule.id) || (textAt(target, "rule") ?? "") === textAt(rule, "name");
}

/** CloudTrail's events reach the default bus alone. */
function isOn(rule: Evidence): boolean {
	const bus = textAt(rule, "event_bus_name");
	const onDefault = bus === undefined ? !isUnknown(rule, "event_bus_name") : bus === "default" || /:event-bus\/default$/.test(bus);
	const state = textAt(rule, "state");
	return onDefault && state !== "DISABLED" && valueAt(rule.values, "is_enabled") !== false;
}

/** Whether a filter is on the log group of a trail; where the evidence has no trail, a plan's filters are on that of another stack. */
function trailGroups(view: DerivationView): (filter: Evidence) => boolean {
	const trails = view.items(trailKind).filter(({ status }) => status === "ok");
	if (trails.length === 0) return () => !isAccount(view.target);
	const names = new Map(view.items("aws_cloudwatch_log_group").flatMap((group) => [[group.id, textAt(group, "name")] as const]));
	const known = (item: Evidence, path: string): string[] => {
		const text = textAt(item, path);
		const ids = item.references?.[path] ?? [];
		return [...ids, ...ids.flatMap((id) => names.get(id) ?? []), ...(text === undefined ? [] : [/:log-group:([^:]+)/.exec(text)?.[1] ?? text])];
	};
	const groups = new Set(trails.flatMap((trail) => known(trail, "cloud_watch_logs_group_arn")));
	return (filter) => known(filter, "log_group_name").some((name) => groups.has(name));
}
