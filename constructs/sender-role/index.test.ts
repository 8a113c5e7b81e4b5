import { describe, expect, it } from "vitest";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { SenderRole, type SenderRoleProps } from "./index.ts";

function build(props: Partial<SenderRoleProps> = {}): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet });
		const { identity } = new SendingIdentity(stack, "identity", { domain: "clinic.example", configurationSet });
		new SenderRole(stack, "sender", { identity, configurationSet, ...props });
	});
}

function role(json: string): { trust: unknown; policy: unknown } {
	const found = resources(json, "aws_iam_role").find(({ name_prefix }) => name_prefix === "mail-sender-");
	const policy = resources(json, "aws_iam_role_policy").find(({ role: name }) => String(name).includes("sender_role"));
	return { trust: statementsOf(json, found?.assume_role_policy), policy: statementsOf(json, policy?.policy) };
}

describe("SenderRole", () => {
	it("sends from the identity, with the set, as the domain, and does nothing else", () => {
		expect(role(build()).policy).toEqual([
			{
				sid: "Send",
				actions: ["ses:SendEmail", "ses:SendRawEmail"],
				resources: [expect.stringMatching(/^\$\{aws_sesv2_email_identity\..*\.arn\}$/), expect.stringMatching(/^\$\{aws_sesv2_configuration_set\..*\.arn\}$/)],
				condition: [{ test: "StringLike", variable: "ses:FromAddress", values: ["*@clinic.example"] }],
			},
		]);
	});

	it("takes addresses by name, those below the domain too", () => {
		const fromAddresses = ["reminders@clinic.example", "billing@mail.clinic.example"];
		expect(role(build({ fromAddresses })).policy).toMatchObject([{ condition: [{ test: "StringEquals", values: fromAddresses }] }]);
	});

	it("trusts the service that sends, bound to the account where the service tells it", () => {
		expect(role(build()).trust).toEqual([
			{ sid: "AssumeRole", actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }] },
		]);
		expect(role(build({ sender: "ecs-tasks" })).trust).toMatchObject([{ condition: [{ variable: "aws:SourceAccount" }] }]);
		expect(onlyResource(build(), "aws_sesv2_email_identity")).toBeDefined();
	});

	it.each<[string, Partial<SenderRoleProps>, RegExp]>([
		[
			"an address of another domain",
			{ fromAddresses: ["a@other.example"] },
			/mail\/sender: fromAddresses\[0\] must be an address of clinic\.example, got "a@other\.example"/,
		],
		["an address that only ends alike", { fromAddresses: ["a@notclinic.example"] }, /fromAddresses\[0\]/],
		["a pattern", { fromAddresses: ["*@clinic.example"] }, /fromAddresses\[0\] must be a mail address/],
		["another service", { sender: "sns" as "lambda" }, /sender must be "lambda", "ecs-tasks" or "ec2", got "sns"/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
