// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write their variables so.
import { describe, expect, it } from "vitest";
import { evaluateIam } from "./evaluate-iam.ts";
import type { IamQuestion } from "./question.ts";

const bucket = "arn:aws:s3:::amzn-s3-demo-bucket";
const account = "111122223333";
const user = `arn:aws:iam::${account}:user/carlos`;
const role = `arn:aws:iam::${account}:role/team/reader`;
const session = `arn:aws:sts::${account}:assumed-role/reader/one`;

type Json = Record<string, unknown>;
const policy = (...statements: Json[]): Json => ({ Version: "2012-10-17", Statement: statements });
const allow = (action: unknown, rest: Json = {}): Json => ({ Effect: "Allow", Action: action, Resource: "*", ...rest });
const deny = (action: unknown, rest: Json = {}): Json => ({ Effect: "Deny", Action: action, Resource: "*", ...rest });
const get = (rest: Partial<IamQuestion>): string => evaluateIam({ action: "s3:GetObject", resource: `${bucket}/a`, principal: user, ...rest }).decision;
const when = (condition: Json, context: Record<string, string | string[]> = {}, version = "2012-10-17"): string =>
	get({ identityPolicies: [{ Version: version, Statement: allow("s3:*", { Condition: condition }) }], context });

describe("evaluation logic", () => {
	it("answers the example of the documentation", () => {
		const identity = {
			Version: "2012-10-17",
			Statement: [
				{ Sid: "AllowS3ListRead", Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:ListAllMyBuckets"], Resource: "arn:aws:s3:::*" },
				{ Sid: "AllowS3Self", Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"] },
				{ Sid: "DenyS3Logs", Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::*log*" },
			],
		};
		const resourcePolicy = policy(
			allow("s3:*", { Principal: { AWS: "arn:aws:iam::123456789012:user/carlossalazar" }, Resource: ["arn:aws:s3:::carlossalazar/*"] }),
		);
		const ask = (resource: string) =>
			evaluateIam({
				action: "s3:PutObject",
				resource,
				principal: "arn:aws:iam::123456789012:user/carlossalazar",
				identityPolicies: [identity],
				resourcePolicy,
			});
		expect(ask("arn:aws:s3:::carlossalazar-logs/x")).toEqual({ decision: "explicit_deny", statements: ["DenyS3Logs"] });
		expect(ask("arn:aws:s3:::carlossalazar/x")).toEqual({ decision: "allowed", statements: ["AllowS3Self", "resourcePolicy.Statement[0]"] });
		expect(ask("arn:aws:s3:::other/x").decision).toBe("implicit_deny");
	});

	it("lets an explicit deny of any policy win", () => {
		const full = policy(allow("*"));
		const no = policy(allow("*"), deny("s3:GetObject"));
		expect(get({ identityPolicies: [full] })).toBe("allowed");
		expect(get({ identityPolicies: [full, no] })).toBe("explicit_deny");
		expect(get({ identityPolicies: [full], boundary: no })).toBe("explicit_deny");
		expect(get({ identityPolicies: [full], scps: [full, no] })).toBe("explicit_deny");
		expect(get({ identityPolicies: [full], resourcePolicy: policy(deny("s3:*", { Principal: "*" })) })).toBe("explicit_deny");
		expect(get({})).toBe("implicit_deny");
	});

	it("wants an allow on every level of SCPs, and of one policy at each level", () => {
		const full = policy(allow("*"));
		const s3 = policy(allow("s3:*"));
		const ec2 = policy(allow("ec2:*"));
		expect(get({ identityPolicies: [full], scps: [full, s3] })).toBe("allowed");
		expect(get({ identityPolicies: [full], scps: [full, ec2] })).toBe("implicit_deny");
		expect(get({ identityPolicies: [full], scps: [full, [ec2, s3]] })).toBe("allowed");
		expect(get({ identityPolicies: [full], scps: [[]] })).toBe("implicit_deny");
		const service = { principal: "ses.amazonaws.com", resourcePolicy: policy(allow("s3:*", { Principal: { Service: "ses.amazonaws.com" } })) };
		expect(get({ ...service, scps: [ec2] })).toBe("allowed");
		expect(get({ principal: `arn:aws:iam::${account}:role/aws-service-role/x.amazonaws.com/R`, identityPolicies: [full], scps: [ec2] })).toBe("allowed");
	});

	it("intersects identity policies and boundary, and knows what a resource policy grants past them", () => {
		const s3 = policy(allow("s3:*"));
		const ec2 = policy(allow("ec2:*"));
		expect(get({ identityPolicies: [s3], boundary: s3 })).toBe("allowed");
		expect(get({ identityPolicies: [s3], boundary: ec2 })).toBe("implicit_deny");
		const to = (principal: unknown): Json => policy(allow("s3:*", { Principal: principal }));
		const table: [string, unknown, string][] = [
			[user, { AWS: user }, "allowed"],
			[user, "*", "allowed"],
			[user, { AWS: account }, "implicit_deny"],
			[role, { AWS: role }, "implicit_deny"],
			[session, { AWS: role }, "implicit_deny"],
			[session, { AWS: session }, "allowed"],
			[session, { AWS: `${session}-other` }, "implicit_deny"],
			[role, { AWS: session }, "depends"],
			[`arn:aws:sts::${account}:federated-user/bob`, { AWS: `arn:aws:sts::${account}:federated-user/bob` }, "allowed"],
		];
		for (const [principal, element, expected] of table) {
			expect([principal, element, get({ principal, boundary: ec2, resourcePolicy: to(element) })]).toEqual([principal, element, expected]);
		}
		// Without a boundary the role is enough; the account still leaves it to its identity policies.
		expect(get({ principal: session, resourcePolicy: to({ AWS: role }) })).toBe("allowed");
		expect(get({ principal: session, resourcePolicy: to({ AWS: `arn:aws:iam::${account}:root` }) })).toBe("implicit_deny");
		expect(get({ principal: session, resourcePolicy: to({ AWS: account }), identityPolicies: [s3] })).toBe("allowed");
	});

	it("wants both sides across accounts", () => {
		const s3 = policy(allow("s3:*"));
		const across = { resourceAccount: "999999999999" };
		const open = policy(allow("s3:*", { Principal: { AWS: account } }));
		expect(get({ ...across, identityPolicies: [s3] })).toBe("implicit_deny");
		expect(get({ ...across, resourcePolicy: open })).toBe("implicit_deny");
		expect(get({ ...across, identityPolicies: [s3], resourcePolicy: open })).toBe("allowed");
		const queue: IamQuestion = {
			action: "sqs:SendMessage",
			resource: "arn:aws:sqs:us-east-1:999999999999:q",
			principal: user,
			identityPolicies: [policy(allow("sqs:*"))],
		};
		expect(evaluateIam(queue).decision).toBe("implicit_deny");
		expect(evaluateIam({ ...queue, resourcePolicy: policy(allow("sqs:*", { Principal: { AWS: user } })) }).decision).toBe("allowed");
	});

	it("asks a key's own policy, and a role's", () => {
		const question: IamQuestion = {
			action: "kms:Decrypt",
			resource: `arn:aws:kms:us-east-1:${account}:key/1`,
			principal: user,
			identityPolicies: [policy(allow("kms:*"))],
		};
		const root = policy(allow("kms:*", { Principal: { AWS: `arn:aws:iam::${account}:root` } }));
		expect(evaluateIam({ ...question, resourcePolicy: root }).decision).toBe("allowed");
		expect(evaluateIam({ ...question, identityPolicies: [], resourcePolicy: root }).decision).toBe("implicit_deny");
		expect(evaluateIam({ ...question, resourcePolicy: policy(allow("kms:*", { Principal: { AWS: role } })) }).decision).toBe("implicit_deny");
		expect(evaluateIam(question).decision).toBe("allowed");
		const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: user } });
		expect(evaluateIam({ action: "sts:AssumeRole", resource: role, principal: user, resourcePolicy: trust }).decision).toBe("allowed");
	});

	it("gives the root user everything its own account has, but not past an SCP", () => {
		expect(get({ principal: `arn:aws:iam::${account}:root` })).toBe("allowed");
		expect(get({ principal: account, scps: [policy(allow("ec2:*"))] })).toBe("implicit_deny");
	});
});

describe("principals", () => {
	const to = (principal: Json, effect = "Allow"): Json => policy({ Effect: effect, Action: "s3:*", Resource: "*", ...principal });

	it("of each kind match their own", () => {
		const saml = `arn:aws:iam::${account}:saml-provider/idp`;
		const canonical = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
		const table: [string, unknown, string][] = [
			["ses.amazonaws.com", { Service: "ses.amazonaws.com" }, "allowed"],
			["ses.amazonaws.com", { Service: ["sns.amazonaws.com"] }, "implicit_deny"],
			["ses.amazonaws.com", { AWS: account }, "implicit_deny"],
			["ses.amazonaws.com", "*", "allowed"],
			[user, { Service: "ses.amazonaws.com" }, "implicit_deny"],
			[saml, { Federated: saml }, "allowed"],
			["accounts.google.com", { Federated: ["www.amazon.com", "accounts.google.com"] }, "allowed"],
			[saml, { Federated: "accounts.google.com" }, "implicit_deny"],
			[canonical, { CanonicalUser: canonical }, "allowed"],
			["*", "*", "allowed"],
			["anonymous", { AWS: "*" }, "allowed"],
			["*", { AWS: account }, "implicit_deny"],
			[user, { AWS: ["AIDAEXAMPLE", user] }, "allowed"],
			[user, { AWS: user.toUpperCase() }, "implicit_deny"],
			[user, user, "allowed"],
		];
		for (const [principal, element, expected] of table) {
			expect([principal, element, get({ principal, resourcePolicy: to({ Principal: element }) })]).toEqual([principal, element, expected]);
		}
	});

	it("left out or by canonical id are unknown, not absent", () => {
		const one = evaluateIam({ action: "s3:GetObject", resource: `${bucket}/a`, resourcePolicy: to({ Principal: { AWS: user } }) });
		expect(one).toMatchObject({ decision: "depends", dependsOn: ["principal"] });
		expect(evaluateIam({ action: "s3:GetObject", resource: `${bucket}/a`, resourcePolicy: to({ Principal: "*" }) }).decision).toBe("allowed");
	});

	it("of NotPrincipal are the exception, and the account's ARN exempts nobody but the account", () => {
		const except = { NotPrincipal: { AWS: ["arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"] } };
		const full = { identityPolicies: [policy(allow("*"))], resourcePolicy: to(except, "Deny") };
		expect(get({ ...full, principal: "arn:aws:iam::444455556666:user/Bob" })).toBe("allowed");
		expect(get({ ...full, principal: "arn:aws:iam::444455556666:user/Alice" })).toBe("explicit_deny");
		expect(get({ ...full, principal: "arn:aws:iam::444455556666:root" })).toBe("allowed");
		expect(get({ ...full, principal: user })).toBe("explicit_deny");
		expect(get({ principal: "*", resourcePolicy: to(except) })).toBe("allowed");
		expect(get({ principal: "arn:aws:iam::444455556666:user/Bob", resourcePolicy: to(except) })).toBe("implicit_deny");
	});
});

describe("actions and resources", () => {
	it("match by wildcards; actions in any case, resources in theirs", () => {
		const one = (statement: Json): string => get({ identityPolicies: [policy({ Effect: "Allow", Resource: "*", ...statement })] });
		expect(one({ Action: "S3:getobject" })).toBe("allowed");
		expect(one({ Action: "s3:Get?bject" })).toBe("allowed");
		expect(one({ Action: ["ec2:*", "s3:*Object"] })).toBe("allowed");
		expect(one({ Action: "s3:Get" })).toBe("implicit_deny");
		expect(one({ NotAction: "iam:*" })).toBe("allowed");
		expect(one({ NotAction: ["iam:*", "s3:get*"] })).toBe("implicit_deny");
		expect(one({ Action: "s3:*", Resource: `${bucket}/A` })).toBe("implicit_deny");
		expect(one({ Action: "s3:*", Resource: [`${bucket}`, `${bucket}/?`] })).toBe("allowed");
		expect(get({ identityPolicies: [{ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", NotResource: `${bucket}/*` } }] })).toBe(
			"implicit_deny",
		);
	});

	it("take variables from the request", () => {
		const home = (resource: string, version: string, context: Record<string, string | string[]> = {}) =>
			evaluateIam({
				action: "s3:GetObject",
				resource: `${bucket}/${version === "2012-10-17" ? "carlos" : "${aws:username}"}/a`,
				principal: user,
				identityPolicies: [{ Version: version, Statement: { Effect: "Allow", Action: "s3:*", Resource: resource } }],
				context,
			});
		expect(home(`${bucket}/\${aws:username}/*`, "2012-10-17").decision).toBe("allowed");
		expect(home(`${bucket}/\${AWS:UserName}/*`, "2012-10-17").decision).toBe("allowed");
		// Before 2012-10-17 a variable is plain text.
		expect(home(`${bucket}/\${aws:username}/*`, "2008-10-17").decision).toBe("allowed");
		expect(home(`${bucket}/\${aws:PrincipalTag/team}/*`, "2012-10-17")).toMatchObject({ decision: "depends", dependsOn: ["aws:PrincipalTag/team"] });
		expect(home(`${bucket}/\${aws:PrincipalTag/team}/*`, "2012-10-17", { "aws:PrincipalTag/team": [] }).decision).toBe("implicit_deny");
		expect(home(`${bucket}/\${aws:PrincipalTag/team, 'carlos'}/*`, "2012-10-17", { "aws:PrincipalTag/team": [] }).decision).toBe("allowed");
		expect(home(`${bucket}/\${aws:PrincipalTag/team}/*`, "2012-10-17", { "aws:principaltag/TEAM": "carlos" }).decision).toBe("allowed");
		// A value with a star is that text, not a wildcard.
		expect(home(`${bucket}/\${aws:PrincipalTag/team}/*`, "2012-10-17", { "aws:PrincipalTag/team": "*" }).decision).toBe("implicit_deny");
	});

	it("take the three special characters as themselves", () => {
		const one = (name: string, pattern: string): string =>
			evaluateIam({
				action: "s3:GetObject",
				resource: `${bucket}/${name}`,
				principal: user,
				identityPolicies: [policy(allow("s3:*", { Resource: `${bucket}/${pattern}` }))],
			}).decision;
		expect(one("*", "${*}")).toBe("allowed");
		expect(one("a", "${*}")).toBe("implicit_deny");
		expect(one("a?", "*${?}")).toBe("allowed");
		expect(one("$5", "${$}5")).toBe("allowed");
	});
});

describe("conditions", () => {
	it.each<[Json, Record<string, string | string[]>, string]>([
		[{ StringEquals: { "aws:PrincipalTag/job": "admin" } }, { "aws:PrincipalTag/job": "admin" }, "allowed"],
		[{ StringEquals: { "aws:PrincipalTag/job": "admin" } }, { "AWS:principaltag/JOB": "Admin" }, "implicit_deny"],
		[{ StringEquals: { k: ["a", "b"] } }, { k: "b" }, "allowed"],
		[{ StringEquals: { k: "*" } }, { k: "x" }, "implicit_deny"],
		[{ StringNotEquals: { k: ["a", "b"] } }, { k: "b" }, "implicit_deny"],
		[{ StringNotEquals: { k: ["a", "b"] } }, { k: "c" }, "allowed"],
		[{ StringEqualsIgnoreCase: { k: "AbC" } }, { k: "aBc" }, "allowed"],
		[{ StringNotEqualsIgnoreCase: { k: "AbC" } }, { k: "aBc" }, "implicit_deny"],
		[{ StringLike: { "s3:prefix": ["", "home/", "home/${aws:username}/*"] } }, { "s3:prefix": "home/carlos/x" }, "allowed"],
		[{ StringLike: { "s3:prefix": ["", "home/"] } }, { "s3:prefix": "" }, "allowed"],
		[{ StringNotLike: { k: "a*" } }, { k: "abc" }, "implicit_deny"],
		[{ NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, "allowed"],
		[{ NumericLessThan: { "s3:max-keys": 10 } }, { "s3:max-keys": "10.0" }, "implicit_deny"],
		[{ NumericGreaterThan: { k: "9" } }, { k: "10" }, "allowed"],
		[{ NumericGreaterThanEquals: { k: "9" } }, { k: "8.9" }, "implicit_deny"],
		[{ NumericEquals: { k: ["1", "2"] } }, { k: "2.0" }, "allowed"],
		[{ NumericNotEquals: { k: "2" } }, { k: "2.0" }, "implicit_deny"],
		[{ NumericEquals: { k: "two" } }, { k: "two" }, "implicit_deny"],
		[{ DateGreaterThan: { "aws:TokenIssueTime": "2020-01-01T00:00:01Z" } }, { "aws:TokenIssueTime": "2020-01-01T00:00:02Z" }, "allowed"],
		[{ DateLessThan: { "aws:CurrentTime": "2020-07-01" } }, { "aws:CurrentTime": "2020-07-01T00:00:00+02:00" }, "allowed"],
		[{ DateLessThanEquals: { "aws:EpochTime": "1593561600" } }, { "aws:EpochTime": "2020-07-01T00:00:00Z" }, "allowed"],
		[{ DateEquals: { k: "2020-07-01" } }, { k: "1593561600" }, "allowed"],
		[{ DateNotEquals: { k: "2020" } }, { k: "2020-01-01T00:00:00Z" }, "implicit_deny"],
		[{ DateGreaterThanEquals: { k: "yesterday" } }, { k: "2020-01-01" }, "implicit_deny"],
		[{ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": "true" }, "implicit_deny"],
		[{ Bool: { "aws:SecureTransport": true } }, { "aws:SecureTransport": "True" }, "allowed"],
		[{ BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }, { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA" }, "allowed"],
		[{ BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }, { key: "QmluYXJ5" }, "implicit_deny"],
		[{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"] } }, { "aws:SourceIp": "203.0.113.77" }, "allowed"],
		[{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"] } }, { "aws:SourceIp": "2001:db8:1234:5678:9::1" }, "allowed"],
		[{ IpAddress: { "aws:SourceIp": "203.0.113.1" } }, { "aws:SourceIp": "203.0.113.2" }, "implicit_deny"],
		[{ NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, { "aws:SourceIp": "203.0.113.2" }, "implicit_deny"],
		[{ NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, { "aws:SourceIp": "198.51.100.1" }, "allowed"],
		[{ IpAddress: { "aws:SourceIp": "nonsense" } }, { "aws:SourceIp": "nonsense" }, "implicit_deny"],
		[{ ArnEquals: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }, { "aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:t" }, "allowed"],
		// The documentation's own example of what only a string operator matches.
		[
			{ StringLike: { k: "arn:aws:someservice:*:111122223333:finance/*" } },
			{ k: "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt" },
			"allowed",
		],
		[
			{ ArnLike: { k: "arn:aws:someservice:*:111122223333:finance/*" } },
			{ k: "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt" },
			"implicit_deny",
		],
		[{ ArnNotLike: { k: "arn:aws:iam::*:role/x" } }, { k: "arn:aws:iam::1:role/x" }, "implicit_deny"],
		[{ ArnLike: { k: "not an arn" } }, { k: "not an arn too" }, "implicit_deny"],
		[{ Null: { "aws:TokenIssueTime": "true" } }, { "aws:TokenIssueTime": [] }, "allowed"],
		[{ Null: { "aws:TokenIssueTime": "true" } }, { "aws:TokenIssueTime": "2020" }, "implicit_deny"],
		[{ Null: { "aws:TokenIssueTime": false } }, { "aws:TokenIssueTime": "2020" }, "allowed"],
		[{ StringEquals: { a: "1" }, Bool: { b: "true" } }, { a: "1", b: "false" }, "implicit_deny"],
		[{ StringEquals: { a: "1", b: "2" } }, { a: "1", b: "2" }, "allowed"],
		[{ stringequals: { a: "1" } }, { a: "1" }, "allowed"],
		// Absent keys.
		[{ StringEquals: { k: "a" } }, { k: [] }, "implicit_deny"],
		[{ StringNotEquals: { k: "a" } }, { k: [] }, "allowed"],
		[{ ArnNotLike: { k: "arn:aws:iam::*:role/x" } }, { k: [] }, "allowed"],
		[{ NotIpAddress: { k: "10.0.0.0/8" } }, { k: [] }, "allowed"],
		[{ StringEqualsIfExists: { k: "a" } }, { k: [] }, "allowed"],
		[{ StringEqualsIfExists: { k: "a" } }, { k: "b" }, "implicit_deny"],
		[{ StringNotEqualsIfExists: { k: "a" } }, { k: [] }, "allowed"],
		// Sets.
		[{ "ForAllValues:StringLike": { k: ["PostDateTime", "Message", "Tags"] } }, { k: ["PostDateTime", "Message"] }, "allowed"],
		[{ "ForAllValues:StringLike": { k: ["PostDateTime", "Message", "Tags"] } }, { k: ["PostDateTime", "UserName"] }, "implicit_deny"],
		[{ "ForAnyValue:StringLike": { k: ["ID", "PostDateTime"] } }, { k: ["UserName", "PostDateTime"] }, "allowed"],
		[{ "ForAnyValue:StringLike": { k: ["ID", "PostDateTime"] } }, { k: ["UserName"] }, "implicit_deny"],
		[{ "ForAllValues:StringEquals": { k: "a" } }, { k: [] }, "allowed"],
		[{ "ForAnyValue:StringEquals": { k: "a" } }, { k: [] }, "implicit_deny"],
		[{ "ForAllValues:StringEquals": { k: "a" } }, { k: "" }, "allowed"],
		[{ "ForAllValues:StringNotEquals": { k: "a" } }, { k: ["b", "a"] }, "implicit_deny"],
		[{ "ForAnyValue:StringNotEquals": { k: "a" } }, { k: ["b", "a"] }, "allowed"],
		[{ "ForAnyValue:StringNotEquals": { k: "a" } }, { k: [] }, "implicit_deny"],
	])("%j with %j: %s", (condition, context, expected) => {
		expect(when(condition, context)).toBe(expected);
	});

	it("fill variables in strings and ARNs from 2012-10-17 on, and in nothing else", () => {
		const condition = { StringEquals: { k: "${aws:username}" } };
		expect(when(condition, { k: "carlos" })).toBe("allowed");
		expect(when(condition, { k: "${aws:username}" }, "2008-10-17")).toBe("allowed");
		expect(when({ NumericEquals: { k: "${n:x}" } }, { k: "1", "n:x": "1" })).toBe("implicit_deny");
		expect(when({ StringEquals: { k: "${aws:FederatedProvider}" } }, { k: "x", "aws:FederatedProvider": [] })).toBe("implicit_deny");
	});

	it("know keys that follow from the principal", () => {
		expect(when({ ArnEquals: { "aws:PrincipalArn": user } })).toBe("allowed");
		expect(when({ StringEquals: { "aws:PrincipalAccount": account } })).toBe("allowed");
		expect(when({ StringEquals: { "aws:PrincipalAccount": "444455556666" } })).toBe("implicit_deny");
		expect(when({ Bool: { "aws:PrincipalIsAWSService": "true" } })).toBe("implicit_deny");
	});
});

describe("what is not known", () => {
	it("is named when it matters", () => {
		const mfa = policy(allow("s3:*"), deny("*", { Sid: "NoMfa", Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } }));
		const answer = evaluateIam({ action: "s3:GetObject", resource: `${bucket}/a`, principal: user, identityPolicies: [mfa] });
		expect(answer).toEqual({ decision: "depends", dependsOn: ["aws:MultiFactorAuthPresent"], statements: ["NoMfa"] });
		expect(get({ identityPolicies: [mfa], context: { "aws:multifactorauthpresent": "true" } })).toBe("allowed");
		expect(get({ identityPolicies: [mfa], context: { "aws:MultiFactorAuthPresent": [] } })).toBe("explicit_deny");
	});

	it("is not named when it does not", () => {
		const open = allow("s3:*", { Condition: { StringEquals: { k: "a" } } });
		expect(get({ identityPolicies: [policy(open, allow("s3:*"))] })).toBe("allowed");
		expect(get({ identityPolicies: [policy(open, deny("s3:*"))] })).toBe("explicit_deny");
		expect(get({ identityPolicies: [policy(open)], boundary: policy(allow("ec2:*")) })).toBe("implicit_deny");
		expect(get({ identityPolicies: [policy(deny("s3:*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }))] })).toBe("implicit_deny");
		expect(when({ StringLikeIfExists: { k: "*" } })).toBe("allowed");
		expect(when({ "ForAllValues:StringLike": { k: "*" } })).toBe("allowed");
		expect(when({ StringEquals: { k: "a" }, Bool: { "aws:PrincipalIsAWSService": "true" } })).toBe("implicit_deny");
		expect(when({ StringEquals: { k: [] } })).toBe("implicit_deny");
	});

	it("is tried out where statements complete each other", () => {
		const parts = (a: Json, b: Json): string => get({ identityPolicies: [policy(allow("s3:*", { Condition: a }), allow("s3:*", { Condition: b }))] });
		expect(parts({ StringEquals: { k: "a" } }, { StringNotEquals: { k: "a" } })).toBe("allowed");
		expect(parts({ Null: { k: "true" } }, { Null: { k: "false" } })).toBe("allowed");
		expect(parts({ Bool: { k: "true" } }, { Bool: { k: "false" } })).toBe("depends");
		expect(parts({ Bool: { k: "true" } }, { BoolIfExists: { k: "false" } })).toBe("allowed");
		expect(parts({ NumericLessThan: { k: "5" } }, { NumericGreaterThan: { k: "5" } })).toBe("depends");
		const twice = evaluateIam({
			action: "s3:GetObject",
			resource: `${bucket}/a`,
			principal: user,
			identityPolicies: [policy(allow("s3:*", { Condition: { StringEquals: { k: "a" }, StringNotEquals: { k: "a" } } }))],
		});
		expect(twice).toEqual({ decision: "implicit_deny", statements: [] });
		const named = evaluateIam({
			action: "s3:GetObject",
			resource: `${bucket}/a`,
			principal: user,
			identityPolicies: [
				policy(allow("s3:*", { Condition: { Bool: { m: "true" } } }), allow("s3:*", { Condition: { Bool: { m: "true" }, StringEquals: { k: "a" } } })),
			],
		});
		expect(named).toMatchObject({ decision: "depends", dependsOn: ["m"] });
	});

	it("in a plan's policy is a placeholder", () => {
		const own = "${aws_s3_bucket.b.arn}";
		const text = JSON.stringify(policy(allow("s3:*", { Resource: `${own}/*` })));
		expect(evaluateIam({ action: "s3:GetObject", resource: `${bucket}/a`, principal: user, identityPolicies: [text] })).toMatchObject({
			decision: "depends",
			dependsOn: [own],
		});
		expect(evaluateIam({ action: "s3:GetObject", resource: `${own}/a`, principal: user, identityPolicies: [text] }).decision).toBe("allowed");
		expect(evaluateIam({ action: "sqs:SendMessage", resource: `${own}/a`, principal: user, identityPolicies: [text] }).decision).toBe("implicit_deny");
		for (const whole of [
			"${data.aws_iam_policy_document.d.json}",
			'{"Statement": ${unknown}}',
			'{"Statement": [${unknown}]}',
			'{"Statement":[{"Effect":"${unknown}","Action":"*","Resource":"*"}]}',
		]) {
			expect([whole, get({ identityPolicies: [whole] })]).toEqual([whole, "depends"]);
			expect(get({ identityPolicies: [whole, policy(deny("*"))] })).toBe("explicit_deny");
		}
		expect(when({ StringEquals: { "aws:PrincipalAccount": "${data.aws_caller_identity.c.account_id}" } })).toBe("depends");
		const principal = { Principal: { AWS: "arn:aws:iam::${data.aws_caller_identity.c.account_id}:root" } };
		expect(get({ resourcePolicy: policy(deny("*", principal)), identityPolicies: [policy(allow("*"))] })).toBe("depends");
	});
});
