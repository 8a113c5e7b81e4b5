import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const tool = join(resolve(import.meta.dirname, "../..", process.env.MAILWARD_SHARED ?? "../shared"), "tools/terraform-offline");

/**
 * What the collection of provider schemas at hand lacks, as provider 6.25.0 has it: the arguments of aws_s3_object (its
 * documentation and the classes of @cdktf/provider-aws 21.22.1) of aws_lambda_event_source_mapping and of the log group's data source; and what stacks take elements of, which the stand-in would
 * leave empty: DKIM tokens, and the record that ACM asks for as proof of a domain.
 */
const moreSchemas = {
	resource_schemas: { aws_s3_object: s3Object(), aws_lambda_event_source_mapping: eventSourceMapping() },
	data_source_schemas: { aws_cloudwatch_log_group: logGroupData() },
	defaults: {
		// Its made-up ARNs are of no form that SES knows, and policies are judged by them.
		aws_sesv2_email_identity: {
			arn: "arn:aws:ses:us-east-1:123456789012:identity/clinic.example",
			"dkim_signing_attributes.tokens": ["token1", "token2", "token3"],
		},
		aws_sesv2_configuration_set: { arn: "arn:aws:ses:us-east-1:123456789012:configuration-set/mail" },
		aws_acm_certificate: {
			domain_validation_options: [
				{
					domain_name: "host.example",
					resource_record_name: "_0123456789abcdef.host.example.",
					resource_record_type: "CNAME",
					resource_record_value: "_fedcba9876543210.acm-validations.aws.",
				},
			],
		},
	},
};

export function terraformIsMissing(): string | undefined {
	if (!existsSync(tool)) return "tools/terraform-offline is not under MAILWARD_SHARED";
	return program() === undefined ? "neither terraform nor tofu is on the PATH" : undefined;
}

/** Runs Terraform on a stack's folder, with no network and no cloud, and the provider's version that the stack asks for. */
export function runTerraform(directory: string, ...command: string[]): { status: number | null; stdout: string; stderr: string } {
	const stack = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as { terraform: { required_providers: { aws: { version: string } } } };
	const { version } = stack.terraform.required_providers.aws;
	return spawnSync(tool, ["--provider", version, directory, ...command], {
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
		env: { ...process.env, TF_BIN: withMoreSchemas(directory) },
	});
}

/** A Terraform that is told of more schemas than terraform-offline names. */
function withMoreSchemas(directory: string): string {
	const schemas = join(directory, "more-schemas.json");
	const script = join(directory, "terraform.sh");
	if (!existsSync(script)) {
		writeFileSync(schemas, JSON.stringify(moreSchemas));
		writeFileSync(script, `#!/bin/sh\nTF_OFFLINE_SCHEMA="$TF_OFFLINE_SCHEMA:${schemas}" exec ${program()} "$@"\n`);
		chmodSync(script, 0o755);
	}
	return script;
}

function program(): string | undefined {
	return [process.env.TF_BIN, "terraform", "tofu"].find((name) => name !== undefined && spawnSync(name, ["version"], { encoding: "utf8" }).status === 0);
}

function s3Object(): object {
	const attributes: Record<string, object> = {
		bucket: { type: "string", required: true },
		key: { type: "string", required: true },
		metadata: { type: ["map", "string"], optional: true },
		tags: { type: ["map", "string"], optional: true },
		tags_all: { type: ["map", "string"], optional: true, computed: true },
		force_destroy: { type: "bool", optional: true },
		bucket_key_enabled: { type: "bool", optional: true, computed: true },
	};
	for (const name of ["arn", "version_id", "checksum_crc32", "checksum_sha256"]) attributes[name] = { type: "string", computed: true };
	for (const name of ["acl", "content_type", "etag", "id", "kms_key_id", "region", "server_side_encryption", "storage_class"]) {
		attributes[name] = { type: "string", optional: true, computed: true };
	}
	for (const name of ["cache_control", "checksum_algorithm", "content", "content_base64", "content_disposition", "content_encoding", "content_language"]) {
		attributes[name] = { type: "string", optional: true };
	}
	for (const name of ["object_lock_mode", "object_lock_retain_until_date", "source", "source_hash", "website_redirect"]) {
		attributes[name] = { type: "string", optional: true };
	}
	return { version: 0, block: { attributes, block_types: {} } };
}

function eventSourceMapping(): object {
	const attributes: Record<string, object> = {
		function_name: { type: "string", required: true },
		function_response_types: { type: ["set", "string"], optional: true },
		bisect_batch_on_function_error: { type: "bool", optional: true },
		enabled: { type: "bool", optional: true },
	};
	for (const name of ["event_source_arn", "kms_key_arn", "starting_position", "starting_position_timestamp"])
		attributes[name] = { type: "string", optional: true };
	for (const name of ["batch_size", "tumbling_window_in_seconds"]) attributes[name] = { type: "number", optional: true };
	for (const name of ["maximum_retry_attempts", "maximum_record_age_in_seconds", "maximum_batching_window_in_seconds", "parallelization_factor"]) {
		attributes[name] = { type: "number", optional: true, computed: true };
	}
	for (const name of ["arn", "function_arn", "last_modified", "last_processing_result", "state", "state_transition_reason", "uuid"]) {
		attributes[name] = { type: "string", computed: true };
	}
	for (const name of ["id", "region"]) attributes[name] = { type: "string", optional: true, computed: true };
	for (const name of ["tags", "tags_all"]) attributes[name] = { type: ["map", "string"], optional: true, ...(name === "tags_all" ? { computed: true } : {}) };
	const onFailure = { nesting_mode: "list", max_items: 1, block: { attributes: { destination_arn: { type: "string", required: true } } } };
	return {
		version: 0,
		block: {
			attributes,
			block_types: { destination_config: { nesting_mode: "list", max_items: 1, block: { attributes: {}, block_types: { on_failure: onFailure } } } },
		},
	};
}

function logGroupData(): object {
	const attributes: Record<string, object> = { name: { type: "string", required: true }, tags: { type: ["map", "string"], optional: true, computed: true } };
	for (const name of ["arn", "kms_key_id", "log_group_class"]) attributes[name] = { type: "string", computed: true };
	for (const name of ["creation_time", "retention_in_days"]) attributes[name] = { type: "number", computed: true };
	for (const name of ["id", "region"]) attributes[name] = { type: "string", optional: true, computed: true };
	attributes.deletion_protection_enabled = { type: "bool", computed: true };
	return { version: 0, block: { attributes, block_types: {} } };
}
