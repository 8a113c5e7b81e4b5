import type { ReasonCode } from "../../../model/reasons.ts";
import type { Connector } from "../../network/connector.ts";
import { type DnsAnswer, type Resolver, recordsOf, txtStrings } from "../resolver.ts";
import { exchangeHttps, type HttpsExchange } from "./https-exchange.ts";
import { parseMtaStsRecord } from "./parse-record.ts";
import { policyDomain } from "./policy-domain.ts";

/** Everything that was seen on the way to a policy, unjudged and in JSON's own types. judgeMtaStsFetch says what it means. */
export interface MtaStsFetch {
	/** mta-sts.<domain>. */
	host: string;
	/**
	 * no_record: no single valid record at _mta-sts, so no policy is fetched. no_host: the policy host positively has no
	 * address. cname_loop: it is an alias of itself. answered: an HTTP answer was read. failed: could not look, see `error`.
	 */
	outcome: "no_record" | "no_host" | "cname_loop" | "answered" | "failed";
	recordId: string | null;
	recordError: string | null;
	/** The address that answered or was tried last. */
	address: string | null;
	httpStatus: number | null;
	contentType: string | null;
	location: string | null;
	/** Octets of `body`. */
	bytes: number;
	/** latin1: one code point per octet. Null when no body was read. */
	body: string | null;
	/** There was more than 64 KiB, the rest was not read. */
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

const maxAddresses = 8;
const connectionsPerAddress = 4;
const serverErrorWaitMs = 250;

/** Looks the record and the host up and asks for the policy (RFC 8461 3.3). Never rejects for what the outside world does. */
export async function fetchMtaStsRaw(domain: string, context: FetchContext): Promise<MtaStsFetch> {
	const name = policyDomain(domain);
	if (name === undefined) return { ...nothing(`mta-sts.${domain}`), recordError: "not a domain name" };
	const fetch = nothing(`mta-sts.${name}`);
	const recordName = `_mta-sts.${name}`;
	const answer = await context.resolver.resolve(recordName, "TXT", context.signal);
	if (answer.status === "error") return failed(fetch, answer.code ?? "servfail", `TXT ${recordName}`, "the record could not be looked up");
	if (answer.cnameLoop === true) return { ...fetch, outcome: "cname_loop", recordError: `${recordName} is an alias that leads back to itself` };
	const record = parseMtaStsRecord(txtStrings(answer));
	if (!record.valid) return { ...fetch, recordError: record.error ?? "invalid" };
	fetch.recordId = record.id ?? null;

	const addresses = await lookUpHost(fetch, context);
	if (!Array.isArray(addresses)) return addresses;
	const work = () => fetchFrom(fetch, addresses, context);
	return context.limit === undefined ? work() : context.limit(`https|${addresses[0] ?? fetch.host}`, connectionsPerAddress, work);
}

async function lookUpHost(fetch: MtaStsFetch, context: FetchContext): Promise<string[] | MtaStsFetch> {
	const [v4, v6] = await Promise.all([context.resolver.resolve(fetch.host, "A", context.signal), context.resolver.resolve(fetch.host, "AAAA", context.signal)]);
	const addresses = [...new Set([...addressesOf(v4, "A"), ...addressesOf(v6, "AAAA")])];
	if (addresses.length > 0) return addresses.slice(0, maxAddresses);
	for (const [type, answer] of [
		["A", v4],
		["AAAA", v6],
	] as const) {
		if (answer.status === "error") return failed(fetch, answer.code ?? "servfail", `${type} ${fetch.host}`, "the policy host could not be looked up");
	}
	return { ...fetch, outcome: v4.cnameLoop === true || v6.cnameLoop === true ? "cname_loop" : "no_host" };
}

function addressesOf(answer: DnsAnswer, type: "A" | "AAAA"): string[] {
	if (answer.status === "error" || answer.cnameLoop === true) return [];
	return recordsOf(answer, type).flatMap((record) => (typeof record.data === "string" ? [record.data] : []));
}

/** All connections share one time limit (network.timeoutMs.https): a minute, as RFC 8461 3.3 suggests. */
async function fetchFrom(fetch: MtaStsFetch, addresses: readonly string[], context: FetchContext): Promise<MtaStsFetch> {
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
			const exchange = await ask(fetch, address, timeoutMs, context, signal, () => (context.signal.aborted ? "interrupted" : "timeout"));
			if ("connectFailure" in exchange) {
				firstFailure ??= exchange.connectFailure;
				if (signal.aborted) break;
				continue;
			}
			return record(fetch, await retried(fetch, address, exchange, endsAt, context, signal));
		}
		const failure = context.signal.aborted ? { code: "interrupted" as const, message: "the run was stopped" } : firstFailure;
		return failed(fetch, failure?.code ?? "timeout", connectDetail(fetch, context), failure?.message ?? "no address could be tried in time");
	} finally {
		clearTimeout(timer);
	}
}

/** A 5xx is asked again once: a restart or a busy backend is no verdict on the policy. */
async function retried(
	fetch: MtaStsFetch,
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
	const second = await ask(fetch, address, timeoutMs, context, signal, () => (context.signal.aborted ? "interrupted" : "timeout"));
	return "connectFailure" in second || second.httpStatus === null ? first : second;
}

async function ask(
	fetch: MtaStsFetch,
	address: string,
	timeoutMs: number,
	context: FetchContext,
	signal: AbortSignal,
	abortCode: () => ReasonCode,
): Promise<HttpsExchange | { connectFailure: { code: ReasonCode; message: string } }> {
	const { connector } = context;
	const connected = await connector.connect(address, connector.network.ports.https, { timeoutMs, signal });
	if (!connected.ok) {
		// The connector sees one signal for the run and for our time limit.
		const code = connected.code === "interrupted" ? abortCode() : connected.code;
		fetch.attempts.push({ address, code, httpStatus: null });
		return { connectFailure: { code, message: connected.message } };
	}
	const exchange = await exchangeHttps(connected.socket, fetch.host, signal, abortCode);
	fetch.attempts.push({ address, code: exchange.failure?.code ?? null, httpStatus: exchange.httpStatus });
	return exchange;
}

function record(fetch: MtaStsFetch, exchange: HttpsExchange): MtaStsFetch {
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
		error: failure === null ? null : { code: failure.code, detail: `https://${fetch.host} at ${fetch.address}`, message: failure.message },
	};
}

function nothing(host: string): MtaStsFetch {
	return {
		host,
		outcome: "no_record",
		recordId: null,
		recordError: null,
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

function failed(fetch: MtaStsFetch, code: ReasonCode, detail: string, message: string): MtaStsFetch {
	return { ...fetch, outcome: "failed", error: { code, detail, message } };
}

function connectDetail(fetch: MtaStsFetch, context: FetchContext): string {
	return `${fetch.attempts.map((attempt) => attempt.address).join(", ")} port ${context.connector.network.ports.https}`;
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
