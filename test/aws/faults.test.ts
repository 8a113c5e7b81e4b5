import { CloudFrontClient, CreateDistributionCommand } from "@aws-sdk/client-cloudfront";
import { CloudWatchLogsClient, PutDataProtectionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ConfigServiceClient, PutConfigRuleCommand, PutConformancePackCommand } from "@aws-sdk/client-config-service";
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openAws } from "../../checks/aws/open.ts";
import type { AwsRun } from "../../checks/aws/session.ts";
import type { CollectContext, Collector } from "../../checks/collectors/collector.ts";
import { collectors } from "../../checks/registry.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Evidence, Target } from "../../model/evidence.ts";
import type { ResultItem } from "../../model/result.ts";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { deniedCalls } from "../../pipeline/collect.ts";
import { now } from "../smoke/support.ts";
import { type Emulator, emulatorPresent, pointAt, startEmulator } from "../support/aws-emulator.ts";
import { startCompletingFront } from "./completing-front.ts";
import { type Fault, type Front, faults, nameOperations, startFront } from "./faulty-front.ts";
import { judgeAccount } from "./judge.ts";
import type { Loopback } from "./loopback.ts";
import { seedBad } from "./seed.ts";
import { seedEdge } from "./seed-edge.ts";
import { region } from "./seed-policies.ts";

/**
 * Every call of a full scan is answered with every fault in turn: the run ends, nothing that failed or could not be told comes out as
 * a pass, and the call is named. The list of calls is that of a scan, not one written down here.
 */
const request = { domains: [], plans: [], records: undefined, content: [], aws: { accounts: [{}], regions: ["us-east-1"] }, open: (path: string) => path };
const accountCollectors = collectors.filter((collector) => collector.target === "account");

/** Sixty seconds of silence, in a tenth of one; on a machine so busy that others are late too, in three. */
const patience = { silent: [100, 3000], answered: [10_000] };

async function open(timeoutMs = 10_000, maxAttempts = 2): Promise<AwsRun> {
	return openAws(request.aws, { timeoutMs, maxAttempts, signal: new AbortController().signal, retryMode: "standard", now: () => now });
}

async function look(run: AwsRun, only: readonly Collector[]): Promise<Evidence[]> {
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const context = { config: defaultConfig, aws: run, now: () => now, signal: new AbortController().signal, log } as unknown as CollectContext;
	const target = run.targets[0] as Target;
	const items: Evidence[] = [];
	for (const collector of only) for await (const item of collector.collect(target, context)) items.push(item);
	return items;
}

/** Rules of AWS Config, so that their results are asked for. */
async function seedRules(): Promise<void> {
	const config = new ConfigServiceClient({ region: "us-east-1" });
	const Source = { Owner: "AWS" as const, SourceIdentifier: "CLOUD_TRAIL_ENCRYPTION_ENABLED" };
	await config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName: "trails-encrypted", Source } }));
	await config.send(new PutConformancePackCommand({ ConformancePackName: "hipaa", TemplateBody: "Resources: {}" }));
}

/** What the bad account lacks and a full scan asks about: a stream, a key that may rotate, a subscription, a log group that masks, a distribution. */
async function seedSinks(): Promise<void> {
	const ExtendedS3DestinationConfiguration = { RoleARN: "arn:aws:iam::123456789012:role/stream", BucketARN: "arn:aws:s3:::mail-archive-old" };
	const stream = { DeliveryStreamName: "events", ExtendedS3DestinationConfiguration };
	await new FirehoseClient({ region }).send(new CreateDeliveryStreamCommand(stream));
	await new KMSClient({ region }).send(new CreateKeyCommand({}));
	const [TopicArn, Endpoint] = ["arn:aws:sns:us-east-1:123456789012:events", "arn:aws:lambda:us-east-1:123456789012:function:on-bounce"];
	await new SNSClient({ region }).send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }));
	const Statement = [{ DataIdentifier: ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"], Operation: { Deidentify: { MaskConfig: {} } } }];
	const policyDocument = JSON.stringify({ Name: "mask", Version: "2021-06-01", Statement });
	await new CloudWatchLogsClient({ region }).send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: "/mail/events", policyDocument }));
	await new CloudFrontClient({ region }).send(
		new CreateDistributionCommand({
			DistributionConfig: {
				CallerReference: "1",
				Comment: "",
				Enabled: true,
				Aliases: { Quantity: 1, Items: ["mta-sts.clinic.example"] },
				Origins: { Quantity: 1, Items: [{ Id: "o", DomainName: "mail-archive-old.s3.amazonaws.com", S3OriginConfig: { OriginAccessIdentity: "" } }] },
				DefaultCacheBehavior: {
					TargetOriginId: "o",
					ViewerProtocolPolicy: "allow-all",
					ForwardedValues: { QueryString: false, Cookies: { Forward: "none" } },
					MinTTL: 0,
				},
			},
		}),
	);
}

/** Nobody simulates the policies of the root user: the scan looks as one of IAM's. */
async function seedScanner(): Promise<{ AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string }> {
	const iam = new IAMClient({ region: "us-east-1" });
	await iam.send(new CreateUserCommand({ UserName: "scanner" }));
	const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "scanner" }));
	return { AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "", AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "" };
}

/**
 * The SDK tries again as it always does, and waits for nothing between two tries: a wait of seconds is one between tries, longer ones
 * are time limits.
 */
function withoutWaits(): void {
	const { setTimeout: later } = globalThis;
	const between = (ms: number) => ms > 0 && ms <= 5000;
	vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms = 0, ...rest: []) => later(run, between(ms) ? 0 : ms, ...rest)) as typeof later);
}

const keyOf = (one: ResultItem) => `${one.check} ${one.resource}`;

describe.skipIf(!emulatorPresent)("faults of AWS", () => {
	let emulator: Emulator;
	let whole: Loopback;
	let front: Front;
	let clean: { items: Map<Collector, Evidence[]>; judged: Set<string>; passing: Set<string>; target: Target; operations: Map<string, string> };
	const restore = nameOperations();

	beforeAll(async () => {
		emulator = await startEmulator();
		await seedBad();
		await seedEdge();
		await seedRules();
		await seedSinks();
		const user = await seedScanner();
		whole = await startCompletingFront(emulator.url, "arn:aws:kms:us-east-1:123456789012:key/mail");
		front = await startFront(whole.url);
		pointAt(front.url);
		Object.assign(process.env, user);
		const run = await open();
		const items = new Map<Collector, Evidence[]>();
		for (const collector of accountCollectors) items.set(collector, await look(run, [collector]));
		const target = run.targets[0] as Target;
		const results = await judgeAccount([...items.values()].flat(), target, now);
		clean = {
			items,
			target,
			judged: new Set(results.map(keyOf)),
			passing: new Set(results.filter((one) => one.status === "pass").map(keyOf)),
			operations: new Map(run.calls().map((call) => [call.operation, call.action])),
		};
		await run.close();
	}, 60_000);

	afterAll(() => {
		restore();
		front?.close();
		whole?.close();
		emulator?.stop();
	});

	afterEach(() => void vi.restoreAllMocks());

	it("calls nothing that the printed policy does not allow", () => {
		expect([...new Set(clean.operations.values())].filter((action) => !scanActions.includes(action))).toEqual([]);
		expect(clean.operations.size).toBeGreaterThan(40);
		const called = new Set(clean.operations.values());
		expect(accountCollectors.flatMap(({ iamActions }) => iamActions.filter((action) => !called.has(action)))).toEqual([]);
		const recent = ["iam:SimulatePrincipalPolicy", "account:ListRegions", "config-service:GetComplianceDetailsByConfigRule"];
		for (const operation of [...recent, "config-service:DescribeConformancePackCompliance"]) expect([...clean.operations.keys()]).toContain(operation);
	});

	it.each(faults)("%s: each call in turn turns nothing into a pass and is named", { timeout: 600_000 }, async (fault: Fault) => {
		const wrong: string[] = [];
		if (fault === "throttled" || fault === "broken") withoutWaits();
		for (const [operation, action] of clean.operations) {
			const name = operation.split(":")[1] ?? "";
			const affected = accountCollectors.filter((collector) => collector.iamActions.includes(action));
			front.fail = { operation: name, fault };
			const { seen, all, target } = await lookAt(fault, action, affected);
			front.fail = undefined;
			for (const one of await judgeAccount(all, target, now)) {
				// A resource that was out of scope comes into it where the scope cannot be told, and is judged on its own settings, which were read.
				if (one.status === "pass" && clean.judged.has(keyOf(one)) && !clean.passing.has(keyOf(one))) wrong.push(`${operation}: ${keyOf(one)} passes`);
			}
			// An empty answer may be a true one: where it is none, `expects` makes an error of it.
			if (fault !== "empty" && !deniedCalls(all).some((call) => call.call === action)) wrong.push(`${operation}: ${action} is not named`);
			if (
				fault !== "empty" &&
				seen.some((item) => item.status === "ok" && item.kind !== "listing" && item.source.call.split(", ").includes(action) && onlyOne(action))
			)
				wrong.push(`${operation}: evidence rests on a call that failed`);
		}
		expect(wrong).toEqual([]);

		async function lookAt(of: Fault, action: string, affected: readonly Collector[]) {
			for (const [turn, timeoutMs] of patience[of === "silent" ? "silent" : "answered"].entries()) {
				const run = await open(timeoutMs, of === "silent" ? 1 : 2);
				const seen = await look(run, affected);
				await run.close();
				const target = run.targets[0] as Target;
				const others = accountCollectors.filter((collector) => !affected.includes(collector)).flatMap((collector) => clean.items.get(collector) ?? []);
				const all = [...others.map((item) => moved(item, clean.target, target)), ...seen];
				const late = deniedCalls(all).some((call) => call.code === "timeout" && call.call !== action);
				if (!late || turn > 0) return { seen, all, target };
			}
			throw new Error("nothing was looked at");
		}

		function onlyOne(action: string): boolean {
			return [...clean.operations.values()].filter((other) => other === action).length === 1;
		}
	});
});

/** The target bears the account's name only where the caller could be asked. */
function moved(item: Evidence, from: Target, to: Target): Evidence {
	if (from.id === to.id) return item;
	const text = JSON.stringify(item).replaceAll(JSON.stringify(from.id).slice(1, -1), JSON.stringify(to.id).slice(1, -1));
	return JSON.parse(text) as Evidence;
}
