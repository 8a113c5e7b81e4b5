import type { ConditionParameter } from "@aws-sdk/client-backup";
import { awsCollector } from "../../aws/collector.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, listWithin, table } from "../../aws/table.ts";

const backup = awsApi({ id: "backup", client: "BackupClient", load: () => import("@aws-sdk/client-backup"), concurrency: 2 });

const planList = listOf(backup("ListBackupPlans", { pages: "NextToken", expects: ["BackupPlansList"], shared: true }), {}, (page) => page.BackupPlansList);

const lifecycle = (one: { MoveToColdStorageAfterDays?: number | undefined; DeleteAfterDays?: number | undefined } | undefined) =>
	one && { cold_storage_after: one.MoveToColdStorageAfterDays, delete_after: one.DeleteAfterDays };

const plans = table({
	list: planList,
	id: (one) => one.BackupPlanArn ?? "",
	details: { plan: { operation: backup("GetBackupPlan", { expects: ["BackupPlan"] }), input: (one) => ({ BackupPlanId: one.BackupPlanId }) } },
	kinds: {
		aws_backup_plan: {
			of: ["plan"],
			map: (one, { plan }) => ({
				id: one.BackupPlanArn ?? "",
				values: {
					arn: one.BackupPlanArn,
					id: one.BackupPlanId,
					name: one.BackupPlanName,
					rule: plan?.[0]?.BackupPlan?.Rules?.map((rule) => ({
						rule_name: rule.RuleName,
						schedule: rule.ScheduleExpression,
						target_vault_name: rule.TargetBackupVaultName,
						enable_continuous_backup: rule.EnableContinuousBackup,
						lifecycle: lifecycle(rule.Lifecycle),
						copy_action: rule.CopyActions?.map((copy) => ({ destination_vault_arn: copy.DestinationBackupVaultArn, lifecycle: lifecycle(copy.Lifecycle) })),
					})),
				},
			}),
		},
	},
});

const conditions = (list: readonly ConditionParameter[] | undefined) => list?.map((one) => ({ key: one.ConditionKey, value: one.ConditionValue }));

const selections = table({
	list: listWithin(
		planList,
		backup("ListBackupSelections", { pages: "NextToken", expects: ["BackupSelectionsList"] }),
		(plan) => ({ BackupPlanId: plan.BackupPlanId }),
		(page) => page.BackupSelectionsList,
	),
	id: (one) => one.SelectionId ?? "",
	details: {
		selection: {
			operation: backup("GetBackupSelection", { expects: ["BackupSelection"] }),
			input: (one) => ({ BackupPlanId: one.BackupPlanId, SelectionId: one.SelectionId }),
		},
	},
	kinds: {
		aws_backup_selection: {
			of: ["selection"],
			map: (one, { selection }) => {
				const seen = selection?.[0]?.BackupSelection;
				return {
					id: one.SelectionId ?? "",
					values: {
						id: one.SelectionId,
						name: seen?.SelectionName,
						plan_id: one.BackupPlanId,
						iam_role_arn: seen?.IamRoleArn,
						resources: seen?.Resources,
						not_resources: seen?.NotResources,
						selection_tag: seen?.ListOfTags?.map((tag) => ({ key: tag.ConditionKey, type: tag.ConditionType, value: tag.ConditionValue })),
						condition: seen?.Conditions && [
							{
								string_equals: conditions(seen.Conditions.StringEquals),
								string_like: conditions(seen.Conditions.StringLike),
								string_not_equals: conditions(seen.Conditions.StringNotEquals),
								string_not_like: conditions(seen.Conditions.StringNotLike),
							},
						],
					},
				};
			},
		},
	},
});

const protectedResources = table({
	list: listOf(backup("ListProtectedResources", { pages: "NextToken", expects: ["Results"] }), {}, (page) => page.Results),
	id: (one) => one.ResourceArn ?? "",
	kinds: {
		"aws.backup_protected_resource": {
			map: (one) => ({ id: `${one.ResourceArn}|backup`, values: { arn: one.ResourceArn, type: one.ResourceType, last_backup_at: one.LastBackupTime } }),
		},
	},
});

/** What is backed up, where to, and when it last was. */
export default awsCollector({ id: "aws-backup", tables: [plans, selections, protectedResources] });
