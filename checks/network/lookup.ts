import type { ReasonCode } from "../../model/reasons.ts";
import type { DnsAnswer, DnsRecord, Rcode } from "../protocols/resolver.ts";
import { isTruncated, matchReply, packetOf, type Query, replyFlags, replyId, replyRcode } from "./dns-message.ts";
import { decodeSections, MalformedMessage } from "./dns-sections.ts";
import { randomId } from "./random-id.ts";
import { askOverTcp } from "./tcp-exchange.ts";
import type { NameServer, Transport } from "./transport.ts";
import type { DatagramWaiter, PooledSocket, Ticket } from "./udp-server.ts";

/** A first try and two retries per server, each with a new id and a new port. */
const triesPerServer = 3;

/** From the failure that says most to the one that says least; when servers fail in different ways the first found is told. */
const weight: readonly ReasonCode[] = ["servfail", "refused", "upstream_error", "truncated", "malformed", "timeout", "unreachable"];

/** One question on its way: tries, servers, TCP, and at the end one answer. */
export class Lookup implements DatagramWaiter {
	private readonly transport: Transport;
	private readonly name: string;
	private readonly query: Query;
	private readonly done: (answer: DnsAnswer) => void;
	private servers: readonly NameServer[] = [];
	private serverIndex = 0;
	private tries = 0;
	private tcpTries = 0;
	private edns = true;
	private ticket: Ticket | undefined;
	private lastSocket: PooledSocket | undefined;
	private timer: NodeJS.Timeout | undefined;
	private failure: DnsAnswer | undefined;
	/** A message under our id came that was too short to tell which question it answers. */
	private sawUnreadable = false;
	private startedAt = 0;
	private finished = false;

	constructor(transport: Transport, name: string, query: Query, done: (answer: DnsAnswer) => void) {
		this.transport = transport;
		this.name = name;
		this.query = query;
		this.done = done;
	}

	start(): void {
		this.servers = this.transport.order();
		this.startedAt = performance.now();
		this.try();
	}

	interrupt(): void {
		this.finish({ status: "error", code: "interrupted", answers: [] });
	}

	packet(id: number): Buffer {
		return packetOf(this.query, id, this.edns);
	}

	onDatagram(octets: Buffer): void {
		const match = matchReply(octets, this.query);
		if (match === "match") {
			this.stopWaiting();
			this.transport.answered(this.server());
			if (isTruncated(octets)) this.overTcp();
			else this.judge(octets);
			return;
		}
		this.transport.stats.dropped += 1;
		if (match === "other") return;
		// Servers from before EDNS may return the bare header. Asking again without EDNS is all that a forger could reach by it.
		if (this.edns && isBareFormatError(octets)) {
			this.stopWaiting();
			this.edns = false;
			this.try();
			return;
		}
		this.sawUnreadable = true;
	}

	onSocketFailure(code: ReasonCode): void {
		this.stopWaiting();
		this.note(code);
		// What refuses or cannot be reached will do so again at once: no retry here.
		this.nextServer();
	}

	private server(): NameServer {
		return this.servers[this.serverIndex] as NameServer;
	}

	private try(): void {
		this.tries += 1;
		this.transport.stats.udpSent += 1;
		// The timer first: sending can fail at once.
		this.timer = setTimeout(onTimeout, this.transport.timeoutMs, this);
		this.ticket = this.server().udp.send(this, this.lastSocket);
	}

	timedOut(): void {
		this.stopWaiting();
		this.transport.stats.timeouts += 1;
		this.note(this.sawUnreadable ? "malformed" : "timeout");
		const server = this.server();
		// A server that answers nobody is not given all the tries again for every question.
		if (this.tries < triesPerServer && !this.transport.isSuspect(server)) {
			this.try();
			return;
		}
		this.transport.silent(server, this.startedAt);
		this.nextServer();
	}

	private stopWaiting(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		if (this.ticket === undefined) return;
		this.server().udp.release(this.ticket);
		this.lastSocket = this.ticket.socket;
		this.ticket = undefined;
	}

	private judge(octets: Buffer): void {
		const rcode = replyRcode(octets);
		if (rcode !== "NOERROR" && rcode !== "NXDOMAIN") {
			this.refused(rcode, octets);
			return;
		}
		let answer: DnsAnswer | undefined;
		try {
			answer = this.decode(octets, rcode);
		} catch (error) {
			if (!(error instanceof MalformedMessage)) throw error;
			this.note("malformed", octets, rcode);
			if (this.tries < triesPerServer) this.try();
			else this.nextServer();
			return;
		}
		if (answer === undefined) {
			this.note("upstream_error", octets, rcode);
			this.nextServer();
			return;
		}
		this.finish(answer);
	}

	/** Undefined for what is no answer though it says NOERROR: extended error codes, and referrals of servers that do not recurse. */
	private decode(octets: Buffer, rcode: Rcode): DnsAnswer | undefined {
		const { answers, authorities, extendedRcode } = decodeSections(octets, this.name, this.query.plainLength);
		if (extendedRcode !== 0) return undefined;
		const flags = replyFlags(octets);
		if (rcode === "NOERROR" && answers.length === 0 && isReferral(authorities, flags)) return undefined;
		return { status: "ok", rcode, answers, authorities, server: this.server().label, flags };
	}

	private refused(rcode: Rcode | undefined, octets: Buffer): void {
		if (rcode === "FORMERR" && this.edns) {
			this.edns = false;
			this.try();
			return;
		}
		this.note(rcode === "SERVFAIL" ? "servfail" : rcode === "REFUSED" ? "refused" : "upstream_error", octets, rcode);
		// Alone, a server gets one second chance; with others, they are the second chance.
		if (this.servers.length === 1 && this.tries < 2) this.try();
		else this.nextServer();
	}

	private overTcp(): void {
		const { transport } = this;
		const server = this.server();
		const id = randomId();
		this.tcpTries += 1;
		const octets = this.packet(id);
		const accept = (message: Buffer): boolean => replyId(message) === id && matchReply(message, this.query) === "match";
		const exchange = () => {
			transport.stats.tcpSent += 1;
			return askOverTcp({ ...server.endpoint, octets, timeoutMs: transport.timeoutMs, signal: transport.stop.signal, accept });
		};
		void transport.overTcp(server, exchange).then((reply) => {
			if (this.finished) return;
			if (reply.ok && !isTruncated(reply.octets)) {
				this.judge(reply.octets);
				return;
			}
			// A busy server closes connections; one that is silent or answers nothing but TC gets no second one.
			if (!reply.ok && !reply.silent && this.tcpTries < 2) {
				this.overTcp();
				return;
			}
			this.note("truncated");
			this.nextServer();
		});
	}

	private nextServer(): void {
		this.serverIndex += 1;
		this.tries = 0;
		this.tcpTries = 0;
		this.edns = true;
		if (this.serverIndex < this.servers.length) this.try();
		else this.finish(this.failure ?? { status: "error", code: "timeout", answers: [] });
	}

	private note(code: ReasonCode, octets?: Buffer, rcode?: Rcode): void {
		const before = this.failure?.code;
		if (before !== undefined && weight.indexOf(before) <= weight.indexOf(code)) return;
		this.failure = { status: "error", code, answers: [], server: this.server().label };
		if (rcode !== undefined) this.failure.rcode = rcode;
		if (octets !== undefined) this.failure.flags = replyFlags(octets);
	}

	private finish(answer: DnsAnswer): void {
		if (this.finished) return;
		this.finished = true;
		this.stopWaiting();
		this.done(answer);
	}
}

function onTimeout(lookup: Lookup): void {
	lookup.timedOut();
}

function isBareFormatError(octets: Buffer): boolean {
	return octets.length === 12 && ((octets[2] as number) & 0x80) !== 0 && replyRcode(octets) === "FORMERR";
}

/** RFC 2308 2.2: NS without SOA from a server that is not the authority points elsewhere; it does not say that there is nothing. */
function isReferral(authorities: readonly DnsRecord[], flags: readonly string[]): boolean {
	if (flags.includes("AA") || flags.includes("RA")) return false;
	return authorities.some((record) => record.type === "NS") && !authorities.some((record) => record.type === "SOA");
}
