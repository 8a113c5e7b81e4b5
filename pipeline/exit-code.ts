import { type Severity, severities } from "../model/config.ts";
import { isChosenGap } from "../model/reasons.ts";
import type { ResultDocument, ResultItem } from "../model/result.ts";

export interface ExitPolicy {
	failOn: Severity | "none";
	/** Also chosen gaps, pending attestations and every severity make a run incomplete. */
	requireAssessed: boolean;
}

export const exitCodes = { good: 0, failed: 1, usage: 2, incomplete: 3, internal: 4, interrupted: 130 } as const;

/** docs/cli.md, "Exit codes": 1 something fails, 3 nothing fails but something that counts could not be assessed. */
export function exitCodeOf(result: ResultDocument, policy: ExitPolicy): number {
	if (result.run.interrupted) return exitCodes.interrupted;
	const inForce = result.results.filter((one) => one.state === "fail" && counts(one, policy));
	if (inForce.length > 0) return exitCodes.failed;
	return result.results.some((one) => leavesIncomplete(one, result, policy)) ? exitCodes.incomplete : exitCodes.good;
}

/** True if the result keeps the run from being complete. */
export function leavesIncomplete(one: ResultItem, result: ResultDocument, policy: ExitPolicy): boolean {
	if (one.state === "manual_pending") return policy.requireAssessed;
	if (one.state !== "not_assessed" || one.reason === null) return false;
	const { code } = one.reason;
	if (result.accepted.some((accepted) => accepted.code === code)) return false;
	if (policy.requireAssessed) return true;
	if (
		isChosenGap(
			code,
			result.scope.targets.map((target) => target.type),
		)
	)
		return false;
	return counts(one, policy);
}

function counts(one: ResultItem, policy: ExitPolicy): boolean {
	return policy.failOn !== "none" && severities.indexOf(one.severity) <= severities.indexOf(policy.failOn);
}
