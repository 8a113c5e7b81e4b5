import type { NetworkInput } from "../../model/config.ts";
import { type DnsAnswer, type DnsRecord, normalizeName, type RecordType, type Resolver } from "../protocols/resolver.ts";
import { DnsCache, type Hop, lifetimeMs, maxAliases, readHop } from "./dns-cache.ts";
import { encodeQuery } from "./dns-message.ts";
import { DnsTransport, failed } from "./dns-transport.ts";
import { nameServers } from "./name-servers.ts";
import { expectOption, readNetwork } from "./network-options.ts";
import type { ResolverStats } from "./transport.ts";

export interface ResolverOptions {
	/** Ends every question with the code interrupted. */
	signal?: AbortSignal;
	/** Clock of the cache, ms. Default Date.now. */
	now?: () => number;
	/** Questions in flight at once. Default 256. */
	maxInFlight?: number;
}

export interface NetworkResolver extends Resolver {
	/**
	 * The same servers, sockets and limits, asked with the DO and CD bits: answers carry RRSIG, NSEC and NSEC3 records, and come
	 * unvalidated. With a cache of its own, so that no signature shows up in plain answers.
	 */
	readonly withSignatures: Resolver;
	readonly stats: Readonly<ResolverStats>;
	/** Ends what is in flight and closes the sockets. */
	close(): Promise<void>;
}

/**
 * A stub resolver over UDP and TCP: network.resolvers in order, else the system's. A question gets three tries of
 * network.timeoutMs.dns at each server; only then the next. Answers are cached for their TTL, and shared between callers:
 * treat them as read-only. TTLs are those first received. Never rejects; faults are answers in status "error".
 * Throws InputError with the field and what is expected there when the settings or options are wrong.
 */
export function createResolver(input: NetworkInput, options: ResolverOptions = {}): NetworkResolver {
	const network = readNetwork(input);
	const { maxInFlight, signal } = options;
	expectOption("maxInFlight", maxInFlight === undefined || (Number.isInteger(maxInFlight) && maxInFlight > 0), "a whole number from 1 on");
	expectOption("now", options.now === undefined || typeof options.now === "function", "a function that gives milliseconds, such as Date.now");
	expectOption("signal", signal === undefined || signal instanceof AbortSignal, "an AbortSignal");
	const stats: ResolverStats = { questions: 0, cacheHits: 0, coalesced: 0, udpSent: 0, tcpSent: 0, timeouts: 0, dropped: 0 };
	const transport = new DnsTransport(nameServers(network), network.timeoutMs.dns, stats, options.maxInFlight);
	const now = options.now ?? Date.now;
	const onAbort = (): void => transport.interrupt();
	if (options.signal?.aborted === true) onAbort();
	options.signal?.addEventListener("abort", onAbort, { once: true });
	const plain = new CachingClient(transport, false, now, options.signal);
	return {
		resolve: (name, type, signal) => plain.resolve(name, type, signal),
		withSignatures: new CachingClient(transport, true, now, options.signal),
		stats,
		async close() {
			options.signal?.removeEventListener("abort", onAbort);
			await transport.close();
		},
	};
}

/** The view of a resolver that returns signatures. A resolver without one (stored evidence, a map in a test) is its own. */
export function signatureResolver(resolver: Resolver): Resolver {
	return (resolver as Partial<NetworkResolver>).withSignatures ?? resolver;
}

class CachingClient implements Resolver {
	private readonly transport: DnsTransport;
	private readonly dnssec: boolean;
	private readonly now: () => number;
	private readonly ownSignal: AbortSignal | undefined;
	private readonly cache = new DnsCache();

	constructor(transport: DnsTransport, dnssec: boolean, now: () => number, ownSignal: AbortSignal | undefined) {
		this.transport = transport;
		this.dnssec = dnssec;
		this.now = now;
		this.ownSignal = ownSignal;
	}

	resolve(asked: string, type: RecordType, signal?: AbortSignal): Promise<DnsAnswer> {
		this.transport.stats.questions += 1;
		const name = normalizeName(asked);
		const known = this.hop(name, type);
		const answer = known instanceof Promise ? known.then((first) => this.follow(name, type, first)) : Promise.resolve(this.follow(name, type, known));
		return signal === undefined || signal === this.ownSignal ? answer : untilAbort(answer, signal);
	}

	private follow(name: string, type: RecordType, first: Hop): DnsAnswer | Promise<DnsAnswer> {
		return first.next === undefined ? first.answer : this.chase(name, type, first);
	}

	/** Asks for the target of an alias that the server did not follow, until there is an answer, a failure or a circle. */
	private async chase(name: string, type: RecordType, first: Hop): Promise<DnsAnswer> {
		const visited = new Set([name, ...aliasesIn(first.answer)]);
		const answers: DnsRecord[] = [...first.answer.answers];
		let hop = first;
		while (hop.next !== undefined) {
			const next = hop.next;
			visited.add(next);
			hop = await this.hop(next, type);
			const aliases = aliasesIn(hop.answer);
			const circle = hop.answer.cnameLoop === true || visited.size > maxAliases || aliases.some((alias) => visited.has(alias));
			answers.push(...hop.answer.answers);
			if (circle) return { ...hop.answer, status: "ok", answers, cnameLoop: true };
			for (const alias of aliases) visited.add(alias);
		}
		return { ...hop.answer, answers };
	}

	private hop(name: string, type: RecordType): Hop | Promise<Hop> {
		const entry = this.cache.get(name, type);
		if (entry?.promise !== undefined) {
			this.transport.stats.coalesced += 1;
			return entry.promise;
		}
		if (entry?.hop !== undefined && entry.expiresAt > this.now()) {
			this.transport.stats.cacheHits += 1;
			return entry.hop;
		}
		return this.ask(name, type);
	}

	private ask(name: string, type: RecordType): Hop | Promise<Hop> {
		const query = encodeQuery(name, type, this.dnssec);
		// A name that cannot be asked for without ambiguity is not one that is absent.
		if (query === undefined) return { answer: failed("malformed"), next: undefined };
		const entry = { promise: undefined as Promise<Hop> | undefined, hop: undefined as Hop | undefined, expiresAt: 0 };
		entry.promise = this.transport.ask(name, query).then((answer) => {
			const hop = readHop(name, type, answer);
			entry.promise = undefined;
			entry.hop = hop;
			entry.expiresAt = this.now() + lifetimeMs(hop.answer, type);
			return hop;
		});
		this.cache.set(name, type, entry);
		return entry.promise;
	}
}

/** Targets of the CNAMEs of an answer. */
function aliasesIn(answer: DnsAnswer): string[] {
	const targets: string[] = [];
	for (const record of answer.answers) if (record.type === "CNAME") targets.push(normalizeName(record.data as string));
	return targets;
}

/** The question goes on for others that wait for it; this caller gets its answer now. */
function untilAbort(answer: Promise<DnsAnswer>, signal: AbortSignal): Promise<DnsAnswer> {
	if (signal.aborted) return Promise.resolve(failed("interrupted"));
	const { promise, resolve } = Promise.withResolvers<DnsAnswer>();
	const onAbort = (): void => resolve(failed("interrupted"));
	signal.addEventListener("abort", onAbort, { once: true });
	void answer.then((value) => {
		signal.removeEventListener("abort", onAbort);
		resolve(value);
	});
	return promise;
}
