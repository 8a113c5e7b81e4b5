import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const secretsManager = awsApi({
	id: "secrets-manager",
	prefix: "secretsmanager",
	client: "SecretsManagerClient",
	load: () => import("@aws-sdk/client-secrets-manager"),
});

const secrets = table({
	list: listOf(secretsManager("ListSecrets", { pages: "NextToken", expects: ["SecretList"] }), { MaxResults: 100 }, (page) => page.SecretList),
	id: (one) => one.ARN ?? "",
	details: {
		secret: { operation: secretsManager("DescribeSecret", { expects: ["ARN"] }), input: (one) => ({ SecretId: one.ARN }) },
		policy: { operation: secretsManager("GetResourcePolicy", { expects: ["ARN"] }), input: (one) => ({ SecretId: one.ARN }) },
	},
	kinds: {
		aws_secretsmanager_secret: {
			of: ["secret"],
			map: ({ ARN: arn = "" }, { secret }) => {
				const seen = secret?.[0];
				return {
					id: arn,
					values: {
						arn,
						id: arn,
						name: seen?.Name,
						kms_key_id: seen?.KmsKeyId,
						replica: seen?.ReplicationStatus?.map((replica) => ({ region: replica.Region, kms_key_id: replica.KmsKeyId })),
					},
					onlyInPlan: ["recovery_window_in_days"],
				};
			},
		},
		aws_secretsmanager_secret_policy: {
			of: ["policy"],
			map: ({ ARN: arn = "" }, { policy }) => {
				const document = policy?.[0]?.ResourcePolicy;
				if (document === undefined || document === "") return undefined;
				return { id: `${arn}|policy`, values: { id: arn, secret_arn: arn, policy: document }, onlyInPlan: ["block_public_policy"] };
			},
		},
		aws_secretsmanager_secret_rotation: {
			of: ["secret"],
			map: ({ ARN: arn = "" }, { secret }) => {
				const seen = secret?.[0];
				if (seen?.RotationEnabled !== true) return undefined;
				return {
					id: `${arn}|rotation`,
					values: {
						id: arn,
						secret_id: arn,
						rotation_enabled: true,
						rotation_lambda_arn: seen.RotationLambdaARN,
						rotation_rules: seen.RotationRules && {
							automatically_after_days: seen.RotationRules.AutomaticallyAfterDays,
							duration: seen.RotationRules.Duration,
							schedule_expression: seen.RotationRules.ScheduleExpression,
						},
					},
				};
			},
		},
		"aws.secret": {
			of: ["secret"],
			map: ({ ARN: arn = "" }, { secret }) => ({
				id: `${arn}|state`,
				values: {
					arn,
					name: secret?.[0]?.Name,
					created_at: secret?.[0]?.CreatedDate,
					last_rotated_at: secret?.[0]?.LastRotatedDate,
					last_changed_at: secret?.[0]?.LastChangedDate,
					last_accessed_at: secret?.[0]?.LastAccessedDate,
					deleted_at: secret?.[0]?.DeletedDate,
				},
			}),
		},
	},
});

/** Secrets by what is set over them: key, policy, rotation. Their values are never asked for: the scanner has no right to. */
export default awsCollector({ id: "aws-secrets-manager", tables: [secrets] });
