import type { Socket } from "node:net";
import { socketErrorCode } from "../../network/create-connector.ts";
import { ConversationFault } from "./conversation-fault.ts";

export interface Reply {
	code: number;
	/** Text of each line behind the code, octets as latin1. */
	lines: string[];
}

/** RFC 5321 4.5.3.1.5 allows 512 octets; real servers stray from it, but not beyond this. */
const maxLineOctets = 4096;
const maxReplyLines = 200;
/** All that a server may say on one connection before TLS. */
const maxOctets = 65_536;

interface Waiter {
	resolve(line: string): void;
	reject(fault: ConversationFault): void;
}

/**
 * SMTP replies out of a socket, under two clocks: one for each whole reply, and one for the connection, since a tarpit
 * sends an octet a second for ever. Throws ConversationFault.
 */
export class ReplyReader {
	private readonly socket: Socket;
	private readonly signal: AbortSignal;
	private readonly replyTimeoutMs: number;
	/** performance.now() at which the connection has had its time. */
	private readonly deadline: number;
	private readonly onLine: (line: string) => void;
	private chunks: Buffer[] = [];
	private lineOctets = 0;
	private octets = 0;
	private readonly lines: string[] = [];
	private fault: ConversationFault | undefined;
	private waiter: Waiter | undefined;

	constructor(socket: Socket, options: { signal: AbortSignal; replyTimeoutMs: number; deadline: number; onLine(line: string): void }) {
		this.socket = socket;
		this.signal = options.signal;
		this.replyTimeoutMs = options.replyTimeoutMs;
		this.deadline = options.deadline;
		this.onLine = options.onLine;
		socket.on("data", this.onData);
		socket.on("error", this.onError);
		socket.on("close", this.onClose);
		this.signal.addEventListener("abort", this.onAbort, { once: true });
		if (this.signal.aborted) this.onAbort();
	}

	/** The next whole reply, all its lines (RFC 5321 4.2.1). */
	async reply(): Promise<Reply> {
		const left = Math.min(this.replyTimeoutMs, this.deadline - performance.now());
		const timer = setTimeout(() => this.end(new ConversationFault("timeout", `no whole reply within ${Math.max(0, Math.round(left))} ms`)), Math.max(0, left));
		try {
			const lines: string[] = [];
			let code: string | undefined;
			for (;;) {
				const line = await this.line();
				const match = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
				if (match === null || (code !== undefined && match[1] !== code)) throw new ConversationFault("protocol_error", "the server's line is no SMTP reply");
				code = match[1] as string;
				lines.push(match[3] ?? "");
				if (match[2] !== "-") return { code: Number(code), lines };
				if (lines.length >= maxReplyLines) throw new ConversationFault("malformed", `the reply has more than ${maxReplyLines} lines`);
			}
		} finally {
			clearTimeout(timer);
		}
	}

	/** Waits `ms` and tells whether anything beyond the replies has come: before a handshake a server has nothing to say. */
	async hasMore(ms: number): Promise<boolean> {
		if (this.lines.length === 0 && this.lineOctets === 0 && this.fault === undefined) await new Promise((resolve) => setTimeout(resolve, ms));
		return this.lines.length > 0 || this.lineOctets > 0;
	}

	/** Leaves the socket to another reader (TLS). */
	detach(): void {
		this.socket.off("data", this.onData);
		this.socket.off("error", this.onError);
		this.socket.off("close", this.onClose);
		this.signal.removeEventListener("abort", this.onAbort);
	}

	private line(): Promise<string> {
		const line = this.lines.shift();
		if (line !== undefined) return Promise.resolve(line);
		if (this.fault !== undefined) return Promise.reject(this.fault);
		return new Promise((resolve, reject) => {
			this.waiter = { resolve, reject };
		});
	}

	private readonly onData = (chunk: Buffer): void => {
		if (this.fault !== undefined) return;
		this.octets += chunk.length;
		let start = 0;
		for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
			this.chunks.push(chunk.subarray(start, at));
			this.take();
			start = at + 1;
		}
		if (start < chunk.length) {
			this.chunks.push(chunk.subarray(start));
			this.lineOctets += chunk.length - start;
		}
		if (this.lineOctets > maxLineOctets || this.octets > maxOctets) {
			this.end(
				new ConversationFault(
					"malformed",
					this.octets > maxOctets ? "the server talks without end" : `the server's line is longer than ${maxLineOctets} octets`,
				),
			);
		}
	};

	private take(): void {
		const line = Buffer.concat(this.chunks).toString("latin1");
		this.chunks = [];
		this.lineOctets = 0;
		const text = line.endsWith("\r") ? line.slice(0, -1) : line;
		this.onLine(text);
		if (text.length > maxLineOctets) {
			this.end(new ConversationFault("malformed", `the server's line is longer than ${maxLineOctets} octets`));
			return;
		}
		if (this.waiter === undefined) {
			this.lines.push(text);
			return;
		}
		const { waiter } = this;
		this.waiter = undefined;
		waiter.resolve(text);
	}

	private end(fault: ConversationFault): void {
		this.fault ??= fault;
		const { waiter } = this;
		this.waiter = undefined;
		waiter?.reject(this.fault);
	}

	private readonly onError = (error: NodeJS.ErrnoException): void => {
		this.end(new ConversationFault(socketErrorCode(error), `the connection broke: ${error.code ?? error.message}`, error.code));
	};

	private readonly onClose = (): void => {
		this.end(new ConversationFault("protocol_error", "the server closed the connection without a reply"));
	};

	private readonly onAbort = (): void => {
		this.end(new ConversationFault("interrupted", "the run was stopped"));
		this.socket.destroy();
	};
}
