/**
 * What policies of AWS's own give in whole: `*` for every service, else the service prefixes whose every action they allow on every
 * resource; an empty list for those that give none in whole. Source: AWS Managed Policy Reference Guide; written from what it is known
 * to hold, still to be compared with the JSON of each policy.
 */
export const managedPolicies = {
	asOf: "2026-11",
	source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
	wholeServices: new Map<string, readonly string[]>([
		["AdministratorAccess", ["*"]],
		["AmazonDynamoDBFullAccess", ["dynamodb"]],
		["AmazonEventBridgeFullAccess", ["events"]],
		["AmazonKinesisFirehoseFullAccess", ["firehose"]],
		["AmazonS3FullAccess", ["s3"]],
		["AmazonSESFullAccess", ["ses"]],
		["AmazonSNSFullAccess", ["sns"]],
		["AmazonSQSFullAccess", ["sqs"]],
		["AWSLambda_FullAccess", ["lambda"]],
		["CloudWatchLogsFullAccess", ["logs"]],
		["IAMFullAccess", ["iam"]],
		// Everything but IAM, Organizations and account settings.
		["PowerUserAccess", ["dynamodb", "events", "firehose", "kms", "lambda", "logs", "s3", "secretsmanager", "ses", "sns", "sqs"]],
		["SecretsManagerReadWrite", ["secretsmanager"]],
		["AmazonSESReadOnlyAccess", []],
		["AmazonSSMManagedInstanceCore", []],
		["AWSBackupServiceRolePolicyForBackup", []],
		["AWSBackupServiceRolePolicyForRestores", []],
		["AWSBackupServiceRolePolicyForS3Backup", []],
		["AWSBackupServiceRolePolicyForS3Restore", []],
		["AWSLambdaBasicExecutionRole", []],
		["AWSLambdaVPCAccessExecutionRole", []],
		["AWS_ConfigRole", []],
		["IAMUserChangePassword", []],
		["ReadOnlyAccess", []],
		["SecurityAudit", []],
		["ViewOnlyAccess", []],
	]),
} as const;
