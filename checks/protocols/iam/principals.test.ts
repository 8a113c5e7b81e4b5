// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import { externalPrincipals, holdersOf, servicePrincipals } from "./index.ts";
import { type Json, open, other, own, policy } from "./policies.test-support.ts";

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
