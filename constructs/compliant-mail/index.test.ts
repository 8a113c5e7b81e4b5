import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { DataAwsCloudwatchLogGroup } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-group/index.js";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Fn, TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { expectNoFail, expectSatisfied, idsWith, judge, onlyResource, reference, resources, synthesize } from "../testing/judge.test-support.ts";
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
	zoneProtection: true,
	unsubscribe: true,
	authorizations: true,
	scanConfiguration: "version: 1\ndomains:\n  - {name: clinic.example}\n",
};

function build(props: Partial<CompliantMailProps> = {}): string {
	return synthesize((stack) => {
		new CompliantMail(stack, "clinic", { ...zone, ...props });
	});
}

const addressesOf = (json: string, kind: string) => Object.keys((JSON.parse(json) as { resource: Record<string, object> }).resource[kind] ?? {});
const kinds = (json: string) => Object.keys((JSON.parse(json) as { resource: object }).resource);

describe("CompliantMail", () => {
	it("satisfies the checks it names with all opt-ins too", async () => {
		await expectSatisfied("compliant-mail", build(everything));
	});

	it("fails nothing in a sandbox but what makes it one: locks of a day and tables that can be deleted", async () => {
		const json = build({ ...everything, sandbox: true });
		expect(idsWith(await judge(json), "fail")).toEqual(["buckets.objects_locked", "tables.deletion_protected", "trails.bucket_protected"]);
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
			"aws_backup_vault",
		]) {
			expect(made).toContain(kind);
		}
		for (const kind of ["aws_cloudfront_distribution", "aws_ses_receipt_rule", "aws_iam_account_password_policy", "aws_iam_group"]) {
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
		expect(resources(json, "aws_s3_bucket_logging")).toHaveLength(6);
		expect(JSON.stringify(onlyResource(json, "aws_cloudtrail")).match(/aws_s3_bucket\.clinic_(events|archive|inbound|authorizations)_/g)).toHaveLength(4);
		expect(onlyResource(json, "aws_backup_selection").resources).toHaveLength(6);
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

	it("gives each further domain an identity, records and a sender of its own, and shares the rest", async () => {
		const moreDomains = ["one.example", "two.example"].map((domain) => ({ domain, hostedZoneId: "Z9876543210", mxHosts: [`mx.${domain}`] }));
		const json = build({ moreDomains });
		await expectNoFail(json);
		expect(resources(json, "aws_sesv2_email_identity").map(({ email_identity }) => email_identity)).toEqual(["clinic.example", "one.example", "two.example"]);
		expect(resources(json, "aws_route53_record").filter(({ name }) => name === "_dmarc.two.example")).toHaveLength(1);
		for (const kind of ["aws_cloudtrail", "aws_kinesis_firehose_delivery_stream", "aws_sesv2_configuration_set", "aws_sns_topic"]) onlyResource(json, kind);
		const [, one, two] = addressesOf(json, "aws_sesv2_email_identity");
		expect(addressesOf(build({ moreDomains: moreDomains.slice(1) }), "aws_sesv2_email_identity")).not.toContain(one);
		expect(addressesOf(build({ moreDomains: moreDomains.slice(1) }), "aws_sesv2_email_identity")).toContain(two);
	});

	it("writes access logs into an existing bucket, and takes an existing key and trail as data sources", () => {
		const json = synthesize((stack) => {
			const accessLogBucket = new DataAwsS3Bucket(stack, "logs", { bucket: "org-access-logs" });
			const encryptionKey = new DataAwsKmsKey(stack, "key", { keyId: "alias/mail" });
			const trailLogGroup = new DataAwsCloudwatchLogGroup(stack, "trail", { name: "org-trail" });
			new CompliantMail(stack, "clinic", { ...zone, accessLogBucket, encryptionKey, trailLogGroup });
		});
		expect(resources(json, "aws_s3_bucket")).toHaveLength(1);
		expect(onlyResource(json, "aws_s3_bucket_logging").target_bucket).toBe(reference("data.aws_s3_bucket.logs.id"));
		expect(JSON.stringify(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration"))).toContain("data.aws_kms_key.key.arn");
	});

	it("tags what takes tags, and leaves the rest alone", () => {
		const json = build({ tags: { Owner: "security@clinic.example", Environment: "production" } });
		const tags = { Owner: "security@clinic.example", Environment: "production" };
		for (const kind of ["aws_s3_bucket", "aws_kms_key", "aws_iam_role", "aws_cloudtrail", "aws_sesv2_email_identity", "aws_cloudwatch_metric_alarm"]) {
			for (const resource of resources(json, kind)) expect(resource.tags, kind).toEqual(tags);
		}
		for (const resource of resources(json, "aws_route53_record")) expect(resource).not.toHaveProperty("tags");
		expect(() => build({ tags: { "aws:x": "y" } })).toThrow(/tags must be tags of .* no key begins with "aws:"/);
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
		[
			"a further domain that only Terraform knows",
			{ moreDomains: [{ ...zone, domain: Fn.lower("X.example") }] },
			/moreDomains\[0\]\.domain must be known at synthesis/,
		],
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
