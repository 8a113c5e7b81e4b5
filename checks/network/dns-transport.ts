import type { ReasonCode } from "../../model/reasons.ts";
import type { DnsAnswer } from "../protocols/resolver.ts";
import { type Endpoint, formatEndpoint } from "./address.ts";
import type { Query } from "./dns-message.ts";
import { Lookup } from "./lookup.ts";
import { UdpServer } from "./udp-server.ts";

/** Counters of a resolver, for reports on speed and manners. */
export interface ResolverStats {
	/** Calls of resolve. */
	questions: number;
	/** Answered from the cache. */
	cacheHits: number;
	/** Joined a question already in flight. */
	coalesced: number;
	/** Datagrams sent. */
	udpSent: number;
	/** Questions repeated over TCP. */
	tcpSent: number;
	/** Attempts that ended without an answer. */
	timeouts: number;
	/** Datagrams that answered another question, or none that could be read. */
	dropped: number;
}

export interface NameServer {
	label: string;
	endpoint: Endpoint;
	udp: UdpServer;
	tcp: { open: number; line: (() => void)[] };
	/** Time of the last answer, whatever it said; performance.now() in ms. */
	answeredAt: number;
	/** Until then others are asked first: it was silent to the end, and answered nobody else meanwhile. */
	suspectUntil: number;
}

/** Questions in flight at once; further ones wait in line. */
const defaultInFlight = 256;
const suspectMs = 30_000;
/** RFC 7766 6.2.2: servers admit few connections from one client, and close what is more. */
const maxTcpPerServer = 4;

/** Sends questions to the configured servers: sockets, line of waiting questions, which server to ask first. */
export class DnsTransport {
	readonly timeoutMs: number;
	readonly stats: ResolverStats;
	/** Aborted when the run stops or the resolver is closed. */
	readonly stop = new AbortController();
	private readonly servers: readonly NameServer[];
	private readonly maxInFlight: number;
	private readonly active = new Set<Lookup>();
	private line: Lookup[] = [];
	private lineHead = 0;
	private suspects = 0;

	constructor(endpoints: readonly Endpoint[], timeoutMs: number, stats: ResolverStats, maxInFlight = defaultInFlight) {
		this.timeoutMs = timeoutMs;
		this.stats = stats;
		this.maxInFlight = maxInFlight;
		this.servers = endpoints.map((endpoint) => ({
			label: formatEndpoint(endpoint),
			endpoint,
			udp: new UdpServer(endpoint.address, endpoint.port),
			tcp: { open: 0, line: [] },
			answeredAt: Number.NEGATIVE_INFINITY,
			suspectUntil: 0,
		}));
	}

	ask(name: string, query: Query): Promise<DnsAnswer> {
		if (this.stop.signal.aborted) return Promise.resolve(failed("interrupted"));
		// connectOnly without a configured resolver: the system's may not be contacted.
		if (this.servers.length === 0) return Promise.resolve(failed("not_mapped"));
		return new Promise((resolve) => {
			const lookup = new Lookup(this, name, query, resolve);
			if (this.active.size < this.maxInFlight) this.begin(lookup);
			else this.line.push(lookup);
		});
	}

	/** Servers in the order to ask; those that seem dead come last. */
	order(): readonly NameServer[] {
		if (this.suspects === 0) return this.servers;
		const now = performance.now();
		const good = this.servers.filter((server) => server.suspectUntil <= now);
		this.suspects = this.servers.length - good.length;
		return [...good, ...this.servers.filter((server) => server.suspectUntil > now)];
	}

	isSuspect(server: NameServer): boolean {
		return server.suspectUntil > performance.now();
	}

	answered(server: NameServer): void {
		server.answeredAt = performance.now();
		server.suspectUntil = 0;
	}

	silent(server: NameServer, since: number): void {
		if (server.answeredAt >= since) return;
		server.suspectUntil = performance.now() + suspectMs;
		this.suspects += 1;
	}

	/** Makes a connection to a server when it has few enough of ours. */
	overTcp<T>({ tcp }: NameServer, exchange: () => Promise<T>): Promise<T> {
		const { promise, resolve } = Promise.withResolvers<T>();
		const begin = (): void => {
			tcp.open += 1;
			void exchange().then((reply) => {
				tcp.open -= 1;
				tcp.line.shift()?.();
				resolve(reply);
			});
		};
		if (tcp.open < maxTcpPerServer) begin();
		else tcp.line.push(begin);
		return promise;
	}

	finished(lookup: Lookup): void {
		this.active.delete(lookup);
		const next = this.line[this.lineHead];
		if (next === undefined) return;
		this.lineHead += 1;
		if (this.lineHead === this.line.length) {
			this.line = [];
			this.lineHead = 0;
		} else if (this.lineHead > 1024 && this.lineHead * 2 > this.line.length) {
			this.line = this.line.slice(this.lineHead);
			this.lineHead = 0;
		}
		this.begin(next);
	}

	/** Ends every question with the code interrupted. */
	interrupt(): void {
		this.stop.abort();
		const waiting = [...this.active, ...this.line.slice(this.lineHead)];
		this.line = [];
		this.lineHead = 0;
		for (const lookup of waiting) lookup.interrupt();
	}

	async close(): Promise<void> {
		this.interrupt();
		await Promise.all(this.servers.map((server) => server.udp.close()));
	}

	private begin(lookup: Lookup): void {
		this.active.add(lookup);
		lookup.start();
	}
}

export function failed(code: ReasonCode): DnsAnswer {
	return { status: "error", code, answers: [] };
}
