import { TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { parseMtaStsPolicy, parseMtaStsRecord } from "../../checks/protocols/mta-sts/index.ts";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { MailDomainDns } from "../mail-domain-dns/index.ts";
import { SendingIdentity } from "../sending-identity/index.ts";
import { idsWith, judge, onlyResource, reference, resources, satisfiedBy, statementsOf, synthesize, told } from "../testing/judge.test-support.ts";
import { MtaStsPolicyHost, type MtaStsPolicyHostProps } from "./index.ts";

const zone = { domain: "clinic.example", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

function build(props: Partial<MtaStsPolicyHostProps> = {}): string {
	return synthesize((stack) => {
		new MtaStsPolicyHost(stack, "mta-sts", { ...zone, mxHosts: ["mx1.clinic.example"], ...props });
	});
}

describe("MtaStsPolicyHost", () => {
	it("serves a policy that the project's own parser accepts, as plain text", () => {
		const { key, content, content_type } = onlyResource(build({ mxHosts: ["mx1.clinic.example", "*.filter.example"] }), "aws_s3_object");
		expect(key).toBe(".well-known/mta-sts.txt");
		expect(content_type).toBe("text/plain; charset=utf-8");
		expect(parseMtaStsPolicy(String(content))).toMatchObject({
			valid: true,
			policy: { mode: "enforce", maxAgeSeconds: 2_419_200, mx: ["mx1.clinic.example", "*.filter.example"] },
		});
	});

	it("agrees with the record of a MailDomainDns of the same props", () => {
		const policy = { mxHosts: ["mx1.clinic.example"], mtaStsMode: "testing" as const, mtaStsMaxAgeSeconds: 86_400 };
		let policyId = "";
		const json = synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			const { identity, mailFrom } = new SendingIdentity(stack, "identity", { domain: zone.domain, configurationSet });
			new MailDomainDns(stack, "dns", { ...zone, ...policy, identity, mailFrom });
			policyId = new MtaStsPolicyHost(stack, "mta-sts", { ...zone, ...policy }).policyId;
		});
		const record = resources(json, "aws_route53_record").find(({ name }) => name === "_mta-sts.clinic.example");
		expect(parseMtaStsRecord(record?.records as string[])).toEqual({ valid: true, id: policyId });
	});

	it("offers current TLS alone, no redirect, no cache, and only from CloudFront", () => {
		const json = build();
		expect(onlyResource(json, "aws_cloudfront_distribution")).toMatchObject({
			aliases: ["mta-sts.clinic.example"],
			default_cache_behavior: { viewer_protocol_policy: "https-only" },
			viewer_certificate: {
				minimum_protocol_version: "TLSv1.2_2021",
				ssl_support_method: "sni-only",
				acm_certificate_arn: expect.stringMatching(/^\$\{aws_acm_certificate_validation\./),
			},
			origin: [{ origin_access_control_id: expect.stringMatching(/^\$\{aws_cloudfront_origin_access_control\./) }],
		});
		expect(onlyResource(json, "aws_acm_certificate")).toMatchObject({ domain_name: "mta-sts.clinic.example", validation_method: "DNS" });
		const allowed = statementsOf(json, onlyResource(json, "aws_s3_bucket_policy").policy).filter(({ effect }) => effect !== "Deny");
		expect(allowed).toMatchObject([
			{ actions: ["s3:GetObject"], principals: [{ identifiers: ["cloudfront.amazonaws.com"] }], condition: [{ variable: "aws:SourceArn" }] },
		]);
	});

	it("stands in us-east-1, where CloudFront takes certificates and logs, whatever the provider's Region", () => {
		const document = JSON.parse(build()) as { resource: Record<string, Record<string, { region?: string }>> };
		for (const [type, instances] of Object.entries(document.resource)) {
			if (/^aws_(cloudfront|route53)_/.test(type)) continue;
			for (const { region } of Object.values(instances)) expect(region, type).toBe("us-east-1");
		}
	});

	it("logs its requests, and stops a plan outside the partition of CloudFront", () => {
		const json = build();
		expect(onlyResource(json, "aws_cloudwatch_log_delivery_source")).toMatchObject({
			log_type: "ACCESS_LOGS",
			resource_arn: expect.stringMatching(/^\$\{aws_cloudfront_distribution\..*\.arn\}$/),
		});
		expect(onlyResource(json, "aws_cloudfront_distribution").lifecycle).toMatchObject({
			precondition: [
				{
					condition: reference('(data.aws_partition.mailward-partition.partition == "aws")'),
					error_message: expect.stringMatching(/^mail\/mta-sts: CloudFront is only in the partition "aws"/),
				},
			],
		});
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("answers by an API of the own Region where the provider is in GovCloud, and makes nothing of CloudFront", async () => {
		const json = synthesize((stack) => {
			for (const one of stack.node.findAll()) if ("terraformResourceType" in one && "region" in one) (one as { region: unknown }).region = "us-gov-west-1";
			new MtaStsPolicyHost(stack, "mta-sts", { ...zone, mxHosts: ["mx1.clinic.example"] });
		});
		expect(resources(json, "aws_cloudfront_distribution")).toEqual([]);
		expect(resources(json, "aws_s3_bucket")).toEqual([]);
		expect(onlyResource(json, "aws_apigatewayv2_route")).toMatchObject({ route_key: "GET /.well-known/mta-sts.txt", authorization_type: "NONE" });
		expect(onlyResource(json, "aws_apigatewayv2_domain_name")).toMatchObject({
			domain_name: "mta-sts.clinic.example",
			domain_name_configuration: { endpoint_type: "REGIONAL", security_policy: "TLS_1_2" },
		});
		const { variables } = onlyResource(json, "aws_lambda_function").environment as { variables: { POLICY_TEXT: string } };
		expect(parseMtaStsPolicy(variables.POLICY_TEXT)).toMatchObject({ valid: true, policy: { mode: "enforce", mx: ["mx1.clinic.example"] } });
		expect(json).not.toMatch(/arn:aws[:-]/);
		expect(json).not.toContain("us-east-1");
		const verdicts = await judge(json);
		expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
		// What CloudFront serves from, and how it logs, is not there.
		const shared = satisfiedBy("mta-sts-policy-host").filter((id) => !/^(buckets|distributions)\.|resource_policy/.test(id));
		expect(idsWith(verdicts, "pass"), told(verdicts)).toEqual(expect.arrayContaining(shared));
	});

	it("is served as told, whatever the provider's Region", () => {
		expect(resources(build({ servedBy: "api-gateway" }), "aws_cloudfront_distribution")).toEqual([]);
		const json = synthesize((stack) => {
			for (const one of stack.node.findAll()) if ("terraformResourceType" in one && "region" in one) (one as { region: unknown }).region = "us-gov-west-1";
			new MtaStsPolicyHost(stack, "mta-sts", { ...zone, mxHosts: ["mx1.clinic.example"], servedBy: "cloudfront" });
		});
		expect(resources(json, "aws_cloudfront_distribution")).toHaveLength(1);
	});

	it("leaves a domain that is a variable to Terraform", () => {
		const json = synthesize((stack) => {
			const domain = new TerraformVariable(stack, "domain", { type: "string" }).stringValue;
			new MtaStsPolicyHost(stack, "mta-sts", { domain, hostedZoneId: "Z1", mxHosts: [`mx.${domain}`] });
		});
		expect(onlyResource(json, "aws_cloudfront_distribution").aliases).toEqual([`mta-sts.${reference("var.domain")}`]);
		expect(onlyResource(json, "aws_s3_object").content).toContain(`mx: mx.${reference("var.domain")}\n`);
	});

	it.each<[string, Partial<MtaStsPolicyHostProps>, RegExp]>([
		["an address for a domain", { domain: "info@clinic.example" }, /mail\/mta-sts: domain must be a domain name/],
		["no hosts", { mxHosts: [] }, /mxHosts must be a list with at least one element/],
		["a policy of a week", { mtaStsMaxAgeSeconds: 604_800 }, /mtaStsMaxAgeSeconds must be .*, got 604800; leave it out for four weeks/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
