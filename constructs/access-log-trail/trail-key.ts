import type { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { keyStatement, logsUse, rootArn } from "../internal/key-policy.ts";
import { ServiceKey } from "../internal/service-key.ts";

/** Key of a trail, its bucket and its log group: CloudTrail and CloudWatch Logs write under it, the account reads through S3. */
export function trailKey(scope: Construct, id: string, trailArn: string): ServiceKey {
	const account = accountOf(scope);
	const fromTrail = { test: "StringEquals", variable: "aws:SourceArn", values: [trailArn] };
	return new ServiceKey(scope, id, {
		description: "Access logs",
		use: [
			{
				...keyStatement("CloudTrail", ["kms:GenerateDataKey*"], "Service", ["cloudtrail.amazonaws.com"]),
				condition: [
					fromTrail,
					{
						test: "StringLike",
						variable: "kms:EncryptionContext:aws:cloudtrail:arn",
						values: [`arn:${account.partition}:cloudtrail:*:${account.accountId}:trail/*`],
					},
				],
			},
			{ ...keyStatement("CloudTrailDescribe", ["kms:DescribeKey"], "Service", ["cloudtrail.amazonaws.com"]), condition: [fromTrail] },
			logsUse(account),
			{
				...keyStatement("ReadThroughS3", ["kms:Decrypt"], "AWS", [rootArn(account)]),
				condition: [{ test: "StringEquals", variable: "kms:ViaService", values: [`s3.${account.region}.${account.dnsSuffix}`] }],
			},
		],
	});
}
