import type { Evidence } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { isUnknown } from "./policy-documents.ts";

/** Whether an alarm does something when it is raised: its actions are on, and there is one. "unknown" where only apply tells. */
export function alarmActs(alarm: Evidence): boolean | "unknown" {
	if (valueAt(alarm.values, "actions_enabled") === false) return false;
	const actions = valueAt(alarm.values, "alarm_actions");
	const named = Object.entries(alarm.references ?? {}).some(([path, ids]) => path.startsWith("alarm_actions") && ids.length > 0);
	if (named || (Array.isArray(actions) && actions.length > 0)) return isUnknown(alarm, "actions_enabled") ? "unknown" : true;
	return isUnknown(alarm, "alarm_actions") ? "unknown" : false;
}

/** Kinds by which a plan or an account shows that it sends by SES. */
export const senderKinds: readonly string[] = [
	"aws_ses_configuration_set",
	"aws_ses_domain_identity",
	"aws_ses_email_identity",
	"aws_sesv2_configuration_set",
	"aws_sesv2_email_identity",
];

/** Whether the evidence is of an account, where what is not listed is not there; a plan makes some of an account's resources only. */
export function isAccount(target: string): boolean {
	return /^\d{12}\//.test(target);
}
