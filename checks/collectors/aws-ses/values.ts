import type { ReceiptRule } from "@aws-sdk/client-ses";

/** A receipt rule in the words of aws_ses_receipt_rule, where each kind of action is a list of its own with positions from 1. */
export function ruleValues(rule: ReceiptRule): Record<string, unknown> {
	const actions = (rule.Actions ?? []).map((action, index) => ({ action, position: index + 1 }));
	return {
		enabled: rule.Enabled,
		recipients: rule.Recipients,
		scan_enabled: rule.ScanEnabled,
		tls_policy: rule.TlsPolicy,
		bounce_action: blocks(
			actions,
			({ BounceAction: one }) => one && { smtp_reply_code: one.SmtpReplyCode, status_code: one.StatusCode, topic_arn: one.TopicArn },
		),
		lambda_action: blocks(
			actions,
			({ LambdaAction: one }) => one && { function_arn: one.FunctionArn, invocation_type: one.InvocationType, topic_arn: one.TopicArn },
		),
		s3_action: blocks(
			actions,
			({ S3Action: one }) =>
				one && {
					bucket_name: one.BucketName,
					iam_role_arn: one.IamRoleArn,
					kms_key_arn: one.KmsKeyArn,
					object_key_prefix: one.ObjectKeyPrefix,
					topic_arn: one.TopicArn,
				},
		),
		sns_action: blocks(actions, ({ SNSAction: one }) => one && { encoding: one.Encoding, topic_arn: one.TopicArn }),
		stop_action: blocks(actions, ({ StopAction: one }) => one && { scope: one.Scope, topic_arn: one.TopicArn }),
		workmail_action: blocks(actions, ({ WorkmailAction: one }) => one && { organization_arn: one.OrganizationArn, topic_arn: one.TopicArn }),
	};
}

type Action = NonNullable<ReceiptRule["Actions"]>[number];

function blocks(
	actions: readonly { action: Action; position: number }[],
	valuesOf: (action: Action) => Record<string, unknown> | undefined,
): Record<string, unknown>[] | undefined {
	const found = actions.flatMap(({ action, position }) => {
		const values = valuesOf(action);
		return values === undefined ? [] : [{ ...values, position }];
	});
	return found.length === 0 ? undefined : found;
}
