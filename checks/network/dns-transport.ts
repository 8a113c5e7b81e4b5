import type { ReasonCode } from "../../model/reasons.ts";
import type { DnsAnswer } from "../protocols/resolver.ts";
import { type Endpoint, formatEndpoint } from "./address.ts";
import type { Query } from "./dns-message.ts";
import { Lookup } from "./lookup.ts";
import type { TcpReply } from "./tcp-exchange.ts";
import type { NameServer, ResolverStats, Transport } from "./transport.ts";
import { UdpServer } from "./udp-server.ts";

/** Questions in flight at once; further ones wait in line. */
const defaultInFlight = 256;
const suspectMs = 30_000;
/** RFC 7766 6.2.2: servers admit few connections from one client, and close what is more. */
const maxTcpPerServer = 4;

/** Sends questions to the configured servers: sockets, line of waiting questions, which server to ask first. */
export class DnsTransport implements Transport {
	readonly timeoutMs: number;
	readonly stats: ResolverStats;
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
			tcp: { open: 0, answeredAt: Number.NEGATIVE_INFINITY, waiting: [] },
			answeredAt: Number.NEGATIVE_INFINITY,
			suspectUntil: 0,
		}));
	}

	ask(name: string, query: Query): Promise<DnsAnswer> {
		if (this.stop.signal.aborted) return Promise.resolve(failed("interrupted"));
		// connectOnly without a configured resolver: the system's may not be contacted.
		if (this.servers.length === 0) return Promise.resolve(failed("not_mapped"));
		return new Promise((resolve) => {
			const lookup: Lookup = new Lookup(this, name, query, (answer) => {
				this.finished(lookup);
				resolve(answer);
			});
			if (this.active.size < this.maxInFlight) this.begin(lookup);
			else this.line.push(lookup);
		});
	}

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

	overTcp({ tcp }: NameServer, exchange: () => Promise<TcpReply>): Promise<TcpReply> {
		const { promise, resolve } = Promise.withResolvers<TcpReply>();
		const begin = (): void => {
			tcp.open += 1;
			const began = performance.now();
			void exchange().then((reply) => {
				tcp.open -= 1;
				if (reply.ok) tcp.answeredAt = performance.now();
				resolve(reply);
				// Where TCP is filtered each would wait in vain, a few at a time; and after the stop nobody is contacted.
				const isDead = !reply.ok && reply.silent && tcp.answeredAt < began;
				if (isDead || this.stop.signal.aborted) for (const one of tcp.waiting.splice(0)) one.giveUp();
				else tcp.waiting.shift()?.begin();
			});
		};
		if (tcp.open < maxTcpPerServer) begin();
		else tcp.waiting.push({ begin, giveUp: () => resolve({ ok: false, silent: true }) });
		return promise;
	}

	private finished(lookup: Lookup): void {
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
