import { createServer, type Socket } from "node:net";
import type { TlsContexts } from "../tls/context.ts";
import type { SmtpPersonality } from "./personality.ts";
import { serveSmtp } from "./session.ts";

export interface SmtpStats {
	connections: number;
	/** The most that were open at one time. */
	peak: number;
	/** Commands by verb. */
	commands: Record<string, number>;
	/** Connections on which the client spoke before the greeting. */
	earlyTalk: number;
	/** Sessions by protocol version. */
	tlsSessions: Record<string, number>;
	tlsErrors: string[];
}

export interface LabServer {
	port: number;
	close(): Promise<void>;
}

export function emptySmtpStats(): SmtpStats {
	return { connections: 0, peak: 0, commands: {}, earlyTalk: 0, tlsSessions: {}, tlsErrors: [] };
}

export async function startSmtpServer(personality: SmtpPersonality, contexts: TlsContexts, stats: SmtpStats): Promise<LabServer> {
	const open = new Set<Socket>();
	const server = createServer((socket) => {
		open.add(socket);
		socket.setNoDelay(true);
		socket.on("close", () => open.delete(socket));
		stats.connections += 1;
		stats.peak = Math.max(stats.peak, open.size);
		const first = personality.firstConnections;
		const crowded = personality.maxConnections !== undefined && open.size > personality.maxConnections;
		const usual = first && stats.connections <= first.count ? first.greeting : (personality.greeting ?? {});
		const greeting = crowded ? { code: 421, lines: [`${personality.host} too many connections, try again later`] } : usual;
		let early = false;
		serveSmtp(socket, personality, greeting, contexts, {
			onCommand: (verb) => count(stats.commands, verb),
			onEarlyTalk: () => {
				if (!early) stats.earlyTalk += 1;
				early = true;
			},
			onTls: (protocol) => count(stats.tlsSessions, protocol),
			onTlsError: (message) => stats.tlsErrors.push(message),
		});
	});
	const port = await listen(server);
	return { port, close: () => closeAll(server, open) };
}

export function count(counters: Record<string, number>, key: string): void {
	counters[key] = (counters[key] ?? 0) + 1;
}

/** Listens on 127.0.0.1 at a port that the system gives. */
export async function listen(server: ReturnType<typeof createServer>): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	server.unref();
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The lab's listener has no port.");
	return address.port;
}

export async function closeAll(server: ReturnType<typeof createServer>, open: ReadonlySet<Socket>): Promise<void> {
	for (const socket of open) socket.destroy();
	await new Promise<void>((resolve) => server.close(() => resolve()));
}
