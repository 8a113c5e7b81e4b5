import { Token } from "cdktf";
import type { Construct } from "constructs";
import { isWholeNumber, type PropRule, propError } from "./prop-checks.ts";

/** Six years with two leap days: 45 CFR 164.316(b)(2)(i). */
export const sixYearsDays = 2192;

/** What S3 allows as a default retention. */
const maxLockDays = 36_500;

/** How long nothing can be deleted, and how strictly. */
export interface Lock {
	readonly mode: "COMPLIANCE" | "GOVERNANCE";
	readonly days: number;
}

const retentionRule: PropRule = {
	wanted: `a whole number of days from ${sixYearsDays} (six years) to ${maxLockDays}`,
	remedy: "leave it out for six years; for a trial that can be torn down set sandbox: true instead",
};

/** The lock of a store that keeps records, from the two props that bear on it. Throws on a period that is too short. */
export function lockOf(scope: Construct, props: { readonly retentionDays?: number; readonly sandbox?: boolean }): Lock {
	const { retentionDays, sandbox } = props;
	if (sandbox === true) {
		if (retentionDays !== undefined) {
			throw propError(scope, "retentionDays", retentionDays, {
				wanted: "left out with sandbox: true, which keeps nothing longer than a day",
				remedy: "remove one of the two",
			});
		}
		return { mode: "GOVERNANCE", days: 1 };
	}
	if (retentionDays !== undefined && !Token.isUnresolved(retentionDays) && !isWholeNumber(retentionDays, sixYearsDays, maxLockDays)) {
		throw propError(scope, "retentionDays", retentionDays, retentionRule);
	}
	return { mode: "COMPLIANCE", days: retentionDays ?? sixYearsDays };
}

/** The periods from six years up that CloudWatch Logs offers. */
const logPeriodsDays = [2192, 2557, 2922, 3288, 3653];

/** The shortest period of CloudWatch Logs that is long enough; 0, never expire, where there is none or the number is a token. */
export function logRetentionDays(days: number): number {
	if (Token.isUnresolved(days)) return 0;
	return logPeriodsDays.find((period) => period >= days) ?? 0;
}
