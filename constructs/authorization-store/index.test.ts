import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { describe, expect, it } from "vitest";
import { MailBackup } from "../mail-backup/index.ts";
import { expectNoFail, onlyResource, reference, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { AuthorizationStore, type AuthorizationStoreProps } from "./index.ts";

function build(props: AuthorizationStoreProps = {}): string {
	return synthesize((stack) => {
		const { bucket, table } = new AuthorizationStore(stack, "authorizations", props);
		new MailBackup(stack, "backup", { buckets: [bucket], tables: [table] });
	});
}

const withRoles = () =>
	synthesize((stack) => {
		const role = (id: string) => new IamRole(stack, id, { assumeRolePolicy: "{}" });
		const { table } = new AuthorizationStore(stack, "authorizations", { recorders: [role("recorder")], readers: [role("reader")] });
		new MailBackup(stack, "backup", { tables: [table] });
	});

const actionsOf = (json: string, role: string) =>
	resources(json, "aws_iam_role_policy")
		.filter((policy) => policy.role === reference(`aws_iam_role.${role}.id`))
		.flatMap(({ policy }) => statementsOf(json, policy))
		.flatMap(({ actions }) => actions)
		.sort();

describe("AuthorizationStore", () => {
	it("fails no check with roles that record and read", async () => {
		await expectNoFail(withRoles());
	});

	it("keeps records by pseudonym, restorable, and hands every change to the export", () => {
		const json = build();
		expect(onlyResource(json, "aws_dynamodb_table")).toMatchObject({
			hash_key: "pseudonym",
			range_key: "recordId",
			deletion_protection_enabled: true,
			point_in_time_recovery: { enabled: true },
			server_side_encryption: { enabled: true },
			stream_enabled: true,
			stream_view_type: "NEW_AND_OLD_IMAGES",
		});
		expect(onlyResource(json, "aws_lambda_event_source_mapping")).toMatchObject({
			starting_position: "TRIM_HORIZON",
			maximum_retry_attempts: -1,
			function_response_types: ["ReportBatchItemFailures"],
		});
	});

	it("locks the export for six years or longer, and for a day in a sandbox", () => {
		const lock = (props: AuthorizationStoreProps) => onlyResource(build(props), "aws_s3_bucket_object_lock_configuration").rule;
		expect(lock({})).toEqual({ default_retention: { mode: "COMPLIANCE", days: 2192 } });
		expect(lock({ retentionDays: 3653 })).toEqual({ default_retention: { mode: "COMPLIANCE", days: 3653 } });
		expect(lock({ sandbox: true })).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
		expect(onlyResource(build({ sandbox: true }), "aws_dynamodb_table").deletion_protection_enabled).toBe(false);
		expect(() => build({ retentionDays: 365 })).toThrow(/mail\/authorizations: retentionDays must be .* got 365/);
	});

	it("lets nobody change or delete a record, and readers only read", () => {
		const json = withRoles();
		expect(actionsOf(json, "recorder")).toEqual(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "kms:Decrypt"]);
		expect(actionsOf(json, "reader")).toEqual(["dynamodb:GetItem", "dynamodb:Query", "kms:Decrypt"]);
		const all = resources(json, "aws_iam_role_policy").flatMap(({ policy }) => statementsOf(json, policy).flatMap(({ actions }) => actions));
		for (const action of all) expect(action).not.toMatch(/Delete|UpdateItem|Retention|\*/);
	});

	it("raises an alarm when changes wait for an hour", () => {
		const alarms = resources(build(), "aws_cloudwatch_metric_alarm");
		expect(alarms.map(({ metric_name }) => metric_name).sort()).toEqual(["Errors", "IteratorAge"]);
		expect(alarms.find(({ metric_name }) => metric_name === "IteratorAge")).toMatchObject({ threshold: 3_600_000, statistic: "Maximum" });
	});

	it("warns in a sandbox", () => {
		synthesize((stack) => {
			expect(new AuthorizationStore(stack, "trial", { sandbox: true }).node.metadata).toMatchObject([{ type: "@cdktf/warn" }]);
		});
	});
});
