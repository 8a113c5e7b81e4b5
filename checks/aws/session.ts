import { setTimeout as wait } from "node:timers/promises";
import pLimit from "p-limit";
import type { AccountLook, AggregatorLook, Target } from "../../model/evidence.ts";
import { awsAgents } from "./agents.ts";
import type { RecordedSettings } from "./aggregator.ts";
import { MalformedAnswer, RegionNotEnabled } from "./errors.ts";
import type { Api, AwsClient, Operation } from "./operation.ts";
import type { Place } from "./table.ts";

/** No service of AWS needs more pages than this for one account; a server that gives them is not AWS. */
const maxPages = 10_000;

/** Calls that one account has open at once, over all services: each service has a limit of its own below it. */
const callsPerAccount = 32;

/** How calls are made. */
export interface CallOptions {
	signal: AbortSignal;
	/** How long one try of a call may take. */
	timeoutMs: number;
	/** Tries of a call, the first included. */
	maxAttempts: number;
	/** `adaptive` slows down where AWS throttles. */
	retryMode: "adaptive" | "standard";
}

export interface SentCall {
	action: string;
	operation: string;
	region: string;
}

/** AWS writes a credential report within seconds: half a minute of asking is enough. */
const longestWaitMs = 16_000;

/** An answer that stays "not ready yet". */
class NotReady extends Error {
	override readonly name = "TimeoutError";
}

/** One account as one identity sees it: clients, limits, and what was called. */
export class AwsSession {
	readonly credentials: unknown;
	/** Every call made, in order; the scanner's policy is held against it. */
	readonly calls: SentCall[] = [];
	readonly #options: CallOptions;
	readonly #clients = new Map<string, Promise<AwsClient>>();
	readonly #limits = new Map<string, ReturnType<typeof pLimit>>();
	readonly #answers = new Map<string, Promise<unknown>>();
	readonly #requestHandler: unknown;
	readonly #all = pLimit(callsPerAccount);
	readonly #notEnabled = new Set<string>();
	#refusal: Error | undefined;

	constructor(credentials: unknown, options: CallOptions) {
		this.credentials = credentials;
		this.#options = options;
		this.#requestHandler = {
			connectionTimeout: Math.min(options.timeoutMs, 10_000),
			requestTimeout: options.timeoutMs,
			socketTimeout: options.timeoutMs,
			throwOnRequestTimeout: true,
			...awsAgents(),
		};
	}

	/**
	 * Calls an operation once, retries aside. Answers that several tables rest on, and those of services that speak for the account as a
	 * whole, are kept: every reader sees the same one. Throws what the SDK throws.
	 */
	send<Input, Output>(operation: Operation<Input, Output>, input: Input, region: string): Promise<Output> {
		if (!operation.shared) return this.#call(operation, input, region);
		const key = `${operation.api.id}:${operation.name} ${operation.api.global ? "" : region} ${JSON.stringify(input)}`;
		let answer = this.#answers.get(key);
		if (answer === undefined) {
			answer = this.#call(operation, input, region);
			this.#answers.set(key, answer);
		}
		return answer as Promise<Output>;
	}

	/** All pages of a call, in order. Throws MalformedAnswer where a page lacks what every page holds, or where the pages never end. */
	async *pages<Input, Output>(operation: Operation<Input, Output>, input: Input, region: string): AsyncGenerator<Output> {
		const asked = new Set<string>();
		let more: object | undefined = {};
		for (let page = 0; page < maxPages; page++) {
			const answer: Output = await this.send(operation, { ...input, ...more }, region);
			for (const member of operation.expects)
				if ((answer as Record<string, unknown>)[member] === undefined) throw new MalformedAnswer(`the answer holds no ${member}`);
			yield answer;
			more = operation.next(answer);
			if (more === undefined) return;
			const question = JSON.stringify(more);
			if (asked.has(question)) throw new MalformedAnswer("the pages lead back to an earlier one");
			asked.add(question);
		}
		throw new MalformedAnswer(`there are more than ${maxPages} pages`);
	}

	/** Answers every call to come with an error: AWS did not say whose account this is. */
	refuse(error: Error): void {
		this.#refusal = error;
	}

	/** Answers every call to these Regions so: AWS itself would answer there as if the credentials were wrong. */
	closeRegions(regions: readonly string[]): void {
		for (const region of regions) this.#notEnabled.add(region);
	}

	async close(): Promise<void> {
		for (const client of await Promise.allSettled(this.#clients.values())) if (client.status === "fulfilled") client.value.destroy();
	}

	#call<Input, Output>(operation: Operation<Input, Output>, input: Input, region: string): Promise<Output> {
		if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
		const { api, name, action } = operation;
		if (!api.global && this.#notEnabled.has(region)) return Promise.reject(new RegionNotEnabled(`the account has not enabled ${region}`));
		let limit = this.#limits.get(api.id);
		if (limit === undefined) {
			limit = pLimit(api.concurrency);
			this.#limits.set(api.id, limit);
		}
		const send = async (): Promise<Output> => {
			const { signal } = this.#options;
			signal.throwIfAborted();
			const client = await this.#client(api, region);
			for (let waitMs = 250; ; waitMs *= 2) {
				this.calls.push({ action, operation: `${api.id}:${name}`, region });
				const answer = (await client.send(await api.command(name, input), { abortSignal: signal })) as Output;
				if (!operation.pending(answer)) return answer;
				if (waitMs > longestWaitMs) throw new NotReady(`${name} was not ready in time`);
				await wait(waitMs, undefined, { signal });
			}
		};
		return limit(() => this.#all(send));
	}

	#client(api: Api, region: string): Promise<AwsClient> {
		const key = `${api.id} ${region}`;
		let client = this.#clients.get(key);
		if (client === undefined) {
			const { maxAttempts, retryMode } = this.#options;
			client = api.client({ region, credentials: this.credentials, maxAttempts, retryMode, requestHandler: this.#requestHandler, logger: silent });
			this.#clients.set(key, client);
		}
		return client;
	}
}

/** The SDK would log inputs and outputs at debug level: nothing of an answer gets into a log. */
const ignore = (): void => undefined;
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** The accounts of a run: from a target to the session that looks at it. */
export interface AwsRun {
	targets: readonly Target[];
	/** Who looks, of the first account that answered; null if none did. */
	caller: { account: string; arn: string } | null;
	/** Each account with what is known of it before it is looked at; members of an organization that are not looked at, too. */
	accounts: readonly AccountLook[];
	/** Aggregators of AWS Config and what became of them. */
	aggregators(): AggregatorLook[];
	open(target: Target): { session: AwsSession; place: Place; recorded?: RecordedSettings | undefined } | undefined;
	/** Every call made, account by account. */
	calls(): SentCall[];
	close(): Promise<void>;
}
