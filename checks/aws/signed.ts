import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import { MalformedAnswer } from "./errors.ts";
import type { Api, AwsClient, ClientSettings, Operation } from "./operation.ts";
import { readXmlAnswer, textWithin } from "./xml-answer.ts";

/**
 * A call to a service for which there is no client package, or one that costs more than all others for a single call: Signature
 * Version 4 over plain HTTPS, answers in JSON or XML.
 */
export interface SignedRequest {
	method: "GET" | "POST";
	path: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: string;
}

export interface SignedCommand {
	name: string;
	request: SignedRequest;
}

interface SignedService {
	/** The service's name in hosts, signatures and AWS_ENDPOINT_URL_<NAME>. */
	service: string;
	/** The Region to ask where the service has only one. */
	region?: string;
	/** @default "json" */
	answers?: "json" | "xml";
}

/** An answer larger than this is no answer of these services. */
const maxOctets = 8 * 1024 * 1024;

export function signedApi(service: SignedService & { global?: boolean }) {
	const api: Api = {
		id: service.service,
		global: service.global ?? false,
		concurrency: 2,
		client: async (settings) => new SignedClient(service, settings),
		command: async (name, input) => ({ name, request: input }),
	};
	/** Declares an operation; its input is the request itself, with the members that `next` adds put where they belong by `build`. */
	return <Input extends object, Output>(
		name: string,
		build: (input: Input) => SignedRequest,
		more: { expects: readonly (keyof Output & string)[]; next(answer: Output): object | undefined },
	): Operation<Input, Output> => ({
		api: { ...api, command: async (_name, input) => ({ name, request: build(input as Input) }) satisfies SignedCommand },
		name,
		action: `${service.service}:${name}`,
		expects: more.expects,
		shared: service.global ?? false,
		pending: () => false,
		next: (answer) => more.next(answer as Output),
	});
}

/** The SDK's behaviour for these few calls: signed, timed, and tried again where AWS asks for it. */
export class SignedClient implements AwsClient {
	readonly #service: SignedService;
	readonly #settings: ClientSettings;

	constructor(service: SignedService, settings: ClientSettings) {
		this.#service = service;
		this.#settings = settings;
	}

	async send(command: unknown, { abortSignal }: { abortSignal: AbortSignal }): Promise<unknown> {
		const { request } = command as SignedCommand;
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.#once(request, abortSignal);
			} catch (error) {
				if (attempt >= this.#settings.maxAttempts || !mayTryAgain(error)) throw error;
				await wait(Math.random() * Math.min(20_000, 100 * 2 ** attempt), undefined, { signal: abortSignal });
			}
		}
	}

	destroy(): void {
		// The agents are the session's.
	}

	async #once(request: SignedRequest, abortSignal: AbortSignal): Promise<unknown> {
		const { service } = this.#service;
		const region = this.#service.region ?? this.#settings.region;
		const { SignatureV4 } = await import("@smithy/signature-v4");
		const endpoint = new URL(
			process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
				process.env.AWS_ENDPOINT_URL ||
				`https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
		);
		const signer = new SignatureV4({ service, region, credentials: this.#settings.credentials as never, sha256: Sha256 });
		const port = endpoint.port === "" ? {} : { port: Number(endpoint.port) };
		const signed = await signer.sign({
			method: request.method,
			protocol: endpoint.protocol,
			hostname: endpoint.hostname,
			...port,
			path: request.path,
			query: request.query ?? {},
			headers: { host: endpoint.host, ...request.headers },
			body: request.body,
		});
		const query = new URLSearchParams(request.query).toString();
		const handler = this.#settings.requestHandler as { requestTimeout: number; httpAgent: HttpAgent; httpsAgent: HttpsAgent };
		const signal = AbortSignal.any([abortSignal, AbortSignal.timeout(handler.requestTimeout)]);
		const url = new URL(`${request.path}${query === "" ? "" : `?${query}`}`, endpoint);
		const secure = url.protocol === "https:";
		const { request: send } = process.getBuiltinModule(secure ? "node:https" : "node:http");
		const options = { method: request.method, headers: signed.headers, signal, agent: secure ? handler.httpsAgent : handler.httpAgent };
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			send(url, options, resolve).on("error", reject).end(request.body);
		});
		return read(answer, this.#service.answers ?? "json");
	}
}

async function read(answer: IncomingMessage, form: "json" | "xml"): Promise<unknown> {
	const chunks: Buffer[] = [];
	let octets = 0;
	for await (const chunk of answer as AsyncIterable<Buffer>) {
		octets += chunk.length;
		if (octets > maxOctets) throw new MalformedAnswer("the answer is larger than any of its kind");
		chunks.push(chunk);
	}
	const status = answer.statusCode ?? 0;
	const text = Buffer.concat(chunks).toString("utf8");
	if (status >= 200 && status < 300) {
		if (form === "xml") return readXmlAnswer(text);
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed !== "object" || parsed === null) throw new MalformedAnswer("the answer is no object");
		return parsed;
	}
	const { type, message } = form === "xml" ? refusalInXml(text) : refusalIn(text);
	const header = answer.headers["x-amzn-errortype"];
	const name = String(header ?? type ?? "UnknownError")
		.split(":")[0]
		?.split("#")
		.at(-1);
	throw Object.assign(new Error(message), { name: name ?? "UnknownError", $metadata: { httpStatusCode: status } });
}

function refusalIn(text: string): { type: string | undefined; message: string } {
	try {
		const { __type: type, message, Message } = JSON.parse(text) as { __type?: string; message?: string; Message?: string };
		return { type, message: message ?? Message ?? "" };
	} catch (error) {
		if (error instanceof SyntaxError) return { type: undefined, message: "" };
		throw error;
	}
}

function refusalInXml(text: string): { type: string | undefined; message: string } {
	try {
		const answer = readXmlAnswer(text);
		return { type: textWithin(answer, "Code"), message: textWithin(answer, "Message") ?? "" };
	} catch (error) {
		if (error instanceof MalformedAnswer) return { type: undefined, message: "" };
		throw error;
	}
}

function mayTryAgain(error: unknown): boolean {
	if (!(error instanceof Error) || error.name === "MalformedAnswer" || error.name === "SyntaxError" || error.name === "AbortError") return false;
	const status = (error as Error & { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
	return status === undefined || status === 429 || status >= 500 || /throttl|toomanyrequests|limitexceeded/i.test(error.name);
}

/** SHA-256 and its HMAC in the form that the signer takes. */
class Sha256 {
	readonly #hash: Hash | Hmac;
	constructor(secret?: unknown) {
		this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Buffer);
	}
	update(data: string | Uint8Array): void {
		this.#hash.update(data);
	}
	async digest(): Promise<Uint8Array> {
		return this.#hash.digest();
	}
	reset(): void {
		throw new Error("a hash is made for each use");
	}
}
