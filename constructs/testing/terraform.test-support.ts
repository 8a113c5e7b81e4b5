import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const tool = join(resolve(import.meta.dirname, "../..", process.env.MAILWARD_SHARED ?? "../shared"), "tools/terraform-offline");

/**
 * What the collection of provider schemas at hand lacks, as provider 6.25.0 has it: the arguments of aws_s3_object (its
 * documentation and the classes of @cdktf/provider-aws 21.22.1); and what stacks take elements of, which the stand-in would
 * leave empty: DKIM tokens, and the record that ACM asks for as proof of a domain.
 */
const moreSchemas = {
	resource_schemas: { aws_s3_object: s3Object() },
	data_source_schemas: {},
	defaults: {
		aws_sesv2_email_identity: { "dkim_signing_attributes.tokens": ["token1", "token2", "token3"] },
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

/** Runs Terraform on a stack's folder, with no network and no cloud. */
export function runTerraform(directory: string, ...command: string[]): { status: number | null; stdout: string; stderr: string } {
	return spawnSync(tool, [directory, ...command], {
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
