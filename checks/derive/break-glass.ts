import type { Evidence } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { type MfaAnswer, type Policy, requiresMfa } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";
import { documentAt, parseAll, textAt } from "./policy-documents.ts";

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
export function watchersOf(view: DerivationView, role: Evidence): Evidence[] {
	const alarms = view.items("aws_cloudwatch_metric_alarm");
	const targets = view.items("aws_cloudwatch_event_target");
	const found: Evidence[] = [];
	for (const filter of view.items("aws_cloudwatch_log_metric_filter")) {
		if (!names(filter, "pattern", role)) continue;
		const metric = textAt(filter, "metric_transformation.name") ?? textAt(filter, "metric_transformation.0.name");
		for (const alarm of alarms) if (metric !== undefined && textAt(alarm, "metric_name") === metric && tells(alarm)) found.push(filter, alarm);
	}
	for (const rule of view.items("aws_cloudwatch_event_rule")) {
		if (!names(rule, "event_pattern", role)) continue;
		const name = textAt(rule, "name");
		for (const target of targets)
			if ((target.references?.rule ?? []).includes(rule.id) || (name !== undefined && textAt(target, "rule") === name)) found.push(rule, target);
	}
	return [...new Set(found)];
}

function names(item: Evidence, path: string, role: Evidence): boolean {
	const text = documentAt(item, path);
	if (text?.includes("AssumeRole") !== true) return false;
	if ((item.references?.[path] ?? []).includes(role.id)) return true;
	const marks = [textAt(role, "arn"), textAt(role, "name")].filter((mark) => mark !== undefined);
	return marks.some((mark) => text.includes(`${mark}"`) || text.includes(`/${mark}`));
}

function tells(alarm: Evidence): boolean {
	const actions = valueAt(alarm.values, "alarm_actions");
	return (
		valueAt(alarm.values, "actions_enabled") !== false && ((Array.isArray(actions) && actions.length > 0) || (alarm.references?.alarm_actions ?? []).length > 0)
	);
}

/** A role for emergencies by how it is built: given only with MFA, and its taking raises an alarm. */
export function isForEmergencies(view: DerivationView, role: Evidence): boolean {
	return needsMfa(role) && watchersOf(view, role).length > 0;
}

export function needsMfa(role: Evidence): boolean {
	const trust = trustOf(role);
	return trust !== undefined && requiresMfa(trust).verdict === "yes";
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
