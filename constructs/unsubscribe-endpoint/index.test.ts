import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { ContactPreferences } from "../contact-preferences/index.ts";
import { MailBackup } from "../mail-backup/index.ts";
import { expectSatisfied, onlyResource, reference, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { UnsubscribeEndpoint, type UnsubscribeEndpointProps } from "./index.ts";

const zone = { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

function build(props: Partial<UnsubscribeEndpointProps> = {}): string {
	return synthesize((stack) => {
		const { table } = new UnsubscribeEndpoint(stack, "unsubscribe", { ...zone, ...props });
		new MailBackup(stack, "backup", { tables: [table] });
	});
}

const everything = () =>
	synthesize((stack) => {
		const { contactList } = new ContactPreferences(stack, "contacts", { topics: [{ topicName: "news", displayName: "News" }] });
		const issuer = new IamRole(stack, "sender", { assumeRolePolicy: "{}" });
		const { table } = new UnsubscribeEndpoint(stack, "unsubscribe", { ...zone, contactList, issuers: [issuer] });
		new MailBackup(stack, "backup", { tables: [table] });
	});

const policyOf = (json: string, role: string) =>
	resources(json, "aws_iam_role_policy")
		.filter((policy) => policy.role === reference(`aws_iam_role.${role}.id`))
		.flatMap(({ policy }) => statementsOf(json, policy));

describe("UnsubscribeEndpoint", () => {
	it("satisfies the checks it names where no role issues tokens, and with a contact list", async () => {
		await expectSatisfied("unsubscribe-endpoint", build());
		await expectSatisfied("unsubscribe-endpoint", everything());
	});

	it("asks the token of every route, and has no address but the host's", () => {
		const json = build();
		for (const route of resources(json, "aws_apigatewayv2_route")) expect(route.authorization_type).toBe("CUSTOM");
		expect(onlyResource(json, "aws_apigatewayv2_authorizer")).toMatchObject({
			identity_sources: ["$request.querystring.t"],
			authorizer_result_ttl_in_seconds: 0,
		});
		expect(onlyResource(json, "aws_apigatewayv2_api").disable_execute_api_endpoint).toBe(true);
		expect(onlyResource(json, "aws_apigatewayv2_domain_name")).toMatchObject({
			domain_name: "unsubscribe.clinic.example",
			domain_name_configuration: { security_policy: "TLS_1_2" },
		});
	});

	it("writes no path, query or address into the access log", () => {
		const { format } = onlyResource(build(), "aws_apigatewayv2_stage").access_log_settings as { format: string };
		expect(Object.values(JSON.parse(format) as object)).toEqual(["$context.requestId", "$context.requestTime", "$context.routeKey", "$context.status"]);
	});

	it("keeps tokens under its own key, restorable, and not to be deleted by mistake", () => {
		expect(onlyResource(build(), "aws_dynamodb_table")).toMatchObject({
			hash_key: "tokenSha256",
			deletion_protection_enabled: true,
			point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
			server_side_encryption: { enabled: true, kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.unsubscribe_encryption-key_/) },
		});
		expect(onlyResource(build({ sandbox: true }), "aws_dynamodb_table").deletion_protection_enabled).toBe(false);
	});

	it("lets a sender issue tokens and nothing else, and the function do what it does and nothing else", () => {
		const json = everything();
		expect(policyOf(json, "sender").map(({ actions }) => actions)).toEqual([["dynamodb:PutItem"], ["kms:Decrypt"]]);
		const actions = resources(json, "aws_iam_role_policy")
			.filter(({ role }) => !String(role).includes(".sender."))
			.flatMap(({ policy }) => statementsOf(json, policy))
			.flatMap((statement) => statement.actions);
		expect(new Set(actions)).toEqual(
			new Set([
				"dynamodb:GetItem",
				"dynamodb:UpdateItem",
				"kms:Decrypt",
				"kms:GenerateDataKey",
				"logs:CreateLogStream",
				"logs:PutLogEvents",
				"ses:CreateContact",
				"ses:GetContact",
				"ses:PutSuppressedDestination",
				"ses:UpdateContact",
				"sqs:SendMessage",
			]),
		);
	});

	it("says its address, and leaves a domain that is a variable to Terraform", () => {
		synthesize((stack) => {
			expect(new UnsubscribeEndpoint(stack, "a", { ...zone, hostSubdomain: "lists" }).url).toBe("https://lists.clinic.example/");
			const domain = new TerraformVariable(stack, "domain", { type: "string" }).stringValue;
			expect(() => new UnsubscribeEndpoint(stack, "b", { ...zone, domain })).not.toThrow();
		});
	});

	it.each<[string, Partial<UnsubscribeEndpointProps>, RegExp]>([
		["an address for a domain", { domain: "info@clinic.example" }, /mail\/unsubscribe: domain must be a domain name/],
		["a host with a slash", { hostSubdomain: "a/b" }, /hostSubdomain must be one or more labels .* got "a\/b"/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
