import { describe, expect, it } from "vitest";
import { expectNoFail, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { ZoneProtection, type ZoneProtectionProps } from "./index.ts";

function build(props: Partial<ZoneProtectionProps> = {}): string {
	return synthesize((stack) => {
		new ZoneProtection(stack, "zone", { hostedZoneId: "Z0123456789ABCDEFGHIJ", ...props });
	});
}

describe("ZoneProtection", () => {
	it("fails no check without a log of queries", async () => {
		await expectNoFail(build({ queryLog: false }));
	});

	it("signs with an own P-256 key in us-east-1, which only Route 53 of this account uses", () => {
		const json = build({ queryLog: false });
		const key = onlyResource(json, "aws_kms_key");
		expect(key).toMatchObject({ region: "us-east-1", customer_master_key_spec: "ECC_NIST_P256", key_usage: "SIGN_VERIFY", deletion_window_in_days: 30 });
		expect(onlyResource(json, "aws_route53_hosted_zone_dnssec").signing_status).toBe("SIGNING");
		const signing = statementsOf(json, key.policy).filter(({ sid }) => sid.startsWith("Sign"));
		expect(signing).toHaveLength(2);
		for (const { principals, condition } of signing) {
			expect(principals).toEqual([{ type: "Service", identifiers: ["dnssec-route53.amazonaws.com"] }]);
			expect(condition?.map(({ variable }) => variable)).toEqual(expect.arrayContaining(["aws:SourceAccount", "aws:SourceArn"]));
		}
	});

	it("tells the DS record that the registrar is to publish", () => {
		const { output } = JSON.parse(build()) as { output: Record<string, { value: string }> };
		expect(Object.values(output).map(({ value }) => value)).toEqual([expect.stringMatching(/^\$\{aws_route53_key_signing_key\..*\.ds_record\}$/)]);
	});

	it("logs queries in us-east-1 for six years, written by the zone alone", () => {
		const json = build();
		expect(onlyResource(json, "aws_cloudwatch_log_group")).toMatchObject({ region: "us-east-1", retention_in_days: 2192 });
		const [statement] = statementsOf(json, onlyResource(json, "aws_cloudwatch_log_resource_policy").policy_document);
		expect(statement?.condition?.at(-1)?.values[0]).toMatch(/:route53:::hostedzone\/Z0123456789ABCDEFGHIJ$/);
		expect(resources(build({ queryLog: false }), "aws_route53_query_log")).toEqual([]);
	});

	it("refuses a zone's path", () => {
		expect(() => build({ hostedZoneId: "/hostedzone/Z1" })).toThrow(/mail\/zone: hostedZoneId must be the id of a hosted zone/);
	});
});
