import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { readTerraform, terraformEvidence } from "../../adapters/terraform/index.ts";
import {
	allowsAny,
	deniesInsecureTransport,
	deniesWithoutMfa,
	evaluateIam,
	externalPrincipals,
	grantsOf,
	type Policy,
	parsePolicy,
	publicStatements,
	requiresMfa,
	servicePrincipals,
} from "./index.ts";

const shared = join(process.env.MAILWARD_SHARED ?? "../shared", "conformance");
const missing = !existsSync(join(shared, "aws-samples"));
if (missing) console.log(`skipped: ${shared} is not there`);

type Json = Record<string, unknown>;
const sample = (name: string): Json => {
	const file = JSON.parse(readFileSync(join(shared, "aws-samples", name), "utf8")) as { data?: Json };
	return file.data ?? (file as Json);
};

/** Every policy document in a tree: objects and texts, URL-encoded or not. */
function documents(value: unknown, found: unknown[] = []): unknown[] {
	if (typeof value === "string") {
		if (/^\s*(?:\{|%7B)/i.test(value) && /Statement/.test(value)) found.push(value);
	} else if (Array.isArray(value)) for (const one of value) documents(one, found);
	else if (typeof value === "object" && value !== null) {
		if ("Statement" in value) found.push(value);
		else for (const one of Object.values(value)) documents(one, found);
	}
	return found;
}

function evidence(path: string): Evidence[] {
	return [...terraformEvidence(readTerraform(readFileSync(join(shared, path)), path), { target: path, version: "1", now: "2026-01-01T00:00:00Z" })];
}

function parsed(document: unknown): Policy {
	const result = parsePolicy(document);
	if (!result.ok) throw new Error(`${result.error.path}: ${result.error.message}`);
	return result.policy;
}

describe.skipIf(missing)("answers of AWS", () => {
	it("hold policies that all parse and can be asked about", () => {
		let count = 0;
		const refused: string[] = [];
		for (const path of globSync("aws-samples/**/*.json", { cwd: shared }).sort()) {
			for (const document of documents(JSON.parse(readFileSync(join(shared, path), "utf8")))) {
				const result = parsePolicy(document);
				count++;
				if (!result.ok) {
					refused.push(`${path}: ${result.error.path} ${result.error.message}`);
					continue;
				}
				for (const statement of publicStatements(result.policy)) expect(statement.open).toBe("yes");
				requiresMfa(result.policy, 3600);
				externalPrincipals(result.policy, "644160558196");
				expect(grantsOf(result.policy)).toHaveLength(result.policy.statements.length);
			}
		}
		console.log(`aws-samples: ${count} policy documents`);
		expect(refused).toEqual([]);
		expect(count).toBeGreaterThanOrEqual(25);
	});

	it("of S3, SNS, SQS, KMS, SES and Logs are judged as they read", () => {
		const open = (document: unknown): string[] => publicStatements(parsed(document)).map(({ statement }) => statement);
		const attributes = (name: string): Json => sample(name).Attributes as Json;
		expect(open(sample("cloudmapper-demo/GetBucketPolicy.json").Policy)).toEqual(["PublicReadGetObject"]);
		expect(open(attributes("cloudmapper-demo/GetTopicAttributes-public.json").Policy)).toEqual(["__default_statement_ID"]);
		expect(open(attributes("cloudmapper-demo/GetTopicAttributes-private.json").Policy)).toEqual([]);
		// One statement is limited by its owner, the other is not.
		expect(open(attributes("sns/GetTopicAttributes.sns_modify_add_policy_without_sid.2.json").Policy)).toEqual(["AddMe"]);
		const topic = attributes("sns/GetTopicAttributes.sns_has_statement.1.json");
		expect(open(topic.Policy)).toEqual([]);
		expect(
			deniesInsecureTransport(parsed(topic.Policy), String(topic.TopicArn), { actions: ["sns:Publish"], resources: [String(topic.TopicArn)] }).verdict,
		).toBe("yes");
		expect(open(attributes("sqs/GetQueueAttributes.sqs_remove_matched_empty_sid.1.json").Policy)).toEqual(["WithSid", "Statement[1]"]);
		// kms:CallerAccount is compared exactly with "*", which no account is.
		expect(open(sample("kms/GetKeyPolicy.cross_account_kms_condition_keys_3.1.json").Policy)).toEqual([]);
		expect(open(sample("kms/GetKeyPolicy.cross_account_kms_condition_keys_2.1.json").Policy)).toEqual([]);
		const logs = sample("logs/DescribeResourcePolicies.elasticsearch_enable_auditlog.1.json").resourcePolicies as Json[];
		expect(servicePrincipals(parsed(logs[0]?.policyDocument)).map(({ service, bound }) => [service, bound])).toEqual([["es.amazonaws.com", "no"]]);
		const trail = parsed(sample("s3/GetBucketPolicy.cloudtrail_enable.1.json").Policy);
		expect(servicePrincipals(trail).map(({ bound }) => bound)).toEqual(["no", "no"]);
		expect(deniesInsecureTransport(trail, "arn:aws:s3:::nosetest-bucket").verdict).toBe("no");
		const identity = Object.values(sample("sesv2/GetEmailIdentity.ses_email_identity_cross_account.1.json").Policies as Json).map(parsed);
		expect(externalPrincipals(identity, "123456789012").map(({ account }) => account)).toEqual(["111111111111"]);
	});

	it("of an account's authorization details tell who trusts whom, and what slips past MFA", () => {
		const details = sample("cloudmapper-demo/GetAccountAuthorizationDetails.json");
		const trust = new Map((details.RoleDetailList as Json[]).map((role) => [role.RoleName, parsed(role.AssumeRolePolicyDocument)]));
		expect([...trust].map(([name, document]) => [name, requiresMfa(document, 3600).verdict, publicStatements(document).length])).toEqual([
			["exfiller", "not_applicable", 0],
			["bad_role", "no", 1],
			["level1", "not_applicable", 0],
			["level3", "not_applicable", 0],
		]);
		const managed = (details.Policies as Json[]).filter(({ PolicyName }) => PolicyName === "BAD_MFA_POLICY");
		const versions = managed.flatMap(({ PolicyVersionList }) => PolicyVersionList as Json[]);
		const document = parsed(versions.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.Document);
		// It leaves out what lets a user give himself a password, so that not everything is denied.
		expect(deniesWithoutMfa(document, ["kms:Decrypt"]).verdict).toBe("yes");
		expect(deniesWithoutMfa(document, ["iam:CreateLoginProfile"]).verdict).toBe("no");
		expect(allowsAny(document, ["*"], ["*"]).verdict).toBe("no");
		const inline = (details.RoleDetailList as Json[]).flatMap(({ RoleName, RolePolicyList }) =>
			(RolePolicyList as Json[]).map(({ PolicyDocument }): [unknown, string, string] => [
				RoleName,
				allowsAny(parsed(PolicyDocument), ["*"], ["*"]).verdict,
				allowsAny(parsed(PolicyDocument), ["s3:*"], ["*"]).verdict,
			]),
		);
		expect(inline).toEqual([
			["exfiller", "no", "yes"],
			["bad_role", "yes", "yes"],
			["level1", "no", "no"],
			["level3", "no", "no"],
		]);
	});
});

describe.skipIf(missing)("policies of real plans, states and configurations", () => {
	it("all parse, known or with placeholders, and can be asked about", () => {
		let known = 0;
		let partial = 0;
		const refused: string[] = [];
		for (const path of globSync("terraform-plans/{plans,states,cdktf}/*", { cwd: shared }).sort()) {
			const items = evidence(path);
			const texts: [string, boolean][] = [];
			for (const { values } of items) {
				for (const document of documents(values)) if (typeof document === "string") texts.push([document, false]);
				const heldTexts = (values as { partial?: Record<string, string> } | undefined)?.partial ?? {};
				// Other texts than policies hold placeholders too, such as prefixes of ARNs.
				const held = Object.fromEntries(Object.entries(heldTexts).filter(([, text]) => text.trimStart().startsWith("{")));
				for (const document of Object.values(held)) if (!texts.some(([one]) => one === document)) texts.push([document, true]);
				for (const one of texts) if (Object.values(held).includes(one[0])) one[1] = true;
			}
			for (const [document, isPartial] of texts) {
				const result = parsePolicy(document);
				if (isPartial) partial++;
				else known++;
				if (!result.ok) {
					refused.push(`${path}: ${result.error.path} ${result.error.message}`);
					continue;
				}
				const unknowns = grantsOf(result.policy).flatMap(({ unknown }) => unknown);
				if (!isPartial) expect(unknowns).toEqual([]);
				for (const statement of publicStatements(result.policy)) if (statement.open === "unknown") expect(statement.dependsOn.length).toBeGreaterThan(0);
				evaluateIam({ action: "s3:GetObject", resource: "arn:aws:s3:::b/x", principal: "arn:aws:iam::111122223333:user/a", resourcePolicy: result.policy });
			}
		}
		console.log(`terraform-plans: ${known} known documents, ${partial} with placeholders, refused: ${refused.length}`);
		for (const line of refused) console.log(`  ${line}`);
		expect(known).toBeGreaterThan(20);
		expect(refused).toEqual([]);
	});

	it("that are public are found", () => {
		const path = "terraform-plans/plans/public-access-policies.json";
		const items = evidence(path);
		const found: Record<string, string[]> = {};
		for (const { id, values } of items) {
			for (const document of documents(values)) found[id] = publicStatements(parsed(document)).map(({ open }) => open);
		}
		expect(found).toEqual({
			"aws_iam_role.default": ["yes"],
			"aws_iam_role.test_role": ["yes"],
			"aws_s3_bucket_policy.allow_public_access": ["yes"],
			"aws_s3_bucket_policy.no_public_access_bucket": [],
			"aws_sns_topic_policy.default": ["yes"],
		});
	});
});
