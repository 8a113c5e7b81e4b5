// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import {
	allowsAny,
	allowsOnly,
	canDo,
	deniesInsecureTransport,
	deniesOldTls,
	deniesWithoutMfa,
	externalPrincipals,
	grantsOf,
	holdersOf,
	type LimitKind,
	type Policy,
	parsePolicy,
	publicStatements,
	requiresMfa,
	sendingGrants,
	servicePrincipals,
} from "./index.ts";

type Json = Record<string, unknown>;

const own = "111122223333";
const other = "999999999999";

function read(document: unknown): Policy {
	const parsed = parsePolicy(document);
	if (!parsed.ok) throw new Error(parsed.error.message);
	return parsed.policy;
}
const policy = (...statements: Json[]): Policy => read({ Version: "2012-10-17", Statement: statements });
const open = (condition?: Json, rest: Json = {}): Json => ({
	Effect: "Allow",
	Principal: "*",
	Action: "s3:GetObject",
	Resource: "arn:aws:s3:::b/*",
	...(condition === undefined ? {} : { Condition: condition }),
	...rest,
});
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

describe("principals of a policy", () => {
	it("outside the own account are listed, by name and by condition", () => {
		const found = externalPrincipals(
			policy(
				open(undefined, {
					Principal: {
						AWS: [
							own,
							`arn:aws:iam::${own}:role/x`,
							other,
							`arn:aws:sts::${other}:assumed-role/a/b`,
							"AIDAEXAMPLE",
							"${data.aws_caller_identity.c.account_id}",
						],
					},
				}),
				open({ StringEquals: { "aws:PrincipalAccount": [own, other] } }),
				open({ ArnLike: { "aws:SourceArn": ["arn:aws:s3:::bucket", `arn:aws:sns:us-east-1:${other}:t`] } }),
				open(undefined, {
					Principal: { AWS: "arn:aws:iam::${var.partner}:root", CanonicalUser: "c".repeat(64), Federated: "accounts.google.com", Service: "ses.amazonaws.com" },
				}),
				open(undefined, { Effect: "Deny", Principal: { AWS: "222222222222" } }),
			),
			own,
		);
		expect(found.map(({ principal, account, via, external }) => [principal, account, via, external])).toEqual([
			[other, other, "principal", "yes"],
			[`arn:aws:sts::${other}:assumed-role/a/b`, other, "principal", "yes"],
			["AIDAEXAMPLE", null, "principal", "yes"],
			[other, other, "condition", "yes"],
			[`arn:aws:sns:us-east-1:${other}:t`, other, "condition", "yes"],
			["arn:aws:iam::${var.partner}:root", null, "principal", "unknown"],
			["c".repeat(64), null, "principal", "yes"],
			["accounts.google.com", null, "principal", "yes"],
		]);
	});

	it("that are services say whether they are bound", () => {
		const bound = (condition?: Json): unknown => {
			const [first] = servicePrincipals(policy(open(condition, { Principal: { Service: "ses.amazonaws.com" } })));
			return first?.bound;
		};
		expect(bound()).toBe("no");
		expect(bound({ StringEquals: { "aws:SourceAccount": own } })).toBe("yes");
		expect(bound({ ArnLike: { "aws:SourceArn": `arn:aws:ses:us-east-1:${own}:configuration-set/*` } })).toBe("yes");
		expect(bound({ ArnLike: { "aws:SourceArn": "arn:aws:ses:*:*:configuration-set/*" } })).toBe("no");
		expect(bound({ StringEqualsIfExists: { "aws:SourceAccount": own } })).toBe("no");
		expect(bound({ StringLike: { "aws:SourceAccount": "${var.a}" } })).toBe("unknown");
		expect(bound({ StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } })).toBe("no");
		const logs = (arn: string): unknown =>
			servicePrincipals(policy(open({ ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn } }, { Principal: { Service: "logs.us-east-1.amazonaws.com" } })))[0]
				?.logsEncryptionContext;
		expect([logs(`arn:aws:logs:us-east-1:${own}:*`), logs("arn:aws:logs:*:*:*"), logs("${aws_cloudwatch_log_group.g.arn}")]).toEqual(["yes", "no", "yes"]);
	});

	it("are gathered by what they hold", () => {
		const key = policy(
			{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${own}:root` }, Action: "kms:*", Resource: "*" },
			{ Sid: "Admin", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${own}:role/admin` }, Action: ["kms:Put*", "kms:ScheduleKeyDeletion"], Resource: "*" },
			{
				Sid: "Use",
				Effect: "Allow",
				Principal: { AWS: [`arn:aws:iam::${own}:role/admin`, `arn:aws:iam::${own}:role/app`] },
				Action: "kms:Decrypt",
				Resource: "*",
			},
		);
		const held = holdersOf(key, ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:Decrypt"]);
		expect(held.map(({ principal, isAccount, actions }) => [principal.split("/").at(-1), isAccount, actions.length])).toEqual([
			[`arn:aws:iam::${own}:root`, true, 4],
			["admin", false, 3],
			["app", false, 1],
		]);
	});
});

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

	it("tells who can do without", () => {
		const give = (...statements: Json[]): Json => ({ Version: "2012-10-17", Statement: statements });
		const decrypt = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
		const mfa = { Effect: "Deny", Action: "*", Resource: "*", Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } };
		const user = (name: string): string => `arn:aws:iam::${own}:user/${name}`;
		const found = canDo({
			action: "kms:Decrypt",
			resource: `arn:aws:kms:us-east-1:${own}:key/1`,
			resourcePolicy: give({ Effect: "Allow", Principal: { AWS: own }, Action: "kms:*", Resource: "*" }),
			principals: [
				{ principal: user("open"), policies: [give(decrypt)] },
				{ principal: user("mfa"), policies: [give(decrypt, mfa)] },
				{ principal: user("none"), policies: [] },
				{ principal: user("bounded"), policies: [give(decrypt)], boundary: give({ Effect: "Allow", Action: "s3:*", Resource: "*" }) },
				{ principal: user("broken"), policies: ["{"] },
			],
		});
		expect(found.map(({ can, withoutMfa }) => [can, withoutMfa])).toEqual([
			["yes", "yes"],
			["unknown", "no"],
			["no", "no"],
			["no", "no"],
			["unknown", "unknown"],
		]);
	});
});
