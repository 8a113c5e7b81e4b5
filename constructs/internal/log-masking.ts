import { CloudwatchLogDataProtectionPolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy/index.js";
import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import type { Account } from "./account.ts";

/** Masks mail addresses in what is read from a log group; metric filters still see them. */
export function maskAddresses(scope: Construct, id: string, logGroup: CloudwatchLogGroup, account: Account): CloudwatchLogDataProtectionPolicy {
	const identifiers = [`arn:${account.partition}:dataprotection::aws:data-identifier/EmailAddress`];
	const region = logGroup.regionInput === undefined ? {} : { region: logGroup.regionInput };
	return new CloudwatchLogDataProtectionPolicy(scope, id, {
		...region,
		logGroupName: logGroup.name,
		policyDocument: Fn.jsonencode({
			Name: "mask-addresses",
			Version: "2021-06-01",
			Statement: [
				{ Sid: "Audit", DataIdentifier: identifiers, Operation: { Audit: { FindingsDestination: {} } } },
				{ Sid: "Mask", DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
			],
		}),
	});
}
