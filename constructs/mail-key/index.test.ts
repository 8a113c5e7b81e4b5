import { Fn } from "cdktf";
import { describe, expect, it } from "vitest";
import { onlyResource, reference, synthesize } from "../testing/judge.test-support.ts";
import { MailKey, type MailKeyProps } from "./index.ts";

interface Statement {
	sid: string;
	actions: string[];
	principals: { type: string; identifiers: string[] }[];
	condition?: { test: string; variable: string; values: string[] }[];
}

const root = `arn:${reference("data.aws_partition.mailward-partition.partition")}:iam::${reference("data.aws_caller_identity.mailward-caller-identity.account_id")}:root`;
const administrator = "arn:aws:iam::111122223333:role/key-admin";

function build(props: MailKeyProps = {}): string {
	return synthesize((stack) => {
		new MailKey(stack, "key", props);
	});
}

function statements(json: string): Statement[] {
	return onlyResource(json, "aws_iam_policy_document", "data").statement as Statement[];
}

describe("MailKey", () => {
	it("rotates yearly, waits 30 days before deletion, has a written policy and an alias", () => {
		const json = build();
		expect(onlyResource(json, "aws_kms_key")).toMatchObject({
			enable_key_rotation: true,
			rotation_period_in_days: 365,
			deletion_window_in_days: 30,
			policy: expect.stringMatching(/^\$\{data\.aws_iam_policy_document\..*\.json\}$/),
		});
		expect(onlyResource(json, "aws_kms_alias")).toMatchObject({
			name: "alias/mail-key",
			target_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.key_id\}$/),
		});
	});

	it("gives nobody both administration and unconditional use", () => {
		for (const props of [{}, { administratorArns: [administrator] }]) {
			for (const { sid, actions, condition } of statements(build(props))) {
				const administers = actions.some((action) => /:(PutKeyPolicy|ScheduleKeyDeletion|DisableKey)$/.test(action));
				const uses = actions.some((action) => /:(Decrypt|Encrypt|ReEncrypt|GenerateDataKey|CreateGrant|\*$)/.test(action));
				expect(administers && uses, sid).toBe(false);
				if (uses) expect(condition?.length, sid).toBeGreaterThan(0);
			}
		}
	});

	it("hands administration to the given principals alone", () => {
		const given = statements(build({ administratorArns: [administrator] }));
		const administering = given.filter(({ actions }) => actions.includes("kms:PutKeyPolicy"));
		expect(administering.flatMap(({ principals }) => principals)).toEqual([{ type: "AWS", identifiers: [administrator] }]);
		expect(given.filter(({ principals }) => principals.some(({ identifiers }) => identifiers.includes(administrator)))).toHaveLength(1);
		const byDefault = statements(build()).filter(({ actions }) => actions.includes("kms:PutKeyPolicy"));
		expect(byDefault.flatMap(({ principals }) => principals)).toEqual([{ type: "AWS", identifiers: [root] }]);
	});

	it("admits mail services for this account's resources only", () => {
		const services = statements(build()).filter(({ principals }) => principals.some(({ type }) => type === "Service"));
		expect(services.map(({ sid }) => sid)).toEqual(["Ses", "Sns", "Firehose", "Logs"]);
		for (const { sid, condition = [] } of services) {
			const binding = condition.filter(({ variable }) => variable === "aws:SourceAccount" || variable === "kms:EncryptionContext:aws:logs:arn");
			expect(binding, sid).toHaveLength(1);
			expect(binding[0]?.values.join(), sid).toContain("mailward-caller-identity.account_id");
		}
	});

	it("names no partition and no anonymous principal", () => {
		const json = build();
		expect(json).not.toMatch(/arn:aws[:-]/);
		for (const { principals } of statements(json)) expect(principals.flatMap(({ identifiers }) => identifiers)).not.toContain("*");
	});

	it("looks the account up once for several keys", () => {
		const json = synthesize((stack) => {
			new MailKey(stack, "one");
			new MailKey(stack, "two");
		});
		expect(onlyResource(json, "aws_caller_identity", "data")).toBeDefined();
	});

	it.each<[string, MailKeyProps, RegExp]>([
		[
			"an anonymous administrator",
			{ administratorArns: ["*"] },
			/mail\/key: administratorArns\[0\] must be the ARN of an IAM role or user, got "\*"; name each/,
		],
		["the account root as an administrator", { administratorArns: ["arn:aws:iam::111122223333:root"] }, /leave the prop out for the account itself/],
		["a session as an administrator", { administratorArns: [administrator, "arn:aws:sts::111122223333:assumed-role/a/b"] }, /administratorArns\[1\]/],
		["no administrator at all", { administratorArns: [] }, /administratorArns must be a list with at least one element, got \[\]/],
		["an alias with its prefix", { aliasName: "alias/mail" }, /aliasName must be .* got "alias\/mail"/],
		["an alias of AWS", { aliasName: "aws/ses" }, /aliasName/],
		["rotation that is too seldom", { rotationPeriodDays: 366 }, /rotationPeriodDays must be a whole number of days from 90 to 365, got 366/],
		["rotation that is no number", { rotationPeriodDays: Number.NaN }, /rotationPeriodDays/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});

	it("leaves references to Terraform", () => {
		const arn = Fn.join("", ["arn:aws:iam::", "111122223333", ":role/key-admin"]);
		const json = build({ administratorArns: [arn], aliasName: Fn.lower("MAIL") });
		expect(statements(json)[0]?.principals[0]?.identifiers[0]).toMatch(/^\$\{join\(/);
	});
});
