import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { expectNoFail, expectSatisfied, onlyResource, reference, resources, synthesize } from "../testing/judge.test-support.ts";
import { CompliantMail, type CompliantMailProps } from "./index.ts";

const zone = { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

const everything: CompliantMailProps = {
	...zone,
	mxHosts: ["inbound-smtp.us-east-1.amazonaws.com"],
	publishMx: true,
	inboundRecipients: ["clinic.example"],
	alarmEmailAddresses: ["security@clinic.example"],
	breakGlassArns: ["arn:aws:iam::111122223333:user/a.person"],
	contactTopics: [{ topicName: "newsletter", displayName: "News of the clinic" }],
	adminRole: true,
	archive: true,
	backup: true,
	accountBaseline: true,
	guardDuty: true,
	dailySendQuota: 50_000,
};

function build(props: Partial<CompliantMailProps> = {}): string {
	return synthesize((stack) => {
		new CompliantMail(stack, "clinic", { ...zone, ...props });
	});
}

const kinds = (json: string) => Object.keys((JSON.parse(json) as { resource: object }).resource);

describe("CompliantMail", () => {
	it("satisfies the checks it names from a domain and its zone, and fails none", async () => {
		await expectSatisfied("compliant-mail", build());
	});

	it("satisfies them with all opt-ins too", async () => {
		await expectSatisfied("compliant-mail", build(everything));
	});

	it("fails none in a sandbox, and locks nothing that outlives it", async () => {
		const json = build({ ...everything, sandbox: true });
		await expectNoFail(json);
		expect(json).not.toContain("COMPLIANCE");
		for (const { force_destroy } of resources(json, "aws_s3_bucket")) expect(force_destroy).toBe(true);
	});

	it("makes by default what sending needs, and nothing of the account's or of receiving", () => {
		const made = kinds(build());
		for (const kind of [
			"aws_sesv2_email_identity",
			"aws_cloudtrail",
			"aws_kinesis_firehose_delivery_stream",
			"aws_route53_record",
			"aws_cloudwatch_metric_alarm",
		]) {
			expect(made).toContain(kind);
		}
		for (const kind of ["aws_cloudfront_distribution", "aws_ses_receipt_rule", "aws_iam_account_password_policy", "aws_backup_vault", "aws_iam_group"]) {
			expect(made).not.toContain(kind);
		}
	});

	it("keeps mail of every kind under one key, and each mail bucket in the trail and the backup", () => {
		const json = build(everything);
		const mail = resources(json, "aws_s3_bucket_server_side_encryption_configuration").filter(({ bucket }) =>
			/clinic_(events|archive|inbound)_/.test(String(bucket)),
		);
		expect(mail).toHaveLength(3);
		for (const { rule } of mail) expect(JSON.stringify(rule)).toMatch(/aws_kms_key\.clinic_key_/);
		expect(resources(json, "aws_s3_bucket_logging")).toHaveLength(4);
		expect(JSON.stringify(onlyResource(json, "aws_cloudtrail")).match(/aws_s3_bucket\.clinic_(events|archive|inbound)_/g)).toHaveLength(3);
		expect(onlyResource(json, "aws_backup_selection").resources).toHaveLength(3);
	});

	it("uses an existing key, and raises alarms in an existing trail's log group instead of making a trail", () => {
		const json = synthesize((stack) => {
			const encryptionKey = new KmsKey(stack, "own-key", { enableKeyRotation: true });
			const trailLogGroup = new CloudwatchLogGroup(stack, "own-trail", { name: "trail" });
			new CompliantMail(stack, "clinic", { ...everything, encryptionKey, trailLogGroup });
		});
		expect(kinds(json)).not.toContain("aws_cloudtrail");
		const filters = resources(json, "aws_cloudwatch_log_metric_filter");
		expect(filters.length).toBeGreaterThan(9);
		for (const { log_group_name } of filters) expect(log_group_name).toMatch(/own-trail/);
		expect(resources(json, "aws_kms_key").map(({ description }) => description)).not.toContain("Mail data");
	});

	it("leaves the policy host out for GovCloud, and still announces the policy", () => {
		const json = build({ mxHosts: ["mx.clinic.example"], mtaStsPolicyHost: false });
		expect(kinds(json)).not.toContain("aws_cloudfront_distribution");
		expect(resources(json, "aws_route53_record").map(({ name }) => name)).toContain("_mta-sts.clinic.example");
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("leaves a domain and zone that are variables to Terraform", () => {
		const json = synthesize((stack) => {
			const variable = (id: string) => new TerraformVariable(stack, id, { type: "string" }).stringValue;
			new CompliantMail(stack, "clinic", { ...everything, domain: variable("domain"), hostedZoneId: variable("zone") });
		});
		for (const { zone_id } of resources(json, "aws_route53_record")) expect(zone_id).toBe(reference("var.zone"));
	});

	it.each<[string, Partial<CompliantMailProps>, RegExp]>([
		["GuardDuty alone", { guardDuty: true }, /mail\/clinic: guardDuty must be left out without accountBaseline: true, got true; set accountBaseline/],
		["MTA-STS for a domain that receives nothing", { mtaStsMode: "testing" }, /mtaStsMode must be left out without mxHosts/],
		["MX records of nothing", { publishMx: true }, /publishMx must be left out without mxHosts/],
		["an address for a domain", { domain: "info@clinic.example" }, /domain must be a domain name/],
		["a sender of another domain", { fromAddresses: ["a@other.example"] }, /mail\/clinic\/sender: fromAddresses\[0\]/],
		["a retention below six years", { retentionDays: 365 }, /retentionDays must be/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
