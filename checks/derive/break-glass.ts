import type { Evidence } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { type MfaAnswer, type Policy, requiresMfa, type Ternary } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";
import { documentAt, parseAll, textAt, unknownText } from "./policy-documents.ts";

/** What may raise an alarm when a role is taken. */
export const alarmKinds = [
	"aws_cloudwatch_log_metric_filter",
	"aws_cloudwatch_metric_alarm",
	"aws_cloudwatch_event_rule",
	"aws_cloudwatch_event_target",
] as const;

/** The trust policy of a role; undefined where it cannot be parsed. */
export function trustOf(role: Evidence): Policy | undefined {
	const document = documentAt(role, "assume_role_policy");
	return document === undefined ? undefined : parseAll([document], role.id).policies[0];
}

/** Items that watch the taking of a role and tell somebody: a filter with its alarm, or a rule with a target. */
export interface Watchers {
	readonly items: readonly Evidence[];
	/** Whether the pattern of one of them is known; a plan may tell only that it is made from the role. */
	readonly sure: boolean;
}

export function watchersOf(view: DerivationView, role: Evidence): Watchers {
	const alarms = view.items("aws_cloudwatch_metric_alarm");
	const targets = view.items("aws_cloudwatch_event_target");
	const items = new Set<Evidence>();
	let sure = false;
	const note = (watch: "yes" | "unknown", ...found: Evidence[]): void => {
		for (const item of found) items.add(item);
		sure ||= watch === "yes";
	};
	for (const filter of view.items("aws_cloudwatch_log_metric_filter")) {
		const watch = watches(filter, "pattern", role);
		const metric = textAt(filter, "metric_transformation.name") ?? textAt(filter, "metric_transformation.0.name");
		if (watch === "no" || metric === undefined) continue;
		for (const alarm of alarms) if (textAt(alarm, "metric_name") === metric && tells(alarm)) note(watch, filter, alarm);
	}
	for (const rule of view.items("aws_cloudwatch_event_rule")) {
		const watch = watches(rule, "event_pattern", role);
		if (watch === "no") continue;
		const name = textAt(rule, "name");
		for (const target of targets)
			if ((target.references?.rule ?? []).includes(rule.id) || (name !== undefined && textAt(target, "rule") === name)) note(watch, rule, target);
	}
	return { items: [...items], sure };
}

/** Whether a pattern waits for AssumeRole of the role. */
function watches(item: Evidence, path: string, role: Evidence): Ternary {
	const text = documentAt(item, path);
	const refers = (item.references?.[path] ?? []).includes(role.id);
	if (text === unknownText) return refers ? "unknown" : "no";
	if (text?.includes("AssumeRole") !== true) return "no";
	if (refers) return "yes";
	const marks = [textAt(role, "arn"), textAt(role, "name")].filter((mark) => mark !== undefined);
	return marks.some((mark) => text.includes(`${mark}"`) || text.includes(`/${mark}`)) ? "yes" : "no";
}

function tells(alarm: Evidence): boolean {
	const actions = valueAt(alarm.values, "alarm_actions");
	return (
		valueAt(alarm.values, "actions_enabled") !== false && ((Array.isArray(actions) && actions.length > 0) || (alarm.references?.alarm_actions ?? []).length > 0)
	);
}

/**
 * Whether a role is for emergencies by how it is built: given only with MFA, and its taking raises an alarm. "unknown" where a
 * plan does not tell of the trust policy.
 */
export function forEmergencies(view: DerivationView, role: Evidence): Ternary {
	return view.remember(`emergencies ${role.id}`, () => {
		if (watchersOf(view, role).items.length === 0) return "no";
		const trust = trustOf(role);
		const verdict = trust === undefined ? "unknown" : requiresMfa(trust).verdict;
		return verdict === "not_applicable" ? "no" : verdict;
	});
}

/** MFA by a trust policy, and the oldest that it takes in seconds; null where it sets no limit. */
export function mfaOf(trust: Policy): { answer: MfaAnswer; oldestSeconds: number | null } {
	const answer = requiresMfa(trust);
	const ages = trust.statements.flatMap(({ conditions }) =>
		conditions.filter(({ key }) => key.toLowerCase() === "aws:multifactorauthage").flatMap(({ values }) => values.map(({ text }) => Number(text))),
	);
	const candidates = [...new Set(ages.filter(Number.isFinite).flatMap((age) => [age - 1, age]))].sort((a, b) => a - b);
	return { answer, oldestSeconds: candidates.find((age) => requiresMfa(trust, age).verdict === "yes") ?? null };
}
