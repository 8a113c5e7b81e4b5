import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { getCallerIdentity } from "../../aws/preflight.ts";
import { listOf, table } from "../../aws/table.ts";

const s3control = awsApi({ id: "s3-control", prefix: "s3", client: "S3ControlClient", load: () => import("@aws-sdk/client-s3-control"), global: true });

/** The account's own block of public access. */
export default awsCollector({
	id: "aws-s3-control",
	tables: [
		table({
			list: listOf(getCallerIdentity, {}, (page) => [page]),
			id: (one) => one.Account ?? "",
			details: {
				block: {
					operation: s3control("GetPublicAccessBlock", { action: "s3:GetAccountPublicAccessBlock", expects: ["PublicAccessBlockConfiguration"] }),
					input: (one) => ({ AccountId: one.Account }),
					absent: ["NoSuchPublicAccessBlockConfiguration"],
				},
			},
			kinds: {
				aws_s3_account_public_access_block: {
					of: ["block"],
					map: ({ Account: account = "" }, { block }) => {
						const seen = block?.[0]?.PublicAccessBlockConfiguration;
						if (seen === undefined) return { id: account };
						return {
							id: account,
							values: {
								id: account,
								account_id: account,
								block_public_acls: seen.BlockPublicAcls,
								block_public_policy: seen.BlockPublicPolicy,
								ignore_public_acls: seen.IgnorePublicAcls,
								restrict_public_buckets: seen.RestrictPublicBuckets,
							},
						};
					},
				},
			},
		}),
	],
});
