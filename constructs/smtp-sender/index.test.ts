import { describe, expect, it } from "vitest";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { expectNoFail, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
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
	it("fails no check", async () => {
		await expectNoFail(build());
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

	it.each<[string, Partial<SmtpSenderProps>, RegExp]>([
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
