/**
 * Makes an AWS CDK stack that is equal to a cdk.tf.json, resource by resource, in every type that cdk-nag's HIPAA pack has a rule for and
 * the file holds, and prints what the pack says of it: {"translated", "left", "findings": [{"rule", "resource"}]}. Run where aws-cdk-lib
 * and cdk-nag are installed: node app.mjs cdk.tf.json
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "app.mjs"));
const {
	App,
	CfnResource,
	Stack,
	aws_kms,
	aws_s3,
	aws_cloudtrail,
	aws_logs,
	aws_cloudwatch,
	aws_sns,
	aws_sqs,
	aws_lambda,
	aws_dynamodb,
} = require("aws-cdk-lib");
const { aws_backup, aws_iam, aws_codebuild, aws_cloudfront, aws_apigatewayv2, aws_secretsmanager, aws_ses } = require("aws-cdk-lib");
const { HIPAASecurityChecks } = require("cdk-nag");

const { resource, data = {} } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const app = new App();
const stack = new Stack(app, "mail");
const made = new Map();

/** Resources of a split kind that name a bucket, role or queue: `${aws_s3_bucket.x.id}` at the attribute. */
function of(type, attribute, address) {
	return Object.values(resource[type] ?? {}).filter((body) => String(body[attribute]).startsWith(`\${${address}.`));
}

/** A reference as CloudFormation has it; text around it is joined. */
function value(text) {
	if (typeof text !== "string") return text;
	const whole = /^\$\{(aws_\w+\.[\w-]+)\.(\w+)\}$/.exec(text);
	if (whole !== null && made.has(whole[1])) return whole[2] === "arn" ? made.get(whole[1]).getAtt("Arn").toString() : made.get(whole[1]).ref;
	return text.replaceAll(/\$\{(aws_\w+\.[\w-]+)\.(\w+)\}/g, (all, address, attribute) => {
		if (!made.has(address)) return all;
		return attribute === "arn" ? made.get(address).getAtt("Arn").toString() : made.get(address).ref;
	});
}

/** The policy document that a reference to a data source names. */
function documentOf(reference) {
	const name = /^\$\{data\.aws_iam_policy_document\.([\w-]+)\.json\}$/.exec(reference)?.[1];
	if (name === undefined) return JSON.parse(reference);
	return { Version: "2012-10-17", Statement: data.aws_iam_policy_document[name].statement.map(statementOf) };
}

function statementOf({ sid, effect = "Allow", actions, not_actions: notActions, resources, principals, condition }) {
	const conditions = {};
	for (const { test, variable, values } of condition ?? []) conditions[test] = { ...conditions[test], [variable]: oneOrMore(values) };
	return {
		Sid: sid,
		Effect: effect,
		...(actions === undefined ? {} : { Action: oneOrMore(actions) }),
		...(notActions === undefined ? {} : { NotAction: oneOrMore(notActions) }),
		...(resources === undefined ? {} : { Resource: oneOrMore(resources) }),
		...(principals === undefined ? {} : { Principal: principalsOf(principals) }),
		...(condition === undefined ? {} : { Condition: conditions }),
	};
}

/** As CDK writes it: a list of one is that one. */
function oneOrMore(values) {
	return values.length === 1 ? value(values[0]) : values.map(value);
}

function principalsOf(principals) {
	if (principals.some(({ type }) => type === "*")) return "*";
	return Object.fromEntries(principals.map(({ type, identifiers }) => [type, oneOrMore(identifiers)]));
}

const make = (Kind, props) => (id, body, address) => new Kind(stack, id, props(body, address));
const on = (flag) => flag === true;

const translators = {
	aws_kms_key: make(aws_kms.CfnKey, (body) => ({ enableKeyRotation: on(body.enable_key_rotation), keyPolicy: documentOf(body.policy) })),
	aws_s3_bucket: make(aws_s3.CfnBucket, bucket),
	aws_s3_bucket_policy: make(aws_s3.CfnBucketPolicy, (body) => ({ bucket: value(body.bucket), policyDocument: documentOf(body.policy) })),
	aws_cloudtrail: make(aws_cloudtrail.CfnTrail, (body) => ({
		isLogging: body.enable_logging !== false,
		s3BucketName: value(body.s3_bucket_name),
		isMultiRegionTrail: on(body.is_multi_region_trail),
		enableLogFileValidation: on(body.enable_log_file_validation),
		kmsKeyId: value(body.kms_key_id),
		cloudWatchLogsLogGroupArn: value(body.cloud_watch_logs_group_arn),
		cloudWatchLogsRoleArn: value(body.cloud_watch_logs_role_arn),
	})),
	aws_cloudwatch_log_group: make(aws_logs.CfnLogGroup, (body) => ({ retentionInDays: body.retention_in_days, kmsKeyId: value(body.kms_key_id) })),
	aws_cloudwatch_metric_alarm: make(aws_cloudwatch.CfnAlarm, (body) => ({
		comparisonOperator: body.comparison_operator,
		evaluationPeriods: body.evaluation_periods,
		metricName: body.metric_name,
		namespace: body.namespace,
		actionsEnabled: body.actions_enabled !== false,
		alarmActions: body.alarm_actions?.map(value),
		okActions: body.ok_actions?.map(value),
		insufficientDataActions: body.insufficient_data_actions?.map(value),
	})),
	aws_sns_topic: make(aws_sns.CfnTopic, (body) => ({ kmsMasterKeyId: value(body.kms_master_key_id) })),
	aws_sqs_queue: make(aws_sqs.CfnQueue, (body) => ({ kmsMasterKeyId: value(body.kms_master_key_id) })),
	aws_lambda_function: make(aws_lambda.CfnFunction, (body) => ({
		code: { s3Bucket: "code", s3Key: "lambda.zip" },
		role: value(body.role),
		handler: body.handler,
		runtime: body.runtime,
		kmsKeyArn: value(body.kms_key_arn),
		reservedConcurrentExecutions: body.reserved_concurrent_executions,
		...(body.dead_letter_config === undefined ? {} : { deadLetterConfig: { targetArn: value(body.dead_letter_config.target_arn) } }),
		...(body.vpc_config === undefined ? {} : { vpcConfig: { subnetIds: body.vpc_config.subnet_ids } }),
	})),
	aws_lambda_permission: make(aws_lambda.CfnPermission, (body) => ({
		action: body.action,
		functionName: value(body.function_name),
		principal: body.principal,
	})),
	aws_dynamodb_table: make(aws_dynamodb.CfnTable, (body) => ({
		keySchema: [{ attributeName: body.hash_key, keyType: "HASH" }],
		attributeDefinitions: body.attribute.map(({ name, type }) => ({ attributeName: name, attributeType: type })),
		billingMode: body.billing_mode,
		pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: on(body.point_in_time_recovery?.enabled) },
		sseSpecification: { sseEnabled: on(body.server_side_encryption?.enabled), sseType: "KMS" },
	})),
	aws_backup_selection: make(aws_backup.CfnBackupSelection, (body) => ({
		backupPlanId: "plan",
		backupSelection: { iamRoleArn: value(body.iam_role_arn), selectionName: body.name, resources: body.resources.map(value) },
	})),
	aws_iam_role: make(aws_iam.CfnRole, (body, address) => ({
		assumeRolePolicyDocument: documentOf(body.assume_role_policy),
		managedPolicyArns: of("aws_iam_role_policy_attachment", "role", address).map((attachment) => value(attachment.policy_arn)),
		...inlinePolicies(of("aws_iam_role_policy", "role", address)),
	})),
	aws_iam_user: make(aws_iam.CfnUser, () => ({})),
	aws_iam_group: make(aws_iam.CfnGroup, (_body, address) => inlinePolicies(of("aws_iam_group_policy", "group", address))),
	aws_codebuild_project: make(aws_codebuild.CfnProject, (body) => ({
		artifacts: { type: body.artifacts.type },
		source: { type: body.source.type },
		serviceRole: value(body.service_role),
		encryptionKey: value(body.encryption_key),
		environment: {
			type: body.environment.type,
			image: body.environment.image,
			computeType: body.environment.compute_type,
			environmentVariables: body.environment.environment_variable?.map(({ name, type, value: held }) => ({ name, type, value: value(held) })),
		},
	})),
	aws_cloudfront_distribution: make(aws_cloudfront.CfnDistribution, (body) => ({
		distributionConfig: {
			enabled: true,
			origins: [{ id: "o", domainName: "o.example", s3OriginConfig: {} }],
			defaultCacheBehavior: { targetOriginId: "o", viewerProtocolPolicy: body.default_cache_behavior.viewer_protocol_policy },
			viewerCertificate: { minimumProtocolVersion: body.viewer_certificate.minimum_protocol_version },
		},
	})),
	aws_apigatewayv2_stage: make(aws_apigatewayv2.CfnStage, (body) => ({
		apiId: "api",
		stageName: body.name,
		accessLogSettings: { destinationArn: value(body.access_log_settings.destination_arn), format: body.access_log_settings.format },
	})),
	aws_secretsmanager_secret: make(aws_secretsmanager.CfnSecret, (body) => ({ kmsKeyId: value(body.kms_key_id) })),
	aws_sesv2_configuration_set: make(aws_ses.CfnConfigurationSet, (body) => ({ deliveryOptions: { tlsPolicy: body.delivery_options?.tls_policy } })),
	aws_sesv2_email_identity: make(aws_ses.CfnEmailIdentity, (body) => ({ emailIdentity: body.email_identity })),
};

function inlinePolicies(policies) {
	if (policies.length === 0) return {};
	return { policies: policies.map((policy, index) => ({ policyName: `p${index}`, policyDocument: documentOf(policy.policy) })) };
}

function bucket(_body, address) {
	const part = (type) => of(type, "bucket", address)[0];
	const block = part("aws_s3_bucket_public_access_block");
	const [rule] = part("aws_s3_bucket_server_side_encryption_configuration")?.rule ?? [];
	const { sse_algorithm: sseAlgorithm, kms_master_key_id: key } = rule?.apply_server_side_encryption_by_default ?? {};
	const logging = part("aws_s3_bucket_logging");
	const [copy] = part("aws_s3_bucket_replication_configuration")?.rule ?? [];
	return {
		versioningConfiguration: { status: part("aws_s3_bucket_versioning")?.versioning_configuration.status ?? "Suspended" },
		...(logging === undefined ? {} : { loggingConfiguration: { destinationBucketName: value(logging.target_bucket), logFilePrefix: "logs/" } }),
		...(sseAlgorithm === undefined
			? {}
			: { bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId: value(key) } }] } }),
		...(copy === undefined ? {} : { replicationConfiguration: { role: "role", rules: [{ status: copy.status, destination: { bucket: "other" } }] } }),
		publicAccessBlockConfiguration: {
			blockPublicAcls: on(block?.block_public_acls),
			blockPublicPolicy: on(block?.block_public_policy),
			ignorePublicAcls: on(block?.ignore_public_acls),
			restrictPublicBuckets: on(block?.restrict_public_buckets),
		},
	};
}

// In this order, so that what is referred to is there; what refers to a later one keeps Terraform's text, as any value would do.
const logicalIds = new Map();
for (const [type, translate] of Object.entries(translators)) {
	for (const [name, body] of Object.entries(resource[type] ?? {})) {
		const construct = translate(`${type}-${name}`.replaceAll(/[^A-Za-z0-9-]/g, "-"), body, `${type}.${name}`);
		made.set(`${type}.${name}`, construct);
		logicalIds.set(construct.node.path, `${type}.${name}`);
	}
}

const parts = new Set([
	"aws_iam_role_policy",
	"aws_iam_role_policy_attachment",
	"aws_iam_group_policy",
	...Object.keys(resource).filter((type) => /^aws_s3_bucket_(?!policy$)/.test(type)),
]);
const left = Object.keys(resource).filter((type) => translators[type] === undefined && !parts.has(type));
const report = new HIPAASecurityChecks(app).validateScope(app);
const findings = report.violations.flatMap(({ ruleName, violatingResources, violatingConstructs }) =>
	(violatingConstructs ?? violatingResources).map(({ constructPath, resourceLogicalId }) => ({
		rule: ruleName,
		resource: logicalIds.get(constructPath) ?? resourceLogicalId,
	})),
);
process.stdout.write(JSON.stringify({ translated: stack.node.findAll().filter((node) => CfnResource.isCfnResource(node)).length, left, findings }));
