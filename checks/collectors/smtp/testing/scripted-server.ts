import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { type Config, configSchema } from "../../../../model/config.ts";
import { type Evidence, evidenceSchema, type Target } from "../../../../model/evidence.ts";
import { createConnector } from "../../../network/create-connector.ts";
import { zoneResolver } from "../../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../../collector.ts";
import smtp from "../index.ts";
import type { StarttlsValues, TlsSessionValues } from "../schema.ts";

export const host = "mx.example.org";

/** Key and certificate of the host, and of another that a server may show first. */
export const [keys, otherKeys] = await Promise.all([keysOf(host), keysOf("default.example.org")]);

async function keysOf(name: string): Promise<{ key: string; cert: string }> {
	const pems = await generate([{ name: "commonName", value: name }], { keySize: 2048 });
	return { key: pems.private, cert: pems.cert };
}

const open: (() => void)[] = [];
/** Closes every server that stub() started. */
export function closeStubs(): void {
	for (const close of open.splice(0)) close();
}

export interface Peer {
	socket: Socket;
	/** Number of this connection, from 1. */
	connection: number;
	say(text: string): void;
	/** The next command; undefined when the client is gone. */
	hear(): Promise<string | undefined>;
	/** Server side of the handshake. */
	secure(options?: Record<string, unknown>): TLSSocket;
}

export interface Stub {
	port: number;
	/** Commands heard in clear, with the number of their connection. */
	heard: string[];
	connections: number;
}

/** A scripted SMTP server on a loopback port. */
export async function stub(script: (peer: Peer) => Promise<void> | void): Promise<Stub> {
	const state: Stub = { port: 0, heard: [], connections: 0 };
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		state.connections += 1;
		const lines: string[] = [];
		let wake: (() => void) | undefined;
		let gone = false;
		const onData = (chunk: Buffer): void => {
			for (const line of chunk.toString("latin1").split("\r\n").slice(0, -1)) lines.push(line);
			wake?.();
		};
		socket.on("data", onData);
		socket.on("close", () => {
			gone = true;
			wake?.();
		});
		const peer: Peer = {
			socket,
			connection: state.connections,
			say: (text) => void socket.write(text, "latin1"),
			async hear() {
				while (lines.length === 0 && !gone) await new Promise<void>((resolve) => (wake = resolve));
				const line = lines.shift();
				if (line !== undefined) state.heard.push(`${peer.connection} ${line}`);
				return line;
			},
			secure(options = {}) {
				socket.off("data", onData);
				const tls = new TLSSocket(socket, { isServer: true, ...keys, ...options });
				tls.on("error", () => tls.destroy());
				tls.on("data", (chunk: Buffer) => {
					const ehlo = chunk.toString("latin1").startsWith("EHLO");
					if (ehlo) tls.write(`250-${host} again\r\n250-SIZE 1000\r\n250 REQUIRETLS\r\n`);
					else tls.end("221 bye\r\n");
				});
				return tls;
			},
		};
		void script(peer);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	state.port = (server.address() as AddressInfo).port;
	return state;
}

/** Greets, answers EHLO with the keywords, and STARTTLS with the reply; then the handshake. */
export function usual(o: { keywords?: string[]; starttls?: string; greeting?: string; tls?: Record<string, unknown> } = {}) {
	return async (peer: Peer): Promise<void> => {
		peer.say(o.greeting ?? `220 ${host} ESMTP\r\n`);
		for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) {
			if (line.startsWith("EHLO")) {
				const all = [`${host} hello`, ...(o.keywords ?? ["PIPELINING", "SIZE 1000", "STARTTLS"])];
				peer.say(all.map((keyword, index) => `250${index === all.length - 1 ? " " : "-"}${keyword}\r\n`).join(""));
			} else if (line === "STARTTLS") {
				peer.say(o.starttls ?? "220 go ahead\r\n");
				if (o.starttls === undefined) {
					peer.secure(o.tls);
					return;
				}
			} else if (line === "QUIT") {
				peer.say("221 bye\r\n");
				peer.socket.end();
			} else peer.say("500 what\r\n");
		}
	};
}

interface Probe {
	starttls: Evidence;
	session: Evidence;
	items: Evidence[];
	values: StarttlsValues;
	tls: TlsSessionValues;
}

export function contextOf(network: Record<string, unknown>, extraRoots: string[] = [], signal: AbortSignal = new AbortController().signal): CollectContext {
	const config: Config = configSchema.parse({
		version: 1,
		network: { allowPrivate: true, ehloName: "scanner.example.org", timeoutMs: { smtp: 3000 }, retryWaitMs: 10, ...network },
	});
	const silent = (): undefined => undefined;
	return {
		config,
		path: "",
		domain: () => undefined,
		resolver: zoneResolver({ "good.example": { A: ["127.0.0.1"] }, "broken.example": "SERVFAIL" }),
		connector: createConnector(config.network, extraRoots),
		now: () => "2026-11-01T00:00:00Z",
		signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
}

export async function probe(port: number, network: Record<string, unknown> = {}, context = contextOf(network)): Promise<Probe> {
	const target: Target = { id: `${host}|127.0.0.1|${port}`, type: "mx", domains: ["example.org"] };
	const items: Evidence[] = [];
	for await (const item of smtp.collect(target, context)) items.push(evidenceSchema.parse(item) as Evidence);
	const find = (kind: string): Evidence => {
		const [found, ...more] = items.filter((item) => item.kind === kind && item.id === target.id);
		if (found === undefined || more.length > 0) throw new Error(`${more.length + (found === undefined ? 0 : 1)} items of ${kind}, not one`);
		return found;
	};
	const [starttls, session] = [find("smtp.starttls"), find("tls.session")];
	return { starttls, session, items, values: starttls.values as StarttlsValues, tls: session.values as TlsSessionValues };
}

export const errorOf = (code: string): Record<string, unknown> => ({ status: "error", error: { code } });
