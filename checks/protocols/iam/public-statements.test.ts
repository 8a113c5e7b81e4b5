// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import { type LimitKind, publicStatements } from "./index.ts";
import { type Json, open, other, own, policy, read } from "./policies.test-support.ts";

const verdict = (statements: Json[], limitedBy?: LimitKind[]): string => {
	const [first] = publicStatements(policy(...statements), limitedBy === undefined ? {} : { limitedBy });
	return first?.open ?? "no";
};

describe("public statements", () => {
	it.each<[Json, string]>([
		[{ StringEquals: { "aws:PrincipalOrgID": "o-abc" } }, "no"],
		[{ StringLike: { "aws:PrincipalOrgID": "o-*" } }, "yes"],
		[{ StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }, "no"],
		[{ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }, "no"],
		[{ StringEquals: { "aws:SourceAccount": "${aws:PrincipalAccount}" } }, "yes"],
		[{ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-abc" } }, "yes"],
		[{ StringNotEquals: { "aws:PrincipalAccount": own } }, "yes"],
		[{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abc/r-1/*" } }, "no"],
		[{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-1/*" } }, "yes"],
		[{ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-abc/*" } }, "yes"],
		[{ StringEquals: { "kms:CallerAccount": own } }, "no"],
		[{ StringEquals: { "KMS:calleraccount": [own, other] } }, "no"],
		[{ StringLike: { "kms:CallerAccount": "*" } }, "yes"],
		[{ StringLike: { "kms:CallerAccount": [own, "*"] } }, "yes"],
		// An exact comparison with a star matches no account at all.
		[{ StringEquals: { "kms:CallerAccount": "*" } }, "no"],
		[{ StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }, "yes"],
		[{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } }, "no"],
		[{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/mail" } }, "yes"],
		[{ StringLike: { "aws:PrincipalArn": `*:${own}:*` } }, "yes"],
		[{ ArnEquals: { "aws:SourceArn": `arn:aws:ses:us-east-1:${own}:receipt-rule-set/*` } }, "no"],
		[{ ArnLike: { "aws:SourceArn": "arn:aws:s3:*:*:my-bucket" } }, "no"],
		[{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket" } }, "no"],
		[{ ArnLike: { "aws:SourceArn": "arn:aws:s3:*:*:*" } }, "yes"],
		[{ ArnLike: { "aws:SourceArn": "*" } }, "yes"],
		[{ StringEquals: { "AWS:SourceOwner": own } }, "no"],
		[{ StringEquals: { "aws:SourceVpce": "vpce-1" } }, "no"],
		[{ StringLike: { "aws:SourceVpce": "vpce-*" } }, "yes"],
		[{ StringLike: { "aws:userid": "AROAEXAMPLEID:*" } }, "no"],
		[{ StringLike: { "aws:userid": "*:someone" } }, "yes"],
		[{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, "yes"],
		[{ Bool: { "aws:SecureTransport": "true" } }, "yes"],
		[{ StringEquals: { "aws:PrincipalTag/team": "mail" } }, "yes"],
		[{ StringLike: { "aws:Referer": "https://example.org/*" } }, "yes"],
		[{ Null: { "aws:PrincipalOrgID": "false" } }, "yes"],
		[{ StringEquals: { "aws:PrincipalAccount": "${data.aws_caller_identity.c.account_id}" } }, "no"],
		[{ StringEquals: { "aws:PrincipalAccount": "${var.account}" } }, "no"],
		[{ StringLike: { "aws:PrincipalAccount": "${var.account}" } }, "unknown"],
		[{ ArnLike: { "aws:SourceArn": "${aws_sns_topic.t.arn}" } }, "no"],
		[{ ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:${data.aws_caller_identity.c.account_id}:*" } }, "no"],
		[{ ArnLike: { "aws:SourceArn": "${var.pattern}" } }, "unknown"],
	])("with %j: %s", (condition, expected) => {
		expect(verdict([open(condition)])).toBe(expected);
	});

	it("are open without a condition, however everyone is written", () => {
		expect(verdict([open()])).toBe("yes");
		expect(verdict([open(undefined, { Principal: { AWS: "*" } })])).toBe("yes");
		expect(verdict([open(undefined, { Principal: { AWS: [own, "*"] } })])).toBe("yes");
		expect(verdict([open(undefined, { Principal: undefined, NotPrincipal: { AWS: own } })].map(({ Principal: _, ...rest }) => rest))).toBe("yes");
		expect(verdict([open(undefined, { Principal: { AWS: "arn:aws:iam::*:root" } })])).toBe("yes");
		expect(verdict([open(undefined, { Principal: { AWS: own } })])).toBe("no");
		expect(verdict([open(undefined, { Principal: { Service: "ses.amazonaws.com" } })])).toBe("no");
		expect(verdict([open(undefined, { Principal: "${unknown}" })])).toBe("unknown");
		expect(verdict([open(undefined, { Principal: { AWS: "${var.who}" } })])).toBe("unknown");
		expect(verdict([open(undefined, { Principal: { AWS: "${aws_iam_role.r.arn}" } })])).toBe("no");
		expect(verdict([open(undefined, { Condition: "${unknown}" })])).toBe("unknown");
		expect(publicStatements(read("${data.aws_iam_policy_document.d.json}"))).toMatchObject([
			{ open: "unknown", dependsOn: ["${data.aws_iam_policy_document.d.json}"] },
		]);
	});

	it("may be limited by narrow networks, where the question allows it", () => {
		const by = (range: string): string => verdict([open({ IpAddress: { "aws:SourceIp": range } })], ["account", "network"]);
		expect([by("203.0.113.0/24"), by("10.0.0.0/8"), by("0.0.0.0/0"), by("0.0.0.0/1"), by("2001:db8::/32"), by("::/0")]).toEqual([
			"no",
			"no",
			"yes",
			"yes",
			"no",
			"yes",
		]);
	});

	it("count what a Deny takes back, and only that", () => {
		const deny = (rest: Json): Json => ({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", ...rest });
		const outsiders = { StringNotEquals: { "aws:PrincipalOrgID": "o-abc" } };
		expect(verdict([open(), deny({})])).toBe("no");
		expect(verdict([open(), deny({ Condition: outsiders })])).toBe("no");
		expect(
			verdict([
				open(),
				deny({ Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-abc" }, BoolIfExists: { "aws:PrincipalIsAWSService": "false" } } }),
			]),
		).toBe("no");
		expect(verdict([open(), deny({ Condition: { StringNotLike: { "aws:PrincipalOrgID": "o-*" } } })])).toBe("yes");
		expect(verdict([open(), deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })])).toBe("yes");
		expect(verdict([open(), deny({ Condition: { ...outsiders, Bool: { "aws:SecureTransport": "false" } } })])).toBe("yes");
		expect(verdict([open(), deny({ Principal: { AWS: own } })])).toBe("yes");
		expect(verdict([open(), deny({ Action: "s3:Put*" })])).toBe("yes");
		expect(verdict([open(), deny({ NotAction: "s3:Put*", Action: undefined })].map((one) => JSON.parse(JSON.stringify(one))))).toBe("no");
		expect(verdict([open(), deny({ Resource: "arn:aws:s3:::b/private/*" })])).toBe("yes");
		expect(verdict([open(), deny({ Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })])).toBe("yes");
		expect(verdict([open(), deny({ Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })], ["network"])).toBe("no");
		expect(verdict([open(), deny({ Resource: "${var.r}" })])).toBe("unknown");
		const partly = publicStatements(policy(open(undefined, { Action: ["s3:GetObject", "s3:PutObject"] }), deny({ Action: "s3:Put*" })));
		expect(partly).toMatchObject([{ open: "yes", actions: ["s3:GetObject"] }]);
		// Several policies of one identity count together.
		expect(publicStatements([policy(open()), policy(deny({}))])).toEqual([]);
		expect(publicStatements([policy(open()), policy(open())]).map(({ statement }) => statement)).toEqual(["[0].Statement[0]", "[1].Statement[0]"]);
	});
});
