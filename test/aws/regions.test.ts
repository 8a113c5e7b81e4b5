import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../checks/aws/open.ts";
import { getCallerIdentity } from "../../checks/aws/preflight.ts";
import { AwsSetupError } from "../../checks/aws/setup-error.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Evidence } from "../../model/evidence.ts";
import { collectTarget, openRun } from "../../pipeline/collect.ts";
import { now } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, startEmulator } from "../support/aws-emulator.ts";

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
	afterAll(() => emulator?.stop());

	it("asks each Region for its own, what is global once, and counts a bucket once", { timeout: 60_000 }, async () => {
		const request = { domains: [], plans: [], records: undefined, content: [], aws: { accounts: [{}], regions }, open: (path: string) => path };
		const run = await openRun({ config: defaultConfig, request, now: () => new Date(now), signal: new AbortController().signal, log });
		const seen = new Map<string, Evidence[]>();
		for (const target of run.context.aws?.targets ?? []) seen.set(target.id, await collectTarget(target, run, request));
		const calls = run.context.aws?.calls() ?? [];
		await run.close();
		expect([...seen.keys()]).toEqual(["123456789012/us-east-1", "123456789012/eu-west-1"]);
		const count = (region: string, kind: string) => seen.get(`123456789012/${region}`)?.filter((item) => item.kind === kind).length;
		expect(calls.filter((call) => call.operation === "sesv2:ListEmailIdentities").map((call) => call.region)).toEqual(regions);
		expect(regions.map((region) => count(region, "aws_s3_bucket"))).toEqual([1, 0]);
		expect(count("us-east-1", "aws_iam_role")).toBeGreaterThan(0);
		expect(count("eu-west-1", "aws_iam_role")).toBe(count("us-east-1", "aws_iam_role"));
		expect(calls.filter((call) => call.operation === "iam:GetAccountAuthorizationDetails")).toHaveLength(1);
		expect(calls.filter((call) => call.operation === "sts:GetCallerIdentity")).toHaveLength(1);
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
