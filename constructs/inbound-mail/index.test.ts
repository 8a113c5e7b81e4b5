import { SesReceiptRuleSet } from "@cdktf/provider-aws/lib/ses-receipt-rule-set/index.js";
import { describe, expect, it } from "vitest";
import { MailArchive } from "../mail-archive/index.ts";
import { expectSatisfied, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { InboundMail, type InboundMailProps } from "./index.ts";

function build(props: InboundMailProps = {}): string {
	return synthesize((stack) => {
		new InboundMail(stack, "inbound", props);
	});
}

describe("InboundMail", () => {
	it("satisfies the checks it names where no recipients are named", async () => {
		await expectSatisfied("inbound-mail", build());
	});

	it("takes mail over TLS only, scans it, and stores it in the inbox", () => {
		const json = build({ recipients: ["clinic.example"] });
		expect(onlyResource(json, "aws_ses_receipt_rule")).toMatchObject({
			enabled: true,
			tls_policy: "Require",
			scan_enabled: true,
			recipients: ["clinic.example"],
			s3_action: [{ position: 1, bucket_name: expect.stringMatching(/^\$\{aws_s3_bucket\.inbound_inbox_/), object_key_prefix: "inbox/" }],
		});
		expect(onlyResource(json, "aws_ses_active_receipt_rule_set").rule_set_name).toMatch(/^\$\{aws_ses_receipt_rule_set\./);
	});

	it("copies each message into the locked archive, under its key, and never a deletion", () => {
		const json = build();
		expect(onlyResource(json, "aws_s3_bucket_replication_configuration")).toMatchObject({
			bucket: expect.stringMatching(/inbound_inbox_/),
			rule: [
				{
					status: "Enabled",
					delete_marker_replication: { status: "Disabled" },
					source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
					destination: {
						bucket: expect.stringMatching(/inbound_archive_/),
						encryption_configuration: { replica_kms_key_id: expect.stringMatching(/aws_kms_key/) },
					},
				},
			],
		});
		expect(onlyResource(json, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
			bucket: expect.stringMatching(/inbound_archive_/),
			rule: { default_retention: { mode: "COMPLIANCE", days: 2192 } },
		});
	});

	it("lets SES write for its own rule alone, under a key that admits receipt rules", () => {
		const json = build();
		const inbox = resources(json, "aws_s3_bucket_policy").find(({ bucket }) => String(bucket).includes("inbox"));
		const [write] = statementsOf(json, inbox?.policy).filter(({ effect }) => effect !== "Deny");
		expect(write).toMatchObject({
			actions: ["s3:PutObject"],
			condition: [
				{ variable: "aws:SourceAccount" },
				{ test: "StringEquals", variable: "aws:SourceArn", values: [expect.stringMatching(/:receipt-rule-set\/\$\{.*\}:receipt-rule\/mail-inbound$/)] },
			],
		});
		const ses = statementsOf(json, resources(json, "aws_kms_key").find(({ description }) => description === "Inbound mail")?.policy).find(
			({ sid }) => sid === "Ses",
		);
		expect(JSON.stringify(ses)).toContain("receipt-rule-set/*:receipt-rule/*");
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("uses a given archive and rule set, and activates none of another's", () => {
		const json = synthesize((stack) => {
			const archive = new MailArchive(stack, "archive");
			new InboundMail(stack, "inbound", { archive, ruleSet: new SesReceiptRuleSet(stack, "own-set", { ruleSetName: "own" }) });
		});
		expect(resources(json, "aws_s3_bucket_object_lock_configuration")).toHaveLength(1);
		expect(resources(json, "aws_ses_active_receipt_rule_set")).toEqual([]);
		expect(onlyResource(json, "aws_ses_receipt_rule").rule_set_name).toMatch(/own-set/);
	});

	it("refuses a retention that a given archive would not get", () => {
		expect(() =>
			synthesize((stack) => {
				new InboundMail(stack, "inbound", { archive: new MailArchive(stack, "archive"), retentionDays: 3653 });
			}),
		).toThrow(/mail\/inbound: retentionDays must be left out where an archive is given/);
	});

	it("has SES encrypt where told", () => {
		const [action] = onlyResource(build({ encryptBeforeStorage: true }), "aws_ses_receipt_rule").s3_action as Record<string, unknown>[];
		expect(action?.kms_key_arn).toMatch(/^\$\{aws_kms_key\./);
	});

	it("can be torn down in a sandbox", () => {
		const json = build({ sandbox: true });
		for (const { force_destroy } of resources(json, "aws_s3_bucket")) expect(force_destroy).toBe(true);
		expect(onlyResource(json, "aws_s3_bucket_object_lock_configuration").rule).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
	});

	it.each<[string, InboundMailProps, RegExp]>([
		["no recipient", { recipients: [] }, /mail\/inbound: recipients must be a list with at least one element/],
		["a URL", { recipients: ["https://clinic.example"] }, /recipients\[0\] must be a domain or a mail address/],
		["a retention below six years", { retentionDays: 30 }, /mail\/inbound\/archive: retentionDays/],
		["a prefix in capitals", { bucketPrefix: "Inbox" }, /bucketPrefix/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
