import { awsCollector } from "../../aws/collector.ts";
import { getCallerIdentity } from "../../aws/open.ts";
import { listOf, table } from "../../aws/table.ts";

/** Who looks: the identity that every other answer was given to. */
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
	],
});
