import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../checks/aws/open.ts";
import { getCallerIdentity } from "../../checks/aws/preflight.ts";
import { AwsSetupError } from "../../checks/aws/setup-error.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Evidence } from "../../model/evidence.ts";
import { collectTarget, openRun } from "../../pipeline/collect.ts";
import { now, removeTemporaryFolders } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, pointAt, startEmulator } from "../support/aws-emulator.ts";
import { startRegionalFront } from "./regional-front.ts";
import { scanAccount } from "./scan-account.ts";

const regions = ["us-east-1", "eu-west-1"];
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

describe.skipIf(!emulatorPresent)("accounts and Regions", () => {
	let emulator: Emulator;
	beforeAll(async () => {
		emulator = await startEmulator();
		const s3 = new S3Client({ region: "us-east-1", forcePathStyle: true });
		await s3.send(new CreateBucketCommand({ Bucket: "mail-here" }));
		await new IAMClient({ region: "us-east-1" }).send(
			new CreateRoleCommand({
				RoleName: "mailward",
				AssumeRolePolicyDocument: JSON.stringify({
					Version: "2012-10-17",
					Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" }],
				}),
			}),
		);
	}, 60_000);
	afterAll(() => {
		emulator?.stop();
		removeTemporaryFolders();
	});

	it("asks each Region for its own, what is global once, and counts a bucket once", { timeout: 60_000 }, async () => {
		const request = { domains: [], plans: [], records: undefined, content: [], aws: { accounts: [{}], regions }, open: (path: string) => path };
		const run = await openRun({ config: defaultConfig, request, now: () => new Date(now), signal: new AbortController().signal, log });
		const seen = new Map<string, Evidence[]>();
		for (const target of run.context.aws?.targets ?? []) seen.set(target.id, await collectTarget(target, run, request));
		const calls = run.context.aws?.calls() ?? [];
		await run.close();
		expect([...seen.keys()]).toEqual(["123456789012/us-east-1", "123456789012/eu-west-1"]);
		const count = (region: string, kind: string) => seen.get(`123456789012/${region}`)?.filter((item) => item.kind === kind).length;
		expect(calls.filter((call) => call.operation === "logs:DescribeLogGroups").map((call) => call.region)).toEqual(regions);
		expect(regions.map((region) => count(region, "aws_s3_bucket"))).toEqual([1, 0]);
		expect(count("us-east-1", "aws_iam_role")).toBeGreaterThan(0);
		expect(count("eu-west-1", "aws_iam_role")).toBe(count("us-east-1", "aws_iam_role"));
		expect(calls.filter((call) => call.operation === "iam:GetAccountAuthorizationDetails")).toHaveLength(1);
		expect(calls.filter((call) => call.operation === "sts:GetCallerIdentity")).toHaveLength(1);
	});

	it("sees what sends, receives or keeps mail in a Region that nobody named, and names one that is not enabled", { timeout: 60_000 }, async () => {
		const front = await startRegionalFront(emulator.url, {
			"eu-west-3": { identities: ["forgotten.example"] },
			"sa-east-1": { ruleSets: ["inbound"] },
			"us-west-2": { archives: ["sent"] },
		});
		pointAt(front.url);
		const { result, manifest } = await scanAccount(["us-east-1"]);
		front.close();
		pointAt(emulator.url);
		const own = result.results.filter((one) => one.check === "sending.regions_approved");
		expect(own.filter((one) => one.status === "fail").map((one) => [one.resource, one.path, one.observed])).toEqual([
			["eu-west-3", "identities", 1],
			["sa-east-1", "receipt_rule_sets", 1],
			["us-west-2", "archives", 1],
		]);
		expect(own.map((one) => one.resource)).not.toContain("us-east-1");
		expect(own.length).toBeGreaterThan(10);
		expect(manifest.run.accounts?.[0]?.notEnabled).toContain("af-south-1");
		expect(own.map((one) => one.resource)).not.toContain("af-south-1");
	});

	it("judges what is global once, on the first Region, and asks for the other Regions once", { timeout: 60_000 }, async () => {
		const { result } = await scanAccount(regions);
		const targetsOf = (check: string) => [...new Set(result.results.filter((one) => one.check === check).map((one) => one.target))];
		for (const check of ["account.password_policy_strong", "iam.users_without_policies", "sending.regions_approved"])
			expect(targetsOf(check)).toEqual(["123456789012/us-east-1"]);
		expect(targetsOf("recorders.recording")).toHaveLength(2);
	});

	const options = { signal: new AbortController().signal, timeoutMs: 5000, maxAttempts: 1, retryMode: "standard" as const, now: () => now };

	it("takes a role with an external id and looks as it", async () => {
		const account = { roleArn: "arn:aws:iam::123456789012:role/mailward", externalId: "clinic-17", sessionTags: { scan: "yes" } };
		const run = await openAws({ accounts: [account], regions: ["us-east-1"] }, options);
		expect(run.caller?.arn).toContain("assumed-role/mailward/mailward");
		const opened = run.open({ id: "123456789012/us-east-1", type: "account" });
		expect(opened?.place).toMatchObject({ account: "123456789012", partition: "aws" });
		await run.close();
	});

	it("goes on where one account refuses: its calls meet the refusal, the other's are answered", async () => {
		const gone = { roleArn: "arn:aws:iam::210987654321:role/none" };
		const run = await openAws({ accounts: [{}, gone], regions: ["us-east-1"] }, options);
		expect(run.targets.map((target) => target.id)).toEqual(["123456789012/us-east-1", "210987654321/us-east-1"]);
		const refused = run.open({ id: "210987654321/us-east-1", type: "account" });
		await expect(refused?.session.send(getCallerIdentity, {}, "us-east-1")).rejects.toThrow();
		const answered = run.open({ id: "123456789012/us-east-1", type: "account" });
		await expect(answered?.session.send(getCallerIdentity, {}, "us-east-1")).resolves.toMatchObject({ Account: "123456789012" });
		await run.close();
	});

	it("refuses two entries that lead to one account", async () => {
		await expect(openAws({ accounts: [{}, {}], regions: ["us-east-1"] }, options)).rejects.toThrow(AwsSetupError);
	});
});
