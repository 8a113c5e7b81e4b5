// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import { deniesInsecureTransport, deniesOldTls, deniesWithoutMfa, requiresMfa } from "./index.ts";
import { type Json, own, policy, read } from "./policies.test-support.ts";

describe("insecure transport", () => {
	const bucket = "arn:aws:s3:::mail";
	const deny = (rest: Json = {}): Json => ({
		Sid: "Tls",
		Effect: "Deny",
		Principal: "*",
		Action: "s3:*",
		Resource: [bucket, `${bucket}/*`],
		Condition: { Bool: { "aws:SecureTransport": "false" } },
		...rest,
	});
	const one = (...statements: Json[]): string => deniesInsecureTransport(policy(...statements), bucket).verdict;

	it("is denied only when all of it is", () => {
		expect(one(deny())).toBe("yes");
		expect(one(deny({ Principal: { AWS: "*" }, Action: "*", Resource: "*" }))).toBe("yes");
		expect(one(deny({ Condition: { BoolIfExists: { "AWS:securetransport": false } } }))).toBe("yes");
		expect(one(deny({ Condition: undefined }).Condition === undefined ? { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" } : {})).toBe("yes");
		expect(one(deny({ Resource: bucket }), deny({ Resource: `${bucket}/*` }))).toBe("yes");
		expect(one(deny({ Resource: "arn:aws:s3:::mail*" }))).toBe("yes");
		for (const less of [
			{ Resource: `${bucket}/*` },
			{ Action: "s3:GetObject" },
			{ Action: ["s3:Get*", "s3:Put*"] },
			{ Principal: { AWS: own } },
			{ Effect: "Allow" },
			{ Condition: { Bool: { "aws:SecureTransport": "true" } } },
			{ Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:SourceVpce": "vpce-1" } } },
			{ Condition: { Null: { "aws:SecureTransport": "true" } } },
			{ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] },
		]) {
			expect([less, one(deny(less))]).toEqual([less, "no"]);
		}
		expect(deniesInsecureTransport(policy(deny({ Resource: bucket })), bucket)).toMatchObject({
			verdict: "no",
			statements: ["Tls"],
			missing: [{ action: "s3:*", resource: `${bucket}/*` }],
		});
		const topic = "arn:aws:sns:us-east-1:111122223333:t";
		expect(
			deniesInsecureTransport(policy(deny({ Action: "SNS:Publish", Resource: topic })), topic, { actions: ["sns:Publish"], resources: [topic] }).verdict,
		).toBe("yes");
	});

	it("in a plan is judged by the placeholder's name", () => {
		const own = "${aws_s3_bucket.mail.arn}";
		const text = read(JSON.stringify({ Version: "2012-10-17", Statement: deny({ Resource: [own, `${own}/*`] }) }));
		expect(deniesInsecureTransport(text, own).verdict).toBe("yes");
		expect(deniesInsecureTransport(text, "${aws_s3_bucket.other.arn}")).toMatchObject({ verdict: "unknown", dependsOn: expect.arrayContaining([own]) });
		expect(deniesInsecureTransport(text, bucket).verdict).toBe("unknown");
	});

	it("below TLS 1.2 is a thing of its own", () => {
		const old = deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } });
		expect(deniesOldTls(policy(old), bucket).verdict).toBe("yes");
		expect(deniesOldTls(policy(deny()), bucket).verdict).toBe("no");
	});
});

describe("MFA", () => {
	const trust = (condition?: Json, principal: unknown = { AWS: own }): Json => ({
		Sid: "T",
		Effect: "Allow",
		Principal: principal,
		Action: "sts:AssumeRole",
		...(condition === undefined ? {} : { Condition: condition }),
	});
	const recent = { Bool: { "aws:MultiFactorAuthPresent": "true" }, NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } };

	it("is required by what an Allow asks or a Deny refuses", () => {
		const asks = (...statements: Json[]): string => requiresMfa(policy(...statements), 3600).verdict;
		expect(asks(trust(recent))).toBe("yes");
		expect(asks(trust({ NumericLessThanEquals: { "aws:MultiFactorAuthAge": 1800 } }))).toBe("yes");
		expect(asks(trust())).toBe("no");
		expect(asks(trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }))).toBe("no");
		expect(asks(trust({ BoolIfExists: recent.Bool, NumericLessThan: recent.NumericLessThan }))).toBe("yes");
		expect(asks(trust({ BoolIfExists: recent.Bool }))).toBe("no");
		expect(asks(trust({ ...recent, NumericLessThan: { "aws:MultiFactorAuthAge": "7200" } }))).toBe("no");
		expect(asks(trust({ ...recent, NumericLessThan: { "aws:MultiFactorAuthAge": "${var.age}" } }))).toBe("unknown");
		expect(asks(trust(recent), trust())).toBe("no");
		expect(
			asks(trust(), { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } }),
		).toBe("no");
		expect(
			asks(
				trust(),
				{ Effect: "Deny", Principal: "*", Action: "sts:*", Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } },
				{ Effect: "Deny", Principal: "*", Action: "*", Condition: { NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "3600" } } },
			),
		).toBe("yes");
		expect(asks(trust(undefined, { Service: "lambda.amazonaws.com" }))).toBe("not_applicable");
		expect(requiresMfa(policy(trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } })), 3600)).toMatchObject({ withoutMfa: [], tooOld: ["T"] });
		expect(requiresMfa(policy(trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }))).verdict).toBe("yes");
	});

	it("is demanded for actions by a Deny that long-term keys do not slip past", () => {
		const deny = (condition: Json): Json => ({ Effect: "Deny", Action: ["ses:*", "kms:*"], Resource: "*", Condition: condition });
		const asked = ["ses:PutEmailIdentityDkimAttributes", "kms:PutKeyPolicy"];
		expect(deniesWithoutMfa(policy(deny({ BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } })), asked).verdict).toBe("yes");
		expect(deniesWithoutMfa(policy(deny({ Bool: { "aws:MultiFactorAuthPresent": "false" } })), asked).verdict).toBe("no");
		expect(deniesWithoutMfa(policy(deny({ BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } })), [...asked, "iam:CreateUser"]).missing).toEqual([
			{ action: "iam:CreateUser", resource: "*" },
		]);
	});
});
