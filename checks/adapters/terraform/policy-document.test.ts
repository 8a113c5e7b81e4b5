// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { type Json, key, policyOf } from "./configuration.test-support.ts";

describe("policy documents", () => {
	const document = (body: Json, rest: Json = {}): Json => ({ data: { aws_iam_policy_document: { d: body }, aws_caller_identity: { c: {} } }, ...rest });
	const json = "${data.aws_iam_policy_document.d.json}";

	it("are computed as the provider does", () => {
		const { value, unknown } = policyOf(
			json,
			document({
				policy_id: "p",
				statement: [
					{
						sid: "A",
						actions: ["s3:Get*", "s3:Put*"],
						resources: ["*"],
						principals: { type: "AWS", identifiers: ["b", "a"] },
						condition: { test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] },
					},
					{ effect: "Deny", not_actions: ["x:*"], not_resources: ["r"], not_principals: [{ type: "*", identifiers: ["*"] }] },
					{ actions: ["iam:&{x}"], resources: ["arn/&{aws:username}"] },
				],
			}),
		);
		expect(unknown).toBe(false);
		expect(JSON.parse(String(value))).toEqual({
			Version: "2012-10-17",
			Id: "p",
			Statement: [
				{
					Sid: "A",
					Effect: "Allow",
					Action: ["s3:Put*", "s3:Get*"],
					Resource: "*",
					Principal: { AWS: ["b", "a"] },
					Condition: { StringEquals: { "aws:SourceAccount": "1" } },
				},
				{ Effect: "Deny", NotAction: "x:*", NotResource: "r", NotPrincipal: "*" },
				{ Effect: "Allow", Action: "iam:${x}", Resource: "arn/${aws:username}" },
			],
		});
	});

	it("join sources and overrides by Sid, and unfold dynamic statements", () => {
		const { value } = policyOf(
			json,
			document({
				source_policy_documents: ['{"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "a:b"}]}'],
				statement: { sid: "B", actions: ["b:c"] },
				dynamic: { statement: { for_each: ["x", "y"], content: { actions: ["${statement.value}:*"] } } },
				override_policy_documents: ['{"Statement": {"Sid": "A", "Effect": "Deny", "Action": "a:b"}}'],
			}),
		);
		expect(JSON.parse(String(value)).Statement).toEqual([
			{ Sid: "A", Effect: "Deny", Action: "a:b" },
			{ Sid: "B", Effect: "Allow", Action: "b:c" },
			{ Effect: "Allow", Action: "x:*" },
			{ Effect: "Allow", Action: "y:*" },
		]);
	});

	it("with unknown parts are unknown, with their text beside the values", () => {
		const body = {
			statement: {
				actions: ["kms:*"],
				resources: ["${aws_kms_key.k.arn}"],
				principals: { type: "AWS", identifiers: ["arn:aws:iam::${data.aws_caller_identity.c.account_id}:root"] },
			},
		};
		const found = policyOf(json, document(body, key));
		expect(found).toMatchObject({ value: undefined, unknown: true, references: ["aws_kms_key.k", "data.aws_caller_identity.c"] });
		expect(JSON.parse(String(found.partial)).Statement[0]).toMatchObject({
			Resource: "${aws_kms_key.k.arn}",
			Principal: { AWS: "arn:aws:iam::${data.aws_caller_identity.c.account_id}:root" },
		});
	});

	it("are wholly unknown where the structure is, and withheld where a part is sensitive", () => {
		expect(policyOf(json, document({ dynamic: { statement: { for_each: "${aws_kms_key.k.grants}", content: {} } } }, key))).toMatchObject({
			value: undefined,
			partial: "${data.aws_iam_policy_document.d.json}",
			unknown: true,
		});
		expect(policyOf(json, document({ statement: { actions: ["${var.s}"] } }, { variable: { s: { default: "HIDDEN", sensitive: true } } }))).toMatchObject({
			value: undefined,
			partial: undefined,
			unknown: true,
		});
	});

	it("written by jsonencode or as text keep their known parts too", () => {
		expect(policyOf('${jsonencode({Resource = aws_kms_key.k.arn, Action = "*"})}', key)).toMatchObject({
			unknown: true,
			partial: '{"Action":"*","Resource":"${aws_kms_key.k.arn}"}',
		});
		expect(policyOf('{"Resource": "${aws_kms_key.k.arn}/${lower(aws_kms_key.k.arn)}"}', key).partial).toBe('{"Resource": "${aws_kms_key.k.arn}/${unknown}"}');
	});
});
