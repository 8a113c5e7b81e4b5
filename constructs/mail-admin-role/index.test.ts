import { describe, expect, it } from "vitest";
import { onlyResource, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { MailAdminRole, type MailAdminRoleProps } from "./index.ts";

const person = "arn:aws:iam::111122223333:user/a.person";

function build(props: MailAdminRoleProps = {}): string {
	return synthesize((stack) => {
		new MailAdminRole(stack, "admin", props);
	});
}

describe("MailAdminRole", () => {
	it("is given only with MFA, and with recent MFA", () => {
		for (const [props, seconds] of [[{}, "3600"] as const, [{ maxMfaAgeSeconds: 900 }, "900"] as const]) {
			const json = build(props);
			expect(statementsOf(json, onlyResource(json, "aws_iam_role").assume_role_policy)).toMatchObject([
				{
					actions: ["sts:AssumeRole"],
					condition: [
						{ test: "Bool", variable: "aws:MultiFactorAuthPresent", values: ["true"] },
						{ test: "NumericLessThanEquals", variable: "aws:MultiFactorAuthAge", values: [seconds] },
					],
				},
			]);
		}
	});

	it("trusts the given people alone", () => {
		const json = build({ administratorArns: [person] });
		expect(statementsOf(json, onlyResource(json, "aws_iam_role").assume_role_policy)[0]?.principals).toEqual([{ type: "AWS", identifiers: [person] }]);
	});

	it("neither sends, nor reads messages, nor uses a key, nor holds a whole service", () => {
		const json = build();
		const allowed = statementsOf(json, onlyResource(json, "aws_iam_role_policy").policy).flatMap(({ actions }) => actions);
		for (const action of allowed) {
			expect(action).not.toMatch(/^ses:(Send|\*)|^kms:(Decrypt|Encrypt|ReEncrypt|GenerateDataKey|CreateGrant|\*)|^s3:(GetObject|\*)|\*:\*|^\*/);
		}
	});

	it("denies changes without MFA to the members of its group, and not to sessions of the role, which carry none", () => {
		const json = build();
		const members = statementsOf(json, onlyResource(json, "aws_iam_group_policy").policy);
		expect(members).toMatchObject([
			{ sid: "TakeTheRole", actions: ["sts:AssumeRole"], resources: [expect.stringMatching(/^\$\{aws_iam_role\./)] },
			{ effect: "Deny", resources: ["*"], condition: [{ test: "BoolIfExists", variable: "aws:MultiFactorAuthPresent", values: ["false"] }] },
		]);
		expect(members[1]?.actions).toEqual(expect.arrayContaining(["ses:*", "kms:*", "s3:Put*", "s3:Delete*"]));
		expect(statementsOf(json, onlyResource(json, "aws_iam_role_policy").policy).map(({ effect }) => effect)).not.toContain("Deny");
	});

	it.each<[string, MailAdminRoleProps, RegExp]>([
		["everybody", { administratorArns: ["*"] }, /mail\/admin: administratorArns\[0\] must be the ARN of an IAM user or role, got "\*"/],
		["MFA of yesterday", { maxMfaAgeSeconds: 86_400 }, /maxMfaAgeSeconds must be a whole number of seconds from 60 to 3600, got 86400/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
