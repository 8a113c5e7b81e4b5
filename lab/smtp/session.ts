import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { failHandshake, type TlsContexts } from "../tls/context.ts";
import type { SmtpGreeting, SmtpPersonality } from "./personality.ts";

export interface SessionEvents {
	onCommand(verb: string): void;
	/** The client spoke before the greeting was out. */
	onEarlyTalk(): void;
	onTls(protocol: string): void;
	onTlsError(message: string): void;
}

const defaultKeywords = ["PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES"];
/** Octets without a line end that a client may send. */
const maxPending = 65_536;

/** Serves one connection to its end. */
export function serveSmtp(socket: Socket, personality: SmtpPersonality, greeting: SmtpGreeting, contexts: TlsContexts, events: SessionEvents): void {
	const timers = new Set<NodeJS.Timeout>();
	const later = (delayMs: number, work: () => void): void => {
		if (delayMs <= 0) {
			work();
			return;
		}
		const timer = setTimeout(() => {
			timers.delete(timer);
			work();
		}, delayMs);
		timers.add(timer);
	};
	let channel: Socket = socket;
	let pending = Buffer.alloc(0);
	let phase: "greeting" | "commands" | "handshake" = "greeting";
	let secure = false;
	let recipientDomain = "";

	const write = (text: string): void => {
		if (channel.writable) channel.write(Buffer.from(text, "latin1"));
	};
	const reply = (code: number, ...lines: string[]): void => write(replyText(code, lines));
	const end = (): void => {
		channel.end();
	};

	const offersStarttls = (): boolean =>
		!secure && ["offered", "unavailable", "injected", "command-injection", "close", "hang"].includes(personality.starttls ?? "offered");
	const greet = (command: "EHLO" | "HELO"): void => {
		if (command === "HELO") {
			reply(250, personality.host);
			return;
		}
		if (personality.ehloCode !== undefined && personality.ehloCode >= 400) {
			reply(personality.ehloCode, "command not implemented");
			return;
		}
		const keywords = (secure ? personality.keywordsInTls : undefined) ?? personality.keywords ?? defaultKeywords;
		const tls = offersStarttls() ? ["STARTTLS"] : !secure && personality.starttls === "overwritten" ? ["XXXXXXXA"] : [];
		reply(personality.ehloCode ?? 250, `${personality.host} at your service`, ...keywords, ...tls);
	};

	const upgrade = (leftover: Buffer): void => {
		phase = "handshake";
		socket.removeListener("data", onData);
		if (personality.tls?.fail !== undefined) {
			failHandshake(socket, personality.tls.fail);
			return;
		}
		const tls = new TLSSocket(socket, { isServer: true, ...contexts.options() });
		channel = tls;
		tls.on("error", (error) => {
			events.onTlsError(error.message);
			socket.destroy();
		});
		tls.on("secure", () => {
			secure = true;
			phase = "commands";
			events.onTls(tls.getProtocol() ?? "unknown");
			tls.on("data", onData);
			// RFC 3207 4.2: what came in clear before the handshake must be discarded. A vulnerable server answers it now.
			if (leftover.length > 0) onData(leftover);
		});
	};

	const starttls = (): void => {
		const mode = personality.starttls ?? "offered";
		if (secure || mode === "absent" || mode === "overwritten") {
			reply(secure ? 503 : 502, secure ? "TLS is active" : "command not implemented");
			return;
		}
		if (mode === "unavailable") {
			reply(personality.starttlsCode ?? 454, "TLS not available due to temporary reason");
			return;
		}
		if (mode === "close") {
			end();
			return;
		}
		if (mode === "hang") return;
		const leftover = mode === "command-injection" ? pending : Buffer.alloc(0);
		pending = Buffer.alloc(0);
		// "injected": a reply in clear right behind the 220, the CVE-2011-0411 class seen from the client's side.
		write(mode === "injected" ? "220 ready to start TLS\r\n250 injected in clear text\r\n" : "220 ready to start TLS\r\n");
		upgrade(leftover);
	};

	const recipient = (argument: string): void => {
		const domain = /@([^>\s]+)>?/.exec(argument)?.[1]?.toLowerCase() ?? "";
		const accepted = personality.accepts ?? [personality.host];
		recipientDomain = accepted.includes("*") || accepted.includes(domain) ? domain : "";
		if (recipientDomain === "") reply(550, "5.7.1 relaying denied");
		else reply(250, "2.1.5 recipient ok");
	};

	const command = (line: string): void => {
		const [verb = "", ...rest] = line.split(" ");
		const upper = verb.toUpperCase();
		events.onCommand(/^[A-Z]{1,12}$/.test(upper) ? upper : "(other)");
		switch (upper) {
			case "EHLO":
			case "HELO":
				greet(upper);
				return;
			case "STARTTLS":
				starttls();
				return;
			case "NOOP":
			case "RSET":
				reply(250, "2.0.0 ok");
				return;
			case "MAIL":
				reply(250, "2.1.0 sender ok");
				return;
			case "RCPT":
				recipient(rest.join(" "));
				return;
			case "DATA":
				reply(554, "5.3.2 this server takes no mail");
				return;
			case "VRFY":
				reply(252, "2.5.0 cannot verify");
				return;
			case "QUIT":
				reply(221, `${personality.host} closing`);
				end();
				return;
			default:
				reply(500, "5.5.2 command not recognized");
		}
	};

	function onData(chunk: Buffer): void {
		if (phase === "greeting") events.onEarlyTalk();
		pending = Buffer.concat([pending, chunk]);
		drain();
		if (pending.length <= maxPending) return;
		reply(500, "5.5.2 line too long");
		end();
	}
	function drain(): void {
		while (phase === "commands") {
			const lineEnd = pending.indexOf(0x0a);
			if (lineEnd === -1) return;
			const line = pending.subarray(0, lineEnd).toString("latin1").replace(/\r$/, "");
			pending = Buffer.from(pending.subarray(lineEnd + 1));
			command(line);
		}
	}

	const start = (): void => {
		later(greeting.delayMs ?? 0, () => {
			sendGreeting(greeting, personality.host, { write, later, end, reset: () => socket.resetAndDestroy(), writable: () => channel.writable }, () => {
				phase = "commands";
				// RFC 5321 3.8: a server that answers 421 closes; after 554 it waits for QUIT (3.1).
				if (greeting.code === 421) end();
				else drain();
			});
		});
	};

	socket.on("error", () => socket.destroy());
	socket.on("close", () => {
		for (const timer of timers) clearTimeout(timer);
	});
	if (personality.implicitTls) {
		if (personality.tls?.fail !== undefined) {
			failHandshake(socket, personality.tls.fail);
			return;
		}
		const tls = new TLSSocket(socket, { isServer: true, ...contexts.options() });
		channel = tls;
		secure = true;
		tls.on("error", (error) => {
			events.onTlsError(error.message);
			socket.destroy();
		});
		tls.on("secure", () => {
			events.onTls(tls.getProtocol() ?? "unknown");
			tls.on("data", onData);
			start();
		});
		return;
	}
	socket.on("data", onData);
	start();
}

interface Line {
	write(text: string): void;
	later(delayMs: number, work: () => void): void;
	end(): void;
	reset(): void;
	writable(): boolean;
}

function sendGreeting(greeting: SmtpGreeting, host: string, line: Line, done: () => void): void {
	if (greeting.close === "never") return;
	if (greeting.close === "silently") {
		line.end();
		return;
	}
	if (greeting.close === "reset") {
		line.reset();
		return;
	}
	if (greeting.endlessBytes !== undefined) {
		sendEndless(greeting.endlessBytes, line);
		return;
	}
	const text = greeting.raw ?? replyText(greeting.code ?? 220, greeting.lines ?? [`${host} ESMTP ready`]);
	if (greeting.bytesPerSecond === undefined) {
		line.write(text);
		done();
		return;
	}
	const intervalMs = 1000 / greeting.bytesPerSecond;
	const step = (position: number): void => {
		if (!line.writable()) return;
		line.write(text.charAt(position));
		if (position + 1 < text.length) line.later(intervalMs, () => step(position + 1));
		else done();
	};
	step(0);
}

/** In pieces, so that a client which has seen enough can stop it by closing. */
function sendEndless(total: number, line: Line): void {
	line.write("220 ");
	const step = (left: number): void => {
		if (left <= 0 || !line.writable()) return;
		line.write("A".repeat(Math.min(left, 16_384)));
		line.later(1, () => step(left - 16_384));
	};
	step(total);
}

function replyText(code: number, lines: readonly string[]): string {
	return lines.map((text, index) => `${code}${index === lines.length - 1 ? " " : "-"}${text}\r\n`).join("");
}
