import { TerraformVariable } from "cdktf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailEventTrail } from "../mail-event-trail/index.ts";
import { idsWith, judge, onlyResource, reference, synthesize, told } from "../testing/judge.test-support.ts";
import { SendingIdentity } from "./index.ts";

function build(domain = "clinic.example", mailFromSubdomain?: string): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet });
		new SendingIdentity(stack, "identity", { domain, configurationSet, ...(mailFromSubdomain === undefined ? {} : { mailFromSubdomain }) });
	});
}

describe("SendingIdentity", () => {
	it("signs with 2048 bits, names a default set, bounces below the domain, forwards nothing", () => {
		const json = build();
		expect(onlyResource(json, "aws_sesv2_email_identity")).toMatchObject({
			email_identity: "clinic.example",
			configuration_set_name: expect.stringMatching(/^\$\{aws_sesv2_configuration_set\./),
			dkim_signing_attributes: { next_signing_key_length: "RSA_2048_BIT" },
		});
		expect(onlyResource(json, "aws_sesv2_email_identity_mail_from_attributes")).toMatchObject({
			mail_from_domain: "bounce.clinic.example",
			behavior_on_mx_failure: "REJECT_MESSAGE",
		});
		expect(onlyResource(json, "aws_sesv2_email_identity_feedback_attributes")).toMatchObject({ email_forwarding_enabled: false });
	});

	it("takes another MAIL FROM label", () => {
		expect(onlyResource(build("clinic.example", "returns.mail"), "aws_sesv2_email_identity_mail_from_attributes").mail_from_domain).toBe(
			"returns.mail.clinic.example",
		);
	});

	it("leaves a domain that is a variable to Terraform, and no check passes or fails on it by guess", async () => {
		const json = synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			new SendingIdentity(stack, "identity", { domain: new TerraformVariable(stack, "domain", { type: "string" }).stringValue, configurationSet });
		});
		expect(onlyResource(json, "aws_sesv2_email_identity").email_identity).toBe(reference("var.domain"));
		expect(onlyResource(json, "aws_sesv2_email_identity_mail_from_attributes").mail_from_domain).toBe(`bounce.${reference("var.domain")}`);
		const about = (await judge(json)).filter(({ check }) => check.id === "sending.mail_from_rejects");
		expect(idsWith(about, "fail"), told(about)).toEqual([]);
	});

	it.each([
		["an address", "info@clinic.example"],
		["a trailing dot", "clinic.example."],
		["one label", "localhost"],
		["an address literal", "192.0.2.1"],
		["an empty label", "clinic..example"],
		["a leading hyphen", "-clinic.example"],
		["a U-label", "bücher.example"],
		["a long label", `${"a".repeat(64)}.example`],
		["a long name", `${"a.".repeat(130)}example`],
		["nothing", ""],
		["a second line", "clinic.example\nx"],
	])("refuses %s", (_name, domain) => {
		expect(() => build(domain)).toThrow(/^mail\/identity: domain must be a domain name .*; write it such as "clinic\.example"/s);
	});

	it.each(["", ".", "bounce.", "*", "a@b"])("refuses %j as a MAIL FROM label", (name) => {
		expect(() => build("clinic.example", name)).toThrow(/mailFromSubdomain must be/);
	});

	it("takes every domain of letters, digits and hyphens", () => {
		synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			let count = 0;
			fc.assert(
				fc.property(fc.domain(), (domain) => {
					count += 1;
					expect(() => new SendingIdentity(stack, `identity-${count}`, { domain, configurationSet })).not.toThrow();
				}),
			);
		});
	});
});
