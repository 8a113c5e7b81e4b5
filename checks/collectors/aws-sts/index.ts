import { awsCollector } from "../../aws/collector.ts";
import { deniedIn, getCallerIdentity, questionsAbout, simulate } from "../../aws/preflight.ts";
import { listOf, table } from "../../aws/table.ts";

/** Who looks: the identity that every other answer was given to, and what its own policies do not let it ask. */
export default awsCollector({
	id: "aws-sts",
	tables: [
		table({
			list: listOf(getCallerIdentity, {}, (page) => [page]),
			id: (one) => one.Arn ?? "caller",
			kinds: {
				"aws.caller": { map: (one) => ({ id: one.Arn ?? "caller", values: { account: one.Account, arn: one.Arn } }) },
			},
		}),
		table({
			list: listOf(getCallerIdentity, {}, (page) => questionsAbout(page.Arn ?? "")),
			id: (one) => `${one.PolicySourceArn}|${one.ActionNames[0]}`,
			details: {
				// A role with a path is not found under its name alone.
				simulated: { operation: simulate, input: (one) => one, absent: ["NoSuchEntityException", "NoSuchEntity"] },
			},
			kinds: {
				"aws.caller_permissions": {
					of: ["simulated"],
					map: (one, { simulated }) =>
						simulated === null
							? undefined
							: {
									id: `${one.PolicySourceArn}|${one.ActionNames[0]}`,
									values: {
										arn: one.PolicySourceArn,
										asked: one.ActionNames.length,
										denied: simulated.flatMap((page) => deniedIn(page.EvaluationResults ?? [])),
									},
								},
				},
			},
		}),
	],
});
