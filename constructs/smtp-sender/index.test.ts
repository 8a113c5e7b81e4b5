// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { expectSatisfied, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { SmtpSender, type SmtpSenderProps } from "./index.ts";

function build(props: Partial<SmtpSenderProps> = {}): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet });
		const { identity } = new SendingIdentity(stack, "identity", { domain: "clinic.example", configurationSet });
		new SmtpSender(stack, "scanner", { identity, configurationSet, ...props });
	});
}

describe("SmtpSender", () => {
	it("satisfies the checks it names where neither addresses nor networks are named", async () => {
		await expectSatisfied("smtp-sender", build());
	});

	it("may send raw mail from the identity with the set, through its group, and nothing else", () => {
		const json = build({ fromAddresses: ["scanner@clinic.example"], sourceCidrs: ["198.51.100.7/32"] });
		expect(statementsOf(json, onlyResource(json, "aws_iam_group_policy").policy)).toEqual([
			{
				sid: "Send",
				actions: ["ses:SendRawEmail"],
				resources: [expect.stringMatching(/^\$\{aws_sesv2_email_identity\./), expect.stringMatching(/^\$\{aws_sesv2_configuration_set\./)],
				condition: [
					{ test: "StringEquals", variable: "ses:FromAddress", values: ["scanner@clinic.example"] },
					{ test: "IpAddress", variable: "aws:SourceIp", values: ["198.51.100.7/32"] },
				],
			},
		]);
		expect(onlyResource(json, "aws_iam_user_group_membership")).toMatchObject({
			user: expect.stringMatching(/^\$\{aws_iam_user\./),
			groups: [expect.stringMatching(/^\$\{aws_iam_group\./)],
		});
		expect(resources(json, "aws_iam_user_policy")).toEqual([]);
	});

	it("puts no key, password or login into the state", () => {
		const json = build();
		for (const type of ["aws_iam_access_key", "aws_iam_user_login_profile", "aws_secretsmanager_secret_version"]) expect(resources(json, type)).toEqual([]);
		expect((JSON.parse(json) as { output?: object }).output).toBeUndefined();
	});

	it("keeps the password in a secret that a function of its own replaces at once and every 90 days", () => {
		const json = build();
		expect(onlyResource(json, "aws_secretsmanager_secret").kms_key_id).toMatch(/^\$\{aws_kms_key\.scanner_encryption-key/);
		expect(onlyResource(json, "aws_secretsmanager_secret_rotation")).toMatchObject({
			secret_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret\./),
			rotation_lambda_arn: expect.stringMatching(/^\$\{aws_lambda_function\./),
			rotate_immediately: true,
			rotation_rules: { automatically_after_days: 90 },
		});
		expect(onlyResource(json, "aws_lambda_permission")).toMatchObject({
			principal: "secretsmanager.amazonaws.com",
			source_arn: expect.stringMatching(/^\$\{aws_secretsmanager_secret\./),
		});
		expect(onlyResource(build({ rotationDays: 30 }), "aws_secretsmanager_secret_rotation").rotation_rules).toEqual({ automatically_after_days: 30 });
	});

	it("lets the function see to this user's keys and this secret alone, in every partition", () => {
		const json = build();
		const role = resources(json, "aws_iam_role_policy").find(({ role: of }) => String(of).includes("scanner_rotation-function"));
		const allowed = statementsOf(json, role?.policy).filter(({ sid }) => ["AccessKeys", "Secret"].includes(sid));
		expect(allowed.map(({ resources: on }) => on)).toEqual([
			[expect.stringMatching(/^\$\{aws_iam_user\.[^}]*\.arn\}$/)],
			[expect.stringMatching(/^\$\{aws_secretsmanager_secret\.[^}]*\.arn\}$/)],
		]);
		expect(onlyResource(json, "aws_lambda_function").environment).toMatchObject({
			variables: { SMTP_HOST: "email-smtp.${data.aws_region.mailward-region.region}.${data.aws_partition.mailward-partition.dns_suffix}", SMTP_PORT: "465" },
		});
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it.each<[string, Partial<SmtpSenderProps>, RegExp]>([
		[
			"a password of four months",
			{ rotationDays: 120 },
			/mail\/scanner: rotationDays must be a whole number of days from 1 to 90, got 120; leave it out for 90/,
		],
		["an address of another domain", { fromAddresses: ["a@other.example"] }, /mail\/scanner: fromAddresses\[0\] must be an address of clinic\.example/],
		[
			"the whole internet",
			{ sourceCidrs: ["0.0.0.0/0"] },
			/sourceCidrs\[0\] must be an IPv4 network with its prefix, at least 8 bits long, got "0\.0\.0\.0\/0"/,
		],
		["an address that is none", { sourceCidrs: ["198.51.100.256/32"] }, /sourceCidrs\[0\]/],
		["no network", { sourceCidrs: [] }, /sourceCidrs must be a list with at least one element/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
