import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const dynamodb = awsApi({ id: "dynamodb", client: "DynamoDBClient", load: () => import("@aws-sdk/client-dynamodb") });

const tables = table({
	list: listOf(
		dynamodb("ListTables", { pages: ["LastEvaluatedTableName", "ExclusiveStartTableName"], expects: ["TableNames"] }),
		{ Limit: 100 },
		(page) => page.TableNames,
	),
	id: (name) => name,
	details: {
		table: { operation: dynamodb("DescribeTable", { expects: ["Table"] }), input: (name) => ({ TableName: name }) },
		backups: { operation: dynamodb("DescribeContinuousBackups", { expects: ["ContinuousBackupsDescription"] }), input: (name) => ({ TableName: name }) },
	},
	kinds: {
		aws_dynamodb_table: {
			of: ["table", "backups"],
			map: (name, { table: described, backups }) => {
				const seen = described?.[0]?.Table;
				const recovery = backups?.[0]?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
				return {
					id: seen?.TableArn ?? name,
					values: {
						arn: seen?.TableArn,
						id: name,
						name,
						deletion_protection_enabled: seen?.DeletionProtectionEnabled,
						stream_enabled: seen?.StreamSpecification?.StreamEnabled,
						point_in_time_recovery: {
							enabled: recovery?.PointInTimeRecoveryStatus === "ENABLED",
							recovery_period_in_days: recovery?.RecoveryPeriodInDays,
						},
						replica: seen?.Replicas?.map((replica) => ({ region_name: replica.RegionName, kms_key_arn: replica.KMSMasterKeyId })),
						// Without a description the table is encrypted with a key that AWS owns: disabled in the provider's words.
						server_side_encryption: { enabled: seen?.SSEDescription?.Status === "ENABLED", kms_key_arn: seen?.SSEDescription?.KMSMasterKeyArn },
					},
				};
			},
		},
	},
});

/** Tables by key, recovery and protection; items are never read. */
export default awsCollector({ id: "aws-dynamodb", tables: [tables] });
