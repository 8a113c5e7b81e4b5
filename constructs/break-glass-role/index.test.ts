import { describe, expect, it } from "vitest";
import { AccessLogTrail } from "../access-log-trail/index.ts";
import { onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { BreakGlassRole, type BreakGlassRoleProps } from "./index.ts";

const person = "arn:aws:iam::111122223333:user/a.person";

function build(props: Partial<BreakGlassRoleProps> = {}): string {
	return synthesize((stack) => {
		const { logGroup, alarmTopic } = new AccessLogTrail(stack, "trail");
		new BreakGlassRole(stack, "break-glass", { trustedArns: [person], trailLogGroup: logGroup, alarmTopic, ...props });
	});
}

function role(json: string): Record<string, unknown> | undefined {
	return resources(json, "aws_iam_role").find(({ name }) => name !== undefined);
}

describe("BreakGlassRole", () => {
	it("is given to named people with recent MFA, for an hour", () => {
		const json = build();
		expect(role(json)).toMatchObject({ name: "mail-break-glass", max_session_duration: 3600 });
		expect(statementsOf(json, role(json)?.assume_role_policy)).toMatchObject([
			{
				principals: [{ type: "AWS", identifiers: [person] }],
				condition: [
					{ test: "Bool", variable: "aws:MultiFactorAuthPresent", values: ["true"] },
					{ test: "NumericLessThanEquals", variable: "aws:MultiFactorAuthAge", values: ["3600"] },
				],
			},
		]);
	});

	it("raises an alarm when it is taken, in the trail's log group", () => {
		const json = build();
		const filter = resources(json, "aws_cloudwatch_log_metric_filter").find(({ name }) => String(name).includes("break-glass"));
		expect(filter?.pattern).toMatch(/\$\.eventName = "AssumeRole".*roleArn = "\$\{aws_iam_role\.break-glass_role_.*\.arn\}"/);
		const alarm = resources(json, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) => alarm_name === filter?.name);
		expect(alarm).toMatchObject({ actions_enabled: true, alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./)] });
	});

	it("may do everything, in every partition, or what is given", () => {
		expect(onlyResource(build(), "aws_iam_role_policy_attachment").policy_arn).toMatch(
			/^arn:\$\{data\.aws_partition\..*\}:iam::aws:policy\/AdministratorAccess$/,
		);
		const managedPolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
		expect(resources(build({ managedPolicyArns }), "aws_iam_role_policy_attachment").map(({ policy_arn }) => policy_arn)).toEqual(managedPolicyArns);
	});

	it.each<[string, Partial<BreakGlassRoleProps>, RegExp]>([
		["nobody", { trustedArns: [] }, /mail\/break-glass: trustedArns must be a list with at least one element/],
		["a whole account", { trustedArns: ["arn:aws:iam::111122223333:root"] }, /trustedArns\[0\] must be the ARN of an IAM user or role/],
		["old MFA", { maxMfaAgeSeconds: 7200 }, /maxMfaAgeSeconds/],
		["a policy by name", { managedPolicyArns: ["AdministratorAccess"] }, /managedPolicyArns\[0\]/],
		["a name with a space", { roleName: "break glass" }, /roleName/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
