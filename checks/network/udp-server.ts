import { createSocket, type Socket } from "node:dgram";
import type { ReasonCode } from "../../model/reasons.ts";
import { replyId } from "./dns-message.ts";
import { randomId } from "./random-id.ts";

/** What waits for a datagram: told of every datagram that carries its id until it is released, and of a failure of its socket. */
export interface DatagramWaiter {
	/** The octets to send under an id. */
	packet(id: number): Buffer;
	onDatagram(octets: Buffer): void;
	onSocketFailure(code: ReasonCode): void;
}

/** A waiter's place: hand it to `release` when it no longer waits. */
export interface Ticket {
	socket: PooledSocket;
	id: number;
}

/** Sockets per server. Each has a port that the system picks; a question takes one at random (RFC 5452 9.2). */
const socketsPerServer = 8;
/** After so many questions a socket gives way to one with a new port. */
const questionsPerSocket = 512;

/** UDP side of one DNS server: connected sockets, so that the kernel drops what comes from another address or port. */
export class UdpServer {
	readonly address: string;
	readonly port: number;
	private readonly slots: (PooledSocket | undefined)[] = new Array<PooledSocket | undefined>(socketsPerServer).fill(undefined);
	private readonly retired = new Set<PooledSocket>();

	constructor(address: string, port: number) {
		this.address = address;
		this.port = port;
	}

	/**
	 * Registers a waiter under a new random id, on a random socket other than `previous`, and sends its packet.
	 */
	send(waiter: DatagramWaiter, previous?: PooledSocket): Ticket {
		let slot = randomId() % socketsPerServer;
		if (previous !== undefined && this.slots[slot] === previous) slot = (slot + 1) % socketsPerServer;
		let socket = this.slots[slot];
		if (socket === undefined || socket.spent) {
			if (socket !== undefined) this.retire(socket);
			socket = new PooledSocket(this.address, this.port);
			this.slots[slot] = socket;
		}
		return { socket, id: socket.send(waiter) };
	}

	release(ticket: Ticket): void {
		const { socket } = ticket;
		socket.forget(ticket.id);
		if (socket.idle && this.retired.delete(socket)) socket.close();
	}

	close(): Promise<unknown> {
		const open = [...this.retired, ...this.slots.filter((socket) => socket !== undefined)];
		this.retired.clear();
		this.slots.fill(undefined);
		return Promise.all(open.map((socket) => socket.close()));
	}

	private retire(socket: PooledSocket): void {
		if (socket.idle) socket.close();
		else this.retired.add(socket);
	}
}

export class PooledSocket {
	private readonly socket: Socket;
	private readonly waiters = new Map<number, DatagramWaiter>();
	/** Datagrams written before the socket was connected. */
	private queued: Buffer[] | undefined = [];
	private sent = 0;
	private broken: ReasonCode | undefined;
	private closing: Promise<void> | undefined;

	constructor(address: string, port: number) {
		const type = address.includes(":") ? "udp6" : "udp4";
		// Addresses only: the default lookup would go through the system's resolver for every socket.
		this.socket = createSocket({ type, lookup: (host, _options, callback) => callback(null, host, type === "udp6" ? 6 : 4) });
		this.socket.on("message", (octets) => this.receive(octets));
		this.socket.on("error", (error) => this.fail(error));
		this.socket.connect(port, address, (...[error]: [error?: Error]) => {
			if (this.closing !== undefined) return;
			if (error !== undefined) {
				this.fail(error);
				return;
			}
			const queued = this.queued ?? [];
			this.queued = undefined;
			for (const octets of queued) this.socket.send(octets, this.onSent);
		});
		// The timers of questions keep the process alive, idle sockets do not.
		this.socket.unref();
	}

	get idle(): boolean {
		return this.waiters.size === 0;
	}

	get spent(): boolean {
		return this.sent >= questionsPerSocket || this.broken !== undefined;
	}

	send(waiter: DatagramWaiter): number {
		let id = randomId();
		while (this.waiters.has(id)) id = randomId();
		this.waiters.set(id, waiter);
		this.sent += 1;
		const octets = waiter.packet(id);
		if (this.queued !== undefined) this.queued.push(octets);
		else this.socket.send(octets, this.onSent);
		return id;
	}

	forget(id: number): void {
		this.waiters.delete(id);
	}

	close(): Promise<void> {
		this.closing ??= new Promise((resolve) => {
			this.socket.close(() => resolve());
		});
		return this.closing;
	}

	private readonly onSent = (error: Error | null): void => {
		if (error !== null && this.closing === undefined) this.fail(error);
	};

	private receive(octets: Buffer): void {
		this.waiters.get(replyId(octets))?.onDatagram(octets);
	}

	/** ICMP errors arrive here without saying which question they belong to: all that wait on this socket try again elsewhere. */
	private fail(error: NodeJS.ErrnoException): void {
		this.broken = error.code === "ECONNREFUSED" ? "refused" : "unreachable";
		const waiting = [...this.waiters.values()];
		this.waiters.clear();
		for (const waiter of waiting) waiter.onSocketFailure(this.broken);
	}
}
