import pLimit from "p-limit";
import type { Target } from "../../model/evidence.ts";
import { awsAgents } from "./agents.ts";
import type { Api, AwsClient, Operation } from "./operation.ts";
import type { Place } from "./table.ts";

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

	/** Answers every call to come with an error: AWS did not say whose account this is. */
	refuse(error: Error): void {
		this.#refusal = error;
	}

	async close(): Promise<void> {
		for (const client of await Promise.allSettled(this.#clients.values())) if (client.status === "fulfilled") client.value.destroy();
	}

	#call<Input, Output>(operation: Operation<Input, Output>, input: Input, region: string): Promise<Output> {
		if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
		const { api, name, action } = operation;
		let limit = this.#limits.get(api.id);
		if (limit === undefined) {
			limit = pLimit(api.concurrency);
			this.#limits.set(api.id, limit);
		}
		return limit(async () => {
			const { signal } = this.#options;
			signal.throwIfAborted();
			const client = await this.#client(api, region);
			this.calls.push({ action, operation: `${api.id}:${name}`, region });
			return (await client.send(await api.command(name, input), { abortSignal: signal })) as Output;
		});
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
	open(target: Target): { session: AwsSession; place: Place } | undefined;
	/** Every call made, account by account. */
	calls(): SentCall[];
	close(): Promise<void>;
}
