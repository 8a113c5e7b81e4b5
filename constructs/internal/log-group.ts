import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { Construct } from "constructs";
import { accountOf } from "./account.ts";
import type { KeyReference } from "./existing.ts";
import { maskAddresses } from "./log-masking.ts";
import { sixYearsDays } from "./retention.ts";

/** Log group that keeps what it is given for six years, under one's own key, and shows no mail address; in the provider's Region unless told. */
export function serviceLogGroup(scope: Construct, id: string, name: string, encryptionKey: KeyReference, region?: string): CloudwatchLogGroup {
	const place = region === undefined ? {} : { region };
	const group = new CloudwatchLogGroup(scope, id, { ...place, name, kmsKeyId: encryptionKey.arn, retentionInDays: sixYearsDays });
	maskAddresses(scope, `${id}-masking`, group, accountOf(scope));
	return group;
}
