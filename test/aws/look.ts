import { Aggregator } from "../../checks/aws/aggregator.ts";
import { AwsSession } from "../../checks/aws/session.ts";
import type { CollectContext, Collector } from "../../checks/collectors/collector.ts";
import { type AggregatorConfig, defaultConfig } from "../../model/config.ts";
import type { AggregatorLook, Evidence } from "../../model/evidence.ts";

export const target = { id: "123456789012/us-east-1", type: "account" } as const;
export const now = "2026-11-24T09:00:00Z";

export interface Look {
	items: Evidence[];
	/** How often each operation was called. */
	calls: Map<string, number>;
	aggregator: AggregatorLook | undefined;
}

/**
 * What one collector sees of one account in one Region, by clients that a test has mocked; `wanted` as a scan of some checks wants it,
 * `settings` those of an aggregator in the same account.
 */
export async function lookAt(collector: Collector, wanted?: ReadonlySet<string>, settings?: AggregatorConfig): Promise<Look> {
	const signal = new AbortController().signal;
	const credentials = async () => ({ accessKeyId: "test", secretAccessKey: "test" });
	const session = new AwsSession(credentials, { signal, timeoutMs: 2000, maxAttempts: 1, retryMode: "standard" });
	const place = { account: "123456789012", region: "us-east-1", partition: "aws", regions: ["us-east-1"], first: true, now };
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const aggregator = settings && new Aggregator(session, place.account, place.region, settings);
	const opened = { session, place, recorded: aggregator?.settingsOf(session, place) };
	const context = { config: defaultConfig, aws: { open: () => opened }, now: () => now, signal, log } as unknown as CollectContext;
	if (wanted !== undefined) context.wants = (kind) => wanted.has(kind);
	const items: Evidence[] = [];
	for await (const item of collector.collect(target, context)) items.push(item);
	await session.close();
	const calls = new Map<string, number>();
	for (const { operation } of session.calls) calls.set(operation, (calls.get(operation) ?? 0) + 1);
	return { items, calls, aggregator: aggregator?.look() };
}

/** An error of AWS as the SDK throws it. */
export const refusal = (name: string, message = "made by a test") => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } });
