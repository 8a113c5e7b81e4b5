/** How a resource is found again in an account, and what of it is compared. */
export interface Compared {
	/** Attributes that name it; what refers to another resource of the plan is named by that resource's name. */
	readonly name: readonly string[];
	/** Attributes that a live account shows whenever they are set, with what counts where they are not. */
	readonly attributes: Readonly<Record<string, unknown>>;
	/** True of what sends or receives mail: one that no plan declares is an extra one. */
	readonly mail?: true;
}

/**
 * Resources of mail by type. Left out: names and ids that AWS gives, policies (AWS writes them in a form of its own), tags (no evidence),
 * and what the provider alone knows.
 */
export const compared: Readonly<Record<string, Compared>> = {
	aws_sesv2_configuration_set: {
		name: ["configuration_set_name"],
		mail: true,
		attributes: {
			"delivery_options.tls_policy": "OPTIONAL",
			"reputation_options.reputation_metrics_enabled": false,
			"sending_options.sending_enabled": true,
			"suppression_options.suppressed_reasons": undefined,
			"tracking_options.custom_redirect_domain": undefined,
		},
	},
	aws_sesv2_configuration_set_event_destination: {
		name: ["configuration_set_name", "event_destination_name"],
		mail: true,
		attributes: { "event_destination.enabled": false, "event_destination.matching_event_types": undefined },
	},
	aws_sesv2_email_identity: { name: ["email_identity"], mail: true, attributes: { configuration_set_name: undefined } },
	aws_sesv2_email_identity_feedback_attributes: { name: ["email_identity"], attributes: { email_forwarding_enabled: false } },
	aws_sesv2_email_identity_mail_from_attributes: {
		name: ["email_identity"],
		attributes: { mail_from_domain: undefined, behavior_on_mx_failure: "USE_DEFAULT_VALUE" },
	},
	aws_ses_receipt_rule: { name: ["rule_set_name", "name"], mail: true, attributes: { enabled: false, tls_policy: "Optional", scan_enabled: false } },
	aws_mailmanager_archive: { name: ["name"], mail: true, attributes: { "retention.retention_period": undefined } },
	aws_s3_bucket: { name: ["bucket"], attributes: {} },
	aws_s3_bucket_versioning: { name: ["bucket"], attributes: { "versioning_configuration.status": "Disabled" } },
	aws_s3_bucket_public_access_block: {
		name: ["bucket"],
		attributes: { block_public_acls: false, block_public_policy: false, ignore_public_acls: false, restrict_public_buckets: false },
	},
	aws_s3_bucket_object_lock_configuration: {
		name: ["bucket"],
		attributes: { "rule.default_retention.mode": undefined, "rule.default_retention.days": undefined, "rule.default_retention.years": undefined },
	},
	aws_cloudwatch_log_group: { name: ["name"], attributes: { retention_in_days: 0, kms_key_id: undefined } },
	aws_sns_topic: { name: ["name"], attributes: { kms_master_key_id: undefined } },
	aws_sqs_queue: { name: ["name"], attributes: { kms_master_key_id: undefined } },
	aws_kinesis_firehose_delivery_stream: { name: ["name"], attributes: {} },
	aws_dynamodb_table: { name: ["name"], attributes: { deletion_protection_enabled: false, "point_in_time_recovery.enabled": false } },
	aws_cloudtrail: {
		name: ["name"],
		attributes: { is_multi_region_trail: false, enable_log_file_validation: false, enable_logging: true, kms_key_id: undefined, s3_bucket_name: undefined },
	},
	aws_cloudwatch_metric_alarm: { name: ["alarm_name"], attributes: { actions_enabled: true, threshold: undefined } },
	aws_lambda_function: { name: ["function_name"], attributes: { kms_key_arn: undefined, "dead_letter_config.target_arn": undefined } },
};
