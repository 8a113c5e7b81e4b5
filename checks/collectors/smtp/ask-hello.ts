import type { Socket } from "node:net";
import { answerOf, answerWithout, ServerFlightReader, type TlsAnswer } from "../../protocols/tls/index.ts";
import { ConversationFault } from "./conversation-fault.ts";

/**
 * Sends one ClientHello and reads what the server says to it in clear, then ends the connection: no handshake is finished. Throws
 * ConversationFault only when the run was stopped.
 */
export function askHello(socket: Socket, hello: Uint8Array, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }): Promise<TlsAnswer> {
	const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>();
	const reader = new ServerFlightReader();
	const settle = (): void => {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
		socket.off("data", onData);
		socket.off("close", onClose);
		socket.off("error", onClose);
		socket.destroy();
	};
	const onAbort = (): void => {
		settle();
		reject(new ConversationFault("interrupted", "the run was stopped"));
	};
	const finish = (answer: TlsAnswer): void => {
		settle();
		resolve(answer);
	};
	const onData = (chunk: Buffer): void => {
		if (reader.push(chunk)) finish(answerOf(reader.flight));
	};
	const onClose = (): void => finish(answerOf(reader.flight));
	// What was read of a flight that stalls still counts: a ServerHello is a choice.
	const timer = setTimeout(() => finish(reader.flight.hello === null ? answerWithout("timeout", null) : answerOf(reader.flight)), Math.max(0, timeoutMs));
	signal.addEventListener("abort", onAbort, { once: true });
	socket.on("data", onData);
	socket.once("close", onClose);
	socket.once("error", onClose);
	if (signal.aborted) onAbort();
	else if (socket.destroyed) onClose();
	else socket.write(hello);
	return promise;
}
