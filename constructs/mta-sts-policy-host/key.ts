import type { Construct } from "constructs";
import type { Account } from "../internal/account.ts";
import { keyStatement, logsUse, rootArn } from "../internal/key-policy.ts";
import { ServiceKey } from "../internal/service-key.ts";

/** Key of the policy's bucket and of the access logs: CloudFront reads under it, for this account's distributions only. */
export function policyHostKey(scope: Construct, id: string, account: Account, region: string): ServiceKey {
	return new ServiceKey(scope, id, {
		description: "MTA-STS policy host",
		region,
		use: [
			{
				...keyStatement("UseThroughS3", ["kms:Decrypt", "kms:GenerateDataKey*"], "AWS", [rootArn(account)]),
				condition: [{ test: "StringEquals", variable: "kms:ViaService", values: [`s3.${region}.${account.dnsSuffix}`] }],
			},
			{
				// A pattern, since the distribution needs the bucket first and the bucket the key.
				...keyStatement("CloudFront", ["kms:Decrypt"], "Service", ["cloudfront.amazonaws.com"]),
				condition: [{ test: "ArnLike", variable: "aws:SourceArn", values: [`arn:${account.partition}:cloudfront::${account.accountId}:distribution/*`] }],
			},
			logsUse({ ...account, region }),
		],
	});
}
