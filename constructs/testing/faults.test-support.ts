/** A synthesized stack as far as faults reach into it. */
interface StackDocument {
	resource: Record<string, Record<string, Body>>;
	data?: Record<string, Record<string, Body>>;
}
type Body = Record<string, unknown>;

/** The part of a stack that a construct under the id "subject" made, for faults to be put into. */
export class Subject {
	readonly document: StackDocument;

	constructor(stackJson: string) {
		this.document = JSON.parse(stackJson) as StackDocument;
	}

	/** Whether a resource of the type is there. */
	has(type: string): boolean {
		return this.#own(this.document.resource[type]).length > 0;
	}

	/** Sets an attribute of each resource of a type; undefined takes it away. Lists on the way are gone through. */
	set(type: string, path: string, value?: unknown): void {
		for (const [, body] of this.#own(this.document.resource[type])) put(body, path.split("."), value);
	}

	/** Takes each resource of a type away. */
	remove(type: string): void {
		for (const [name] of this.#own(this.document.resource[type])) delete this.document.resource[type]?.[name];
	}

	/** Puts a resource beside each of a type; `$` in its values stands for the other's address. */
	addBeside(type: string, added: string, body: Body): void {
		for (const [name] of this.#own(this.document.resource[type])) {
			const text = JSON.stringify(body)
				.replaceAll("$.", `\${${type}.${name}.`)
				.replaceAll(/(\$\{[^"}]+)"/g, '$1}"');
			this.document.resource[added] = { ...this.document.resource[added], [`subject_fault-${name}`]: JSON.parse(text) as Body };
		}
	}

	/** Takes the conditions from what policies allow services. */
	unbindServices(): void {
		for (const [, { statement }] of this.#own(this.document.data?.aws_iam_policy_document)) {
			for (const one of statement as { principals?: { type: string }[]; condition?: unknown }[]) {
				if (one.principals?.some(({ type }) => type === "Service") === true) delete one.condition;
			}
		}
	}

	toString(): string {
		return JSON.stringify(this.document);
	}

	#own(instances: Record<string, Body> | undefined): [string, Body][] {
		return Object.entries(instances ?? {}).filter(([name]) => /^subject(_|$)/.test(name));
	}
}

function put(at: unknown, path: readonly string[], value: unknown): void {
	const [first = "", ...rest] = path;
	if (Array.isArray(at)) for (const one of at) put(one, path, value);
	else if (typeof at === "object" && at !== null) {
		const body = at as Body;
		if (rest.length > 0) {
			if (value !== undefined) body[first] ??= {};
			put(body[first], rest, value);
		} else if (value === undefined) delete body[first];
		else body[first] = value;
	}
}

function policy(statement: object): string {
	return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

const anyone = policy({ Principal: "*", Action: "*", Resource: "*" });
/** A trust that asks for no MFA. */
const anyTime = policy({ Principal: { AWS: "arn:aws:iam::111122223333:user/a" }, Action: "sts:AssumeRole" });
const everything = policy({ Action: "*", Resource: "*" });
const inIdentityPolicies = (text: string) => (subject: Subject) => {
	for (const type of ["aws_iam_role_policy", "aws_iam_group_policy", "aws_iam_policy"]) subject.set(type, "policy", text);
};
const set =
	(type: string, path: string, value?: unknown) =>
	(subject: Subject): void =>
		subject.set(type, path, value);
const without =
	(...types: string[]) =>
	(subject: Subject): void => {
		for (const type of types) subject.remove(type);
	};

/** By check: what a construct is robbed of, or given, so that the check must fail on it. */
export const faults: Readonly<Record<string, (subject: Subject) => void>> = {
	"account.password_policy_strong": set("aws_iam_account_password_policy", "minimum_password_length"),
	"acm.key_strong": set("aws_acm_certificate", "key_algorithm", "RSA_1024"),
	"acm.no_wildcard": set("aws_acm_certificate", "domain_name", "*.clinic.example"),
	"acm.transparency_logged": set("aws_acm_certificate", "options.certificate_transparency_logging_preference", "DISABLED"),
	"alarms.actions_set": set("aws_cloudwatch_metric_alarm", "alarm_actions"),
	"alarms.event_delivery_watched": set("aws_cloudwatch_metric_alarm", "dimensions"),
	"alarms.reputation_watched": set("aws_cloudwatch_metric_alarm", "threshold", 0.5),
	"alarms.security_events_watched": set("aws_cloudwatch_log_metric_filter", "pattern", "{ $.eventName = Nothing }"),
	"alarms.ses_changes_watched": set("aws_cloudwatch_log_metric_filter", "pattern", "{ $.eventName = Nothing }"),
	"apis.access_logged": set("aws_apigatewayv2_stage", "access_log_settings"),
	"apis.bodies_not_logged": set("aws_apigatewayv2_stage", "default_route_settings.data_trace_enabled", true),
	"apis.current_tls": set("aws_apigatewayv2_domain_name", "domain_name_configuration.security_policy", "TLS_1_0"),
	"apis.routes_authorized": set("aws_apigatewayv2_route", "authorization_type"),
	"buckets.access_logged": without("aws_s3_bucket_logging"),
	"buckets.account_blocks_public_access": set("aws_s3_account_public_access_block", "block_public_acls", false),
	"buckets.acls_disabled": without("aws_s3_bucket_ownership_controls"),
	"buckets.encrypted": set("aws_s3_bucket_server_side_encryption_configuration", "rule.apply_server_side_encryption_by_default.kms_master_key_id"),
	"buckets.kept_six_years": set("aws_s3_bucket_lifecycle_configuration", "rule.expiration.days", 7),
	"buckets.no_public_policy": set("aws_s3_bucket_policy", "policy", anyone),
	"buckets.objects_locked": without("aws_s3_bucket_object_lock_configuration"),
	"buckets.public_access_blocked": without("aws_s3_bucket_public_access_block"),
	"buckets.second_copy": without("aws_backup_selection"),
	"buckets.ses_bound_to_rules": (subject) => subject.unbindServices(),
	"buckets.tls_only": without("aws_s3_bucket_policy"),
	"buckets.versioned": set("aws_s3_bucket_versioning", "versioning_configuration.status", "Suspended"),
	"detection.access_analyzer_active": set("aws_accessanalyzer_analyzer", "type", "ACCOUNT_UNUSED_ACCESS"),
	"distributions.current_tls": set("aws_cloudfront_distribution", "viewer_certificate.minimum_protocol_version", "TLSv1"),
	"distributions.https_only": set("aws_cloudfront_distribution", "default_cache_behavior.viewer_protocol_policy", "allow-all"),
	"distributions.logged": without("aws_cloudwatch_log_delivery_source"),
	"distributions.origins_private": set("aws_cloudfront_distribution", "origin"),
	"functions.environment_encrypted": set("aws_lambda_function", "kms_key_arn"),
	"functions.failures_kept": set("aws_lambda_function", "dead_letter_config"),
	"functions.log_group_declared": (subject) => {
		subject.set("aws_lambda_function", "logging_config");
		subject.set("aws_cloudwatch_log_group", "name", "/aws/lambda/another");
	},
	"functions.no_public_permission": (subject) =>
		subject.addBeside("aws_lambda_function", "aws_lambda_permission", { function_name: "$.function_name", action: "lambda:InvokeFunction", principal: "*" }),
	"functions.services_bound": (subject) =>
		subject.addBeside("aws_lambda_function", "aws_lambda_permission", {
			function_name: "$.function_name",
			action: "lambda:InvokeFunction",
			principal: "ses.amazonaws.com",
		}),
	"iam.admin_roles_demand_mfa": set("aws_iam_role", "assume_role_policy", anyTime),
	"iam.break_glass_alarmed": without("aws_cloudwatch_metric_alarm"),
	"iam.changes_denied_without_mfa": without("aws_iam_group_policy"),
	"iam.decryption_names_keys": inIdentityPolicies(policy({ Action: "kms:Decrypt", Resource: "*" })),
	"iam.no_administrators": inIdentityPolicies(everything),
	"iam.no_whole_services": inIdentityPolicies(policy({ Action: "ses:*", Resource: "*" })),
	"iam.sending_permissions_narrow": inIdentityPolicies(policy({ Action: "ses:SendEmail", Resource: "*" })),
	"iam.users_without_policies": (subject) =>
		subject.addBeside("aws_iam_user", "aws_iam_user_policy", { user: "$.name", name: "own", policy: policy({ Action: "ses:SendEmail", Resource: "*" }) }),
	"inbound.stored_under_own_key": set("aws_s3_bucket_server_side_encryption_configuration", "rule.apply_server_side_encryption_by_default", {
		sse_algorithm: "AES256",
	}),
	"inbound.tls_and_scan": set("aws_ses_receipt_rule", "tls_policy", "Optional"),
	"keys.alias_given": without("aws_kms_alias"),
	"keys.deletion_window": set("aws_kms_key", "deletion_window_in_days", 7),
	"keys.duties_separated": set("aws_kms_key", "policy", policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/a" }, Action: "kms:*", Resource: "*" })),
	"keys.in_use_enabled": set("aws_kms_key", "is_enabled", false),
	"keys.mail_services_only": set(
		"aws_kms_key",
		"policy",
		policy({
			Principal: { Service: ["ses.amazonaws.com", "lambda.amazonaws.com"] },
			Action: "kms:Decrypt",
			Resource: "*",
			Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
		}),
	),
	"keys.no_public_principal": set("aws_kms_key", "policy", anyone),
	"keys.policy_written": set("aws_kms_key", "policy"),
	"keys.rotation_enabled": set("aws_kms_key", "enable_key_rotation"),
	"keys.services_bound": (subject) => subject.unbindServices(),
	"logs.encrypted": set("aws_cloudwatch_log_group", "kms_key_id"),
	"logs.no_public_resource_policy": set("aws_cloudwatch_log_resource_policy", "policy_document", anyone),
	"logs.personal_data_masked": (subject) => {
		subject.remove("aws_cloudwatch_log_data_protection_policy");
		// With a policy of the account in the plan, the plan tells that no such policy masks.
		subject.addBeside("aws_cloudwatch_log_group", "aws_cloudwatch_log_account_policy", {
			policy_name: "a",
			policy_type: "SUBSCRIPTION_FILTER_POLICY",
			policy_document: "{}",
		});
	},
	"logs.resource_policy_services_bound": (subject) => subject.unbindServices(),
	"logs.retention": set("aws_cloudwatch_log_group", "retention_in_days", 1),
	"queues.encrypted": set("aws_sqs_queue", "kms_master_key_id"),
	"queues.no_public_policy": set("aws_sqs_queue_policy", "policy", anyone),
	"queues.tls_only": without("aws_sqs_queue_policy"),
	"secrets.encrypted": set("aws_secretsmanager_secret", "kms_key_id"),
	"secrets.no_public_policy": (subject) =>
		subject.addBeside("aws_secretsmanager_secret", "aws_secretsmanager_secret_policy", { secret_arn: "$.arn", policy: anyone }),
	"secrets.rotated": without("aws_secretsmanager_secret_rotation"),
	"sending.default_configuration_set": set("aws_sesv2_email_identity", "configuration_set_name"),
	"sending.dkim_key_length": set("aws_sesv2_email_identity", "dkim_signing_attributes.next_signing_key_length"),
	"sending.dkim_signs": without("aws_route53_record"),
	"sending.events_published": without("aws_sesv2_configuration_set_event_destination"),
	"sending.events_stored": set("aws_kinesis_firehose_delivery_stream", "server_side_encryption"),
	"sending.feedback_forwarding_off": without("aws_sesv2_email_identity_feedback_attributes"),
	"sending.identity_records": set("aws_route53_record", "records", ["elsewhere.example"]),
	"sending.mail_from_rejects": set("aws_sesv2_email_identity_mail_from_attributes", "behavior_on_mx_failure"),
	"sending.no_public_identity_policy": (subject) =>
		subject.addBeside("aws_sesv2_email_identity", "aws_sesv2_email_identity_policy", { email_identity: "$.email_identity", policy_name: "p", policy: anyone }),
	"sending.reputation_measured": set("aws_sesv2_configuration_set", "reputation_options"),
	"sending.suppression_enabled": set("aws_sesv2_configuration_set", "suppression_options"),
	"sending.tls_required": set("aws_sesv2_configuration_set", "delivery_options"),
	"sending.tracking_disabled": (subject) => {
		subject.set("aws_sesv2_configuration_set", "tracking_options.custom_redirect_domain", "click.clinic.example");
		subject.set("aws_sesv2_configuration_set_event_destination", "event_destination.matching_event_types", ["CLICK"]);
	},
	"streams.encrypted": set("aws_kinesis_firehose_delivery_stream", "server_side_encryption"),
	"streams.errors_logged": set("aws_kinesis_firehose_delivery_stream", "extended_s3_configuration.cloudwatch_logging_options"),
	"streams.stores_encrypted": set("aws_kinesis_firehose_delivery_stream", "extended_s3_configuration"),
	"tables.backed_up": without("aws_backup_selection"),
	"tables.deletion_protected": set("aws_dynamodb_table", "deletion_protection_enabled"),
	"tables.encrypted": set("aws_dynamodb_table", "server_side_encryption"),
	"tables.recoverable": set("aws_dynamodb_table", "point_in_time_recovery"),
	"topics.encrypted": set("aws_sns_topic", "kms_master_key_id"),
	"topics.no_public_policy": set("aws_sns_topic_policy", "policy", anyone),
	"topics.services_bound": (subject) => subject.unbindServices(),
	"topics.tls_only": without("aws_sns_topic_policy"),
	"trails.bucket_protected": without("aws_s3_bucket_object_lock_configuration"),
	"trails.encrypted": set("aws_cloudtrail", "kms_key_id"),
	"trails.mail_objects_recorded": set("aws_cloudtrail", "advanced_event_selector"),
	"trails.management_events_recorded": set("aws_cloudtrail", "is_multi_region_trail"),
	"trails.sending_recorded": set("aws_cloudtrail", "advanced_event_selector"),
	"trails.sent_to_logs": set("aws_cloudtrail", "cloud_watch_logs_group_arn"),
	"trails.validated": set("aws_cloudtrail", "enable_log_file_validation"),
};
