import type { Endpoint } from "./address.ts";
import type { TcpReply } from "./tcp-exchange.ts";
import type { UdpServer } from "./udp-server.ts";

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

/** Connections to one server, and who waits for one. */
interface TcpLine {
	open: number;
	/** Time of the last answer; performance.now() in ms. */
	answeredAt: number;
	waiting: { begin(): void; giveUp(): void }[];
}

export interface NameServer {
	label: string;
	endpoint: Endpoint;
	udp: UdpServer;
	tcp: TcpLine;
	/** Time of the last answer, whatever it said; performance.now() in ms. */
	answeredAt: number;
	/** Until then others are asked first: it was silent to the end, and answered nobody else meanwhile. */
	suspectUntil: number;
}

/** What a question on its way needs of the sockets and of what is known of the servers. */
export interface Transport {
	readonly timeoutMs: number;
	readonly stats: ResolverStats;
	/** Aborted when the run stops or the resolver is closed. */
	readonly stop: AbortController;
	/** Servers in the order to ask; those that seem dead come last. */
	order(): readonly NameServer[];
	isSuspect(server: NameServer): boolean;
	answered(server: NameServer): void;
	/** `since`: when the question was first asked, performance.now() in ms. */
	silent(server: NameServer, since: number): void;
	/** Makes a connection to a server when it has few enough of ours. */
	overTcp(server: NameServer, exchange: () => Promise<TcpReply>): Promise<TcpReply>;
}
