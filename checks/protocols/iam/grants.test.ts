// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import { allowsAny, allowsOnly, grantsOf, sendingGrants } from "./index.ts";
import { type Json, own, policy } from "./policies.test-support.ts";

describe("what identity policies give", () => {
	it("in one form", () => {
		expect(grantsOf(policy({ Sid: "S", Effect: "Allow", NotAction: "iam:*", Resource: ["a", "${var.b}"], Condition: { Bool: { k: true } } }))).toEqual([
			{
				statement: "S",
				effect: "Allow",
				actions: [],
				notActions: ["iam:*"],
				resources: ["a", "${var.b}"],
				notResources: [],
				conditions: [{ operator: "Bool", key: "k", values: ["true"] }],
				unknown: ["${var.b}"],
			},
		]);
	});

	it("answers whether everything of a kind is within reach", () => {
		const keys = [`arn:aws:kms:us-east-1:${own}:key/*`];
		const reach = (statement: Json, ...more: Json[]): string =>
			allowsAny(policy({ Effect: "Allow", Resource: "*", ...statement }, ...more), ["kms:Decrypt", "kms:ReEncryptFrom"], keys).verdict;
		expect(reach({ Action: "kms:Decrypt" })).toBe("yes");
		expect(reach({ Action: "KMS:*" })).toBe("yes");
		expect(reach({ Action: "*" })).toBe("yes");
		expect(reach({ Action: "kms:ReEncrypt*" })).toBe("yes");
		expect(reach({ NotAction: "iam:*" })).toBe("yes");
		expect(reach({ NotAction: "kms:*" })).toBe("no");
		expect(reach({ Action: "kms:Decrypt", Resource: "arn:aws:kms:*:*:key/*" })).toBe("yes");
		expect(reach({ Action: "kms:Decrypt", Resource: `arn:aws:kms:us-east-1:${own}:key/1234` })).toBe("no");
		expect(reach({ Action: "kms:Decrypt", Resource: "${aws_kms_key.k.arn}" })).toBe("unknown");
		expect(reach({ Action: "kms:Encrypt" })).toBe("no");
		expect(reach({ Action: "kms:Decrypt" }, { Effect: "Deny", Action: "kms:*", Resource: "*" })).toBe("no");
		expect(reach({ Action: "kms:Decrypt" }, { Effect: "Deny", Action: "kms:*", Resource: "*", Condition: { Bool: { k: "true" } } })).toBe("yes");
		const limited = allowsAny(
			policy({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } } }),
			["kms:Decrypt"],
			keys,
		);
		expect(limited.hits).toMatchObject([{ conditions: [{ key: "kms:ViaService" }], certain: true }]);
	});

	it("tells administrators and whole services", () => {
		const all = (action: unknown, asked: string): string => allowsAny(policy({ Effect: "Allow", Action: action, Resource: "*" }), [asked], ["*"]).verdict;
		expect([
			all("*", "*"),
			all("*:*", "*"),
			all("ses:*", "*"),
			all("ses:*", "ses:*"),
			all("SES:?*", "ses:*"),
			all("ses:Send*", "ses:*"),
			all("*", "ses:*"),
		]).toEqual(["yes", "yes", "no", "yes", "yes", "no", "yes"]);
		expect(
			allowsAny(policy({ Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::b/*" }), ["s3:GetObject"], ["arn:aws:s3:::*"], { resources: "any" }).verdict,
		).toBe("yes");
	});

	it("tells who may send mail, as whom and through what", () => {
		const one = (statement: Json) => sendingGrants(policy({ Effect: "Allow", Action: "ses:SendEmail", Resource: "*", ...statement }))[0];
		expect(one({})).toMatchObject({ sends: ["ses:SendEmail"], wholeService: "no", everyResource: "yes", fromAddress: "no" });
		expect(one({ Action: "ses:*" })).toMatchObject({ wholeService: "yes" });
		expect(one({ Action: "ses:*" })?.sends).toHaveLength(7);
		expect(one({ Action: "ses:Get*" })).toBeUndefined();
		const name = (resource: unknown): unknown => one({ Resource: resource })?.everyResource;
		const identity = `arn:aws:ses:us-west-2:${own}:identity/example.org`;
		expect([name(identity), name([identity, `arn:aws:ses:us-west-2:${own}:configuration-set/mail`]), name("${aws_sesv2_email_identity.i.arn}")]).toEqual([
			"no",
			"no",
			"no",
		]);
		expect([name(`arn:aws:ses:us-west-2:${own}:identity/*`), name("arn:aws:ses:*"), name(`arn:aws:ses:*:${own}:*`), name([identity, "*"])]).toEqual([
			"yes",
			"yes",
			"yes",
			"yes",
		]);
		expect(name(`arn:aws:ses:us-west-2:${own}:identity/\${var.d}`)).toBe("unknown");
		const from = (operator: string, value: unknown): unknown => one({ Condition: { [operator]: { "ses:FromAddress": value } } })?.fromAddress;
		expect([
			from("StringEquals", "a@example.org"),
			from("StringLike", "*@example.org"),
			from("StringLike", "*"),
			from("StringEqualsIfExists", "a@example.org"),
		]).toEqual(["yes", "yes", "no", "no"]);
		expect(from("StringLike", "${var.from}")).toBe("unknown");
	});

	it("tells what goes beyond a list", () => {
		expect(allowsOnly(policy({ Effect: "Allow", Action: "ses:sendrawemail", Resource: "*" }), ["ses:SendRawEmail"]).verdict).toBe("yes");
		expect(allowsOnly(policy({ Effect: "Allow", Action: ["ses:SendRawEmail", "ses:Send*"], Resource: "*" }), ["ses:SendRawEmail"])).toMatchObject({
			verdict: "no",
			others: [{ action: "ses:Send*" }],
		});
		expect(allowsOnly(policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }), ["ses:SendRawEmail"]).verdict).toBe("no");
		expect(allowsOnly(policy({ Effect: "Allow", Action: "${var.a}", Resource: "*" }), ["ses:SendRawEmail"]).verdict).toBe("unknown");
	});
});
