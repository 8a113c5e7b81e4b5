import type { Socket } from "node:net";
import { socketErrorCode } from "../../network/create-connector.ts";
import type { CollectContext } from "../collector.ts";
import { ConversationFault } from "../smtp/conversation-fault.ts";
import { blankValues, connectMs, type Place, type Service, type ServiceOutcome } from "../smtp/service.ts";

const maxOctets = 65_536;
const maxLine = 512;
/** A capability reply of the longest kind in use is a fifth of this. */
const maxLines = 100;

/**
 * IMAP or POP3 in clear: greeting, and what it can do (RFC 9051 6.1.1, RFC 2449 5). Nobody logs in: whether a login would be
 * taken in clear is told by LOGINDISABLED (RFC 9051 6.2.3), or by USER and SASL among the capabilities.
 */
export async function probePlain(place: Place, service: Service, context: CollectContext): Promise<ServiceOutcome> {
	const timeoutMs = context.config.network.timeoutMs.smtp;
	const connected = await context.connector.connect(place.address, place.port, { timeoutMs: Math.min(connectMs, timeoutMs), signal: context.signal });
	if (!connected.ok)
		return connected.code === "refused" ? { state: "closed" } : { state: "unseen", fault: new ConversationFault(connected.code, connected.message) };
	const { socket } = connected;
	const values = blankValues(place, service, false);
	const lines = lineReader(socket, timeoutMs, context.signal, (line) => void values.transcript.push({ from: "server", line }));
	const say = (line: string): void => {
		values.transcript.push({ from: "client", line });
		socket.write(`${line}\r\n`);
	};
	try {
		values.greeting = await lines.next();
		if (service.name === "imap") {
			if (!/^\* (OK|PREAUTH)\b/i.test(values.greeting)) throw new ConversationFault("protocol_error", "the greeting is none of IMAP");
			say("a1 CAPABILITY");
			const words: string[] = [];
			let line = await lines.next();
			for (; !/^a1 /i.test(line); line = await lines.next()) if (/^\* CAPABILITY /i.test(line)) words.push(...line.toUpperCase().split(" ").slice(2));
			if (/^a1 OK/i.test(line)) {
				values.starttls = words.includes("STARTTLS");
				values.loginInClear = !words.includes("LOGINDISABLED");
			}
			say("a2 LOGOUT");
		} else {
			if (!/^\+OK/i.test(values.greeting)) throw new ConversationFault("protocol_error", "the greeting is none of POP3");
			say("CAPA");
			const words: string[] = [];
			const first = await lines.next();
			if (/^\+OK/i.test(first)) {
				for (let line = await lines.next(); line !== "."; line = await lines.next()) words.push((line.toUpperCase().split(" ")[0] ?? "").trim());
				values.starttls = words.includes("STLS");
				values.loginInClear = words.includes("USER") || words.includes("SASL");
			}
			say("QUIT");
		}
		return { state: "open", values };
	} catch (error) {
		if (!(error instanceof ConversationFault)) throw error;
		return { state: "unseen", fault: error };
	} finally {
		lines.stop();
		socket.destroy();
	}
}

/** Lines out of a socket, bounded in number, length and time. */
function lineReader(socket: Socket, timeoutMs: number, signal: AbortSignal, onLine: (line: string) => void): { next(): Promise<string>; stop(): void } {
	let pending = "";
	let octets = 0;
	let count = 0;
	const ready: string[] = [];
	let fault: ConversationFault | undefined;
	let wake: (() => void) | undefined;
	const end = (one: ConversationFault): void => {
		fault ??= one;
		wake?.();
	};
	const onData = (chunk: Buffer): void => {
		octets += chunk.length;
		const parts = (pending + chunk.toString("latin1")).split("\n");
		pending = parts.pop() ?? "";
		for (const part of parts) {
			count += 1;
			const line = part.replace(/\r$/, "");
			if (count <= maxLines) onLine(line.slice(0, maxLine));
			ready.push(line);
		}
		if (octets > maxOctets || count > maxLines || pending.length > 8192) end(new ConversationFault("malformed", "the server talks without end"));
		wake?.();
	};
	const onError = (error: NodeJS.ErrnoException): void =>
		end(new ConversationFault(socketErrorCode(error), `the connection broke: ${error.code ?? error.message}`));
	const onClose = (): void => end(new ConversationFault("protocol_error", "the server closed the connection without a reply"));
	const onAbort = (): void => end(new ConversationFault("interrupted", "the run was stopped"));
	const timer = setTimeout(() => end(new ConversationFault("timeout", `no whole reply within ${timeoutMs} ms`)), timeoutMs);
	socket.on("data", onData);
	socket.on("error", onError);
	socket.on("close", onClose);
	signal.addEventListener("abort", onAbort, { once: true });
	if (signal.aborted) onAbort();
	return {
		async next() {
			while (ready.length === 0 && fault === undefined) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
			const line = ready.shift();
			if (line !== undefined) return line;
			throw fault ?? new ConversationFault("protocol_error", "there is no line");
		},
		stop() {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
			socket.off("data", onData);
			socket.off("close", onClose);
		},
	};
}
