import { connect } from "node:net";

/** `silent`: no answer in time; otherwise the connection was refused, or closed before there was one. */
export type TcpReply = { ok: true; octets: Buffer } | { ok: false; silent: boolean };

/**
 * One question over one TCP connection (RFC 7766), with the two octets of length in front. Answers { ok: false } for every
 * fault of the way and after `timeoutMs`; `accept` decides whether a message is the answer (others are skipped).
 */
export function askOverTcp(o: {
	address: string;
	port: number;
	octets: Buffer;
	timeoutMs: number;
	signal: AbortSignal;
	accept(message: Buffer): boolean;
}): Promise<TcpReply> {
	const { promise, resolve } = Promise.withResolvers<TcpReply>();
	const socket = connect({ host: o.address, port: o.port, autoSelectFamily: false, noDelay: true });
	const chunks: Buffer[] = [];
	let buffered = 0;
	const settle = (reply: TcpReply): void => {
		clearTimeout(timer);
		o.signal.removeEventListener("abort", giveUp);
		socket.destroy();
		resolve(reply);
	};
	const giveUp = (): void => settle({ ok: false, silent: false });
	const timer = setTimeout(() => settle({ ok: false, silent: true }), o.timeoutMs);
	o.signal.addEventListener("abort", giveUp, { once: true });
	socket.on("error", giveUp);
	socket.on("close", giveUp);
	socket.on("connect", () => {
		const length = Buffer.allocUnsafe(2);
		length.writeUInt16BE(o.octets.length);
		socket.write(Buffer.concat([length, o.octets]));
	});
	socket.on("data", (chunk: Buffer) => {
		chunks.push(chunk);
		buffered += chunk.length;
		// Chunks are joined only when a whole message is there, so that one octet at a time stays linear.
		for (let size = messageSize(chunks, buffered); size !== undefined && buffered >= size + 2; size = messageSize(chunks, buffered)) {
			const joined = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
			const message = joined.subarray(2, size + 2);
			const rest = joined.subarray(size + 2);
			chunks.length = 0;
			buffered = rest.length;
			if (buffered > 0) chunks.push(rest);
			if (o.accept(message)) {
				settle({ ok: true, octets: message });
				return;
			}
		}
	});
	return promise;
}

/** The length that stands in the first two octets, which may lie in two chunks. */
function messageSize(chunks: readonly Buffer[], buffered: number): number | undefined {
	if (buffered < 2) return undefined;
	const first = chunks[0] as Buffer;
	const low = first.length > 1 ? first[1] : chunks[1]?.[0];
	return ((first[0] as number) << 8) | (low ?? 0);
}
