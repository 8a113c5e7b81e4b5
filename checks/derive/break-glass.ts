import type { Evidence, EvidenceError } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { type MfaAnswer, type Policy, requiresMfa, type Ternary } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";
import { documentAt, parseAll, textAt, unknownText, unseen } from "./policy-documents.ts";

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
	const items = new Set<Evidence>();
	let sure = false;
	for (const lookout of view.remember("lookouts for roles", () => lookoutsIn(view))) {
		const watch = watches(lookout, role);
		if (watch === "no" || lookout.tellers.length === 0) continue;
		for (const item of [lookout.item, ...lookout.tellers]) items.add(item);
		sure ||= watch === "yes";
	}
	return { items: [...items], sure };
}

/** Why something that raises an alarm may be missing from view. */
export function unseenAlarms(view: DerivationView): EvidenceError | undefined {
	return view.remember("unseen alarms", () => unseen(view, alarmKinds));
}

/** A filter or rule that may wait for the taking of some role. */
interface Lookout {
	readonly item: Evidence;
	/** Its pattern; unknownText where a plan does not tell. */
	readonly pattern: string;
	/** Ids of what the pattern is made from. */
	readonly references: readonly string[];
	/** The alarms or targets that tell somebody. */
	readonly tellers: readonly Evidence[];
}

/** Few of a plan's many filters and rules wait for a role: found once, not for each role. */
function lookoutsIn(view: DerivationView): Lookout[] {
	const alarms = Map.groupBy(view.items("aws_cloudwatch_metric_alarm").filter(tells), (alarm) => textAt(alarm, "metric_name"));
	const targets = view.items("aws_cloudwatch_event_target");
	const filters = view.items("aws_cloudwatch_log_metric_filter").flatMap((item) =>
		lookout(item, "pattern", () => {
			const metric = textAt(item, "metric_transformation.name") ?? textAt(item, "metric_transformation.0.name");
			return metric === undefined ? [] : (alarms.get(metric) ?? []);
		}),
	);
	const rules = view.items("aws_cloudwatch_event_rule").flatMap((item) =>
		lookout(item, "event_pattern", () => {
			const name = textAt(item, "name");
			return targets.filter((target) => (target.references?.rule ?? []).includes(item.id) || (name !== undefined && textAt(target, "rule") === name));
		}),
	);
	return [...filters, ...rules];
}

function lookout(item: Evidence, path: string, tellers: () => readonly Evidence[]): Lookout[] {
	const pattern = documentAt(item, path);
	const references = item.references?.[path] ?? [];
	if (pattern === undefined || (pattern === unknownText ? references.length === 0 : !pattern.includes("AssumeRole"))) return [];
	return [{ item, pattern, references, tellers: tellers() }];
}

/** Whether a pattern waits for AssumeRole of the role. */
function watches({ pattern: text, references }: Lookout, role: Evidence): Ternary {
	const refers = references.includes(role.id);
	if (text === unknownText) return refers ? "unknown" : "no";
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
