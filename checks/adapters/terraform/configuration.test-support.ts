import type { Evidence } from "../../../model/evidence.ts";
import { readTerraform, terraformEvidence } from "./index.ts";

export type Json = Record<string, unknown>;

/** What the adapter tells of a configuration. */
export function evidence(document: Json): Evidence[] {
	return [
		...terraformEvidence(readTerraform(Buffer.from(JSON.stringify(document)), "cdk.tf.json"), {
			target: "cdk.tf.json",
			now: "2026-01-01T00:00:00Z",
			version: "1",
		}),
	];
}

export function item(document: Json, id: string): Evidence {
	const found = evidence(document).find((candidate) => candidate.id === id && candidate.kind !== "listing");
	if (found === undefined) throw new Error(`no item ${id}`);
	return found;
}

/** The name that a log group gets from an expression, or what stands in its place. */
export function nameOf(expression: unknown, rest: Json = {}): { value: unknown; unknown: boolean; references: string[] | undefined } {
	const { resource, ...others } = rest;
	const found = item({ resource: { ...(resource as Json), aws_cloudwatch_log_group: { g: { name: expression } } }, ...others }, "aws_cloudwatch_log_group.g");
	return { value: (found.values as Json).name, unknown: found.unknown?.includes("name") === true, references: found.references?.name };
}

/** The policy that an IAM policy gets from an expression, or what stands in its place. */
export function policyOf(expression: unknown, rest: Json = {}): { value: unknown; partial: unknown; unknown: boolean; references: string[] | undefined } {
	const { resource, ...others } = rest;
	const found = item({ resource: { ...(resource as Json), aws_iam_policy: { p: { policy: expression } } }, ...others }, "aws_iam_policy.p");
	const values = found.values as Json;
	return {
		value: values.policy,
		partial: (values.partial as Json | undefined)?.policy,
		unknown: found.unknown?.includes("policy") === true,
		references: found.references?.policy,
	};
}

/** A key, whose ARN only apply tells. */
export const key = { resource: { aws_kms_key: { k: { description: "x", enable_key_rotation: true } } } };
