import { isIP } from "node:net";
import type { ReasonCode } from "../../../model/reasons.ts";
import type { Connector } from "../../network/connector.ts";
import { type DnsAnswer, type Resolver, recordsOf } from "../resolver.ts";
import { exchangeHttps, type HttpsExchange, type HttpsRequest } from "./exchange.ts";

/** Everything that was seen of one GET, unjudged and in JSON's own types. */
export interface HttpsFetch {
	/**
	 * no_host: the host positively has no address. cname_loop: it is an alias of itself. answered: an HTTP answer was read.
	 * failed: could not look, see `error`.
	 */
	outcome: "no_host" | "cname_loop" | "answered" | "failed";
	/** The address that answered or was tried last. */
	address: string | null;
	httpStatus: number | null;
	contentType: string | null;
	location: string | null;
	/** Octets of `body`. */
	bytes: number;
	/** latin1: one code point per octet. Null when no body was read. */
	body: string | null;
	/** There was more than the limit, the rest was not read. */
	truncated: boolean;
	/** Base64 DER as served, leaf first. */
	chain: string[];
	error: { code: ReasonCode; detail: string; message: string } | null;
	/** Connections in order; code is null when an answer came. */
	attempts: { address: string; code: ReasonCode | null; httpStatus: number | null }[];
}

export interface FetchContext {
	resolver: Resolver;
	connector: Connector;
	signal: AbortSignal;
	/** Runs the connections to one address under a limit; the time limit starts when they do. */
	limit?<T>(key: string, perKey: number, work: () => Promise<T>): Promise<T>;
}

/** An HTTPS request with the port to connect to; network.ports.https unless the URI names one. */
export interface HttpsTarget extends HttpsRequest {
	port?: number | undefined;
}

const maxAddresses = 8;
const connectionsPerAddress = 4;
const serverErrorWaitMs = 250;

/** Looks the host up, connects to an address that the connector admits, and asks once; redirects are not followed. Never rejects for what the outside world does. */
export async function fetchOverHttps(target: HttpsTarget, context: FetchContext): Promise<HttpsFetch> {
	const fetch = nothingFetched();
	const addresses = isIP(target.host) === 0 ? await lookUpHost(target.host, context) : [target.host];
	if (!Array.isArray(addresses)) return { ...fetch, ...addresses };
	const work = () => fetchFrom(fetch, target, addresses, context);
	return context.limit === undefined ? work() : context.limit(`https|${addresses[0] ?? target.host}`, connectionsPerAddress, work);
}

async function lookUpHost(host: string, context: FetchContext): Promise<string[] | Pick<HttpsFetch, "outcome" | "error">> {
	const [v4, v6] = await Promise.all([context.resolver.resolve(host, "A", context.signal), context.resolver.resolve(host, "AAAA", context.signal)]);
	const addresses = [...new Set([...addressesOf(v4, "A"), ...addressesOf(v6, "AAAA")])];
	if (addresses.length > 0) return addresses.slice(0, maxAddresses);
	for (const [type, answer] of [
		["A", v4],
		["AAAA", v6],
	] as const) {
		if (answer.status === "error") return failed(answer.code ?? "servfail", `${type} ${host}`, `${host} could not be looked up`);
	}
	return { outcome: v4.cnameLoop === true || v6.cnameLoop === true ? "cname_loop" : "no_host", error: null };
}

function addressesOf(answer: DnsAnswer, type: "A" | "AAAA"): string[] {
	if (answer.status === "error" || answer.cnameLoop === true) return [];
	return recordsOf(answer, type).flatMap((record) => (typeof record.data === "string" ? [record.data] : []));
}

/** All connections share one time limit (network.timeoutMs.https): a minute, as RFC 8461 3.3 suggests. */
async function fetchFrom(fetch: HttpsFetch, target: HttpsTarget, addresses: readonly string[], context: FetchContext): Promise<HttpsFetch> {
	const limitMs = context.connector.network.timeoutMs.https;
	const endsAt = performance.now() + limitMs;
	const deadline = new AbortController();
	const timer = setTimeout(() => deadline.abort(), limitMs);
	const signal = AbortSignal.any([context.signal, deadline.signal]);
	try {
		let firstFailure: { code: ReasonCode; message: string } | undefined;
		for (const [index, address] of addresses.entries()) {
			const remaining = endsAt - performance.now();
			// A silent first address must leave time for the next ones.
			const timeoutMs = Math.max(1, Math.floor(remaining / (addresses.length - index)));
			fetch.address = address;
			const exchange = await ask(fetch, target, address, timeoutMs, context, signal, () => (context.signal.aborted ? "interrupted" : "timeout"));
			if ("connectFailure" in exchange) {
				firstFailure ??= exchange.connectFailure;
				if (signal.aborted) break;
				continue;
			}
			return record(fetch, target, await retried(fetch, target, address, exchange, endsAt, context, signal));
		}
		const failure = context.signal.aborted ? { code: "interrupted" as const, message: "the run was stopped" } : firstFailure;
		return { ...fetch, ...failed(failure?.code ?? "timeout", connectDetail(fetch, target, context), failure?.message ?? "no address could be tried in time") };
	} finally {
		clearTimeout(timer);
	}
}

/** A 5xx is asked again once: a restart or a busy backend is no verdict on the policy. */
async function retried(
	fetch: HttpsFetch,
	target: HttpsTarget,
	address: string,
	first: HttpsExchange,
	endsAt: number,
	context: FetchContext,
	signal: AbortSignal,
): Promise<HttpsExchange> {
	if (first.httpStatus === null || first.httpStatus < 500 || first.failure !== null) return first;
	await wait(serverErrorWaitMs, signal);
	if (signal.aborted) return first;
	const timeoutMs = Math.max(1, Math.floor(endsAt - performance.now()));
	const second = await ask(fetch, target, address, timeoutMs, context, signal, () => (context.signal.aborted ? "interrupted" : "timeout"));
	return "connectFailure" in second || second.httpStatus === null ? first : second;
}

async function ask(
	fetch: HttpsFetch,
	target: HttpsTarget,
	address: string,
	timeoutMs: number,
	context: FetchContext,
	signal: AbortSignal,
	abortCode: () => ReasonCode,
): Promise<HttpsExchange | { connectFailure: { code: ReasonCode; message: string } }> {
	const { connector } = context;
	const connected = await connector.connect(address, target.port ?? connector.network.ports.https, { timeoutMs, signal, host: target.host });
	if (!connected.ok) {
		// The connector sees one signal for the run and for our time limit.
		const code = connected.code === "interrupted" ? abortCode() : connected.code;
		fetch.attempts.push({ address, code, httpStatus: null });
		return { connectFailure: { code, message: connected.message } };
	}
	const exchange = await exchangeHttps(connected.socket, target, signal, abortCode);
	fetch.attempts.push({ address, code: exchange.failure?.code ?? null, httpStatus: exchange.httpStatus });
	return exchange;
}

function record(fetch: HttpsFetch, target: HttpsTarget, exchange: HttpsExchange): HttpsFetch {
	const { failure } = exchange;
	return {
		...fetch,
		outcome: failure === null ? "answered" : "failed",
		httpStatus: exchange.httpStatus,
		contentType: exchange.contentType,
		location: exchange.location,
		bytes: exchange.body?.length ?? 0,
		body: exchange.body?.toString("latin1") ?? null,
		truncated: exchange.truncated,
		chain: exchange.chain.map((der) => Buffer.from(der).toString("base64")),
		error: failure === null ? null : { code: failure.code, detail: `https://${target.host} at ${fetch.address}`, message: failure.message },
	};
}

/** A request that was not made. */
export function nothingFetched(): HttpsFetch {
	return {
		outcome: "failed",
		address: null,
		httpStatus: null,
		contentType: null,
		location: null,
		bytes: 0,
		body: null,
		truncated: false,
		chain: [],
		error: null,
		attempts: [],
	};
}

function failed(code: ReasonCode, detail: string, message: string): Pick<HttpsFetch, "outcome" | "error"> {
	return { outcome: "failed", error: { code, detail, message } };
}

function connectDetail(fetch: HttpsFetch, target: HttpsTarget, context: FetchContext): string {
	return `${fetch.attempts.map((attempt) => attempt.address).join(", ")} port ${target.port ?? context.connector.network.ports.https}`;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const done = (): void => {
		clearTimeout(timer);
		signal.removeEventListener("abort", done);
		resolve();
	};
	const timer = setTimeout(done, ms);
	signal.addEventListener("abort", done, { once: true });
	if (signal.aborted) done();
	return promise;
}
