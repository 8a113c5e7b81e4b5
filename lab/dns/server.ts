import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import type { Signer } from "../dnssec/signer.ts";
import { buildFaults, type DnsFault, type DnsFaultKind, type FaultTable } from "./faults.ts";
import { encodeFormatError, encodeForUdp, encodeResponse, parseQuery, type Query, type Response } from "./message.ts";
import { typeCodes, typeName } from "./packet.ts";
import { encodeRdata } from "./records.ts";
import { buildZone, type NameRecords, type Zone } from "./zone.ts";

export interface DnsServerOptions {
	names: Readonly<Record<string, NameRecords>>;
	faults: Readonly<Record<string, DnsFaultKind | DnsFault>>;
	ttlSeconds: number;
	/** Added to every answer. */
	delayMs: number;
	/** false: nothing listens on TCP, connections are refused. */
	tcp: boolean;
	/** Signs the zones that it knows. Without: nothing is signed. */
	signer?: Signer | undefined;
	onQuestion(name: string, type: string, transport: "udp" | "tcp"): void;
}

export interface DnsServer {
	/** The same for UDP and TCP, on 127.0.0.1. */
	port: number;
	close(): Promise<void>;
}

type Transport = "udp" | "tcp";
/** What goes back for one query: messages in order (`otherPort`: from a socket that was not asked), or the connection's end. */
type Reply = { messages: { octets: Buffer; otherPort?: boolean }[]; cut?: boolean };

const rcodes: Readonly<Partial<Record<DnsFaultKind, number>>> = { formerr: 1, servfail: 2, nxdomain: 3, notimp: 4, refused: 5 };

export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
	const zone = buildZone(options.names, options.ttlSeconds, options.signer);
	const faults = buildFaults(options.faults);
	const timers = new Set<NodeJS.Timeout>();
	const connections = new Set<Socket>();
	let stray: UdpSocket | undefined;

	const answer = (message: Buffer, transport: Transport, send: (reply: Reply) => void): void => {
		const parsed = parseQuery(message);
		if (!parsed.ok) {
			if (parsed.action === "formerr") send({ messages: [{ octets: encodeFormatError(message) }] });
			return;
		}
		options.onQuestion(parsed.query.name, typeName(parsed.query.type), transport);
		const { reply, delayMs } = replyTo(parsed.query, transport, zone, faults, options.ttlSeconds);
		const wait = delayMs + options.delayMs;
		if (wait === 0) {
			send(reply);
			return;
		}
		const timer = setTimeout(() => {
			timers.delete(timer);
			send(reply);
		}, wait);
		timers.add(timer);
	};

	const onDatagram = (udp: UdpSocket, message: Buffer, peer: RemoteInfo): void => {
		answer(message, "udp", (reply) => {
			for (const { octets, otherPort } of reply.messages) {
				if (otherPort) stray ??= createSocket("udp4").unref();
				(otherPort && stray ? stray : udp).send(octets, peer.port, peer.address);
			}
		});
	};
	const onConnection = (socket: Socket): void => {
		connections.add(socket);
		socket.on("close", () => connections.delete(socket));
		socket.on("error", () => socket.destroy());
		let pending = Buffer.alloc(0);
		socket.on("data", (chunk: Buffer) => {
			pending = Buffer.concat([pending, chunk]);
			while (pending.length >= 2) {
				const length = pending.readUInt16BE(0);
				if (pending.length < length + 2) return;
				const message = Buffer.from(pending.subarray(2, length + 2));
				pending = pending.subarray(length + 2);
				answer(message, "tcp", (reply) => {
					for (const { octets } of reply.messages) socket.write(framed(octets));
					if (reply.cut) socket.destroy();
				});
			}
		});
	};

	const { udp, tcp, port } = await listenOnBoth(options.tcp, onConnection);
	udp.on("message", (message, peer) => onDatagram(udp, message, peer));
	udp.unref();
	return {
		port,
		async close() {
			for (const timer of timers) clearTimeout(timer);
			for (const socket of connections) socket.destroy();
			stray?.close();
			await Promise.all([new Promise<void>((resolve) => udp.close(resolve)), tcp ? new Promise<void>((resolve) => tcp.close(() => resolve())) : undefined]);
		},
	};
}

function replyTo(query: Query, transport: Transport, zone: Zone, faults: FaultTable, ttlSeconds: number): { reply: Reply; delayMs: number } {
	const encode = (response: Response): Buffer => (transport === "udp" ? encodeForUdp(query, response) : encodeResponse(query, response));
	const only = (octets: Buffer): Reply => ({ messages: [{ octets }] });
	const code = (rcode: number): Reply => only(encode({ rcode, answers: [], authorities: [] }));
	if (query.opcode !== 0) return { reply: code(4), delayMs: 0 };
	if (query.class !== 1) return { reply: code(5), delayMs: 0 };

	const found = zone.lookup(query.name, query.type, query.edns?.dnssecOk === true);
	const fault = faults.take(found.visited, typeName(query.type)) ?? {};
	const normal = encode({ rcode: found.rcode === "NXDOMAIN" ? 3 : 0, answers: found.answers, authorities: found.authorities });
	const delayMs = fault.delayMs ?? 0;
	const reply = (value: Reply): { reply: Reply; delayMs: number } => ({ reply: value, delayMs });
	switch (fault.kind) {
		case undefined:
			return reply(only(normal));
		case "servfail":
		case "refused":
		case "formerr":
		case "notimp":
		case "nxdomain":
			return reply(code(rcodes[fault.kind] ?? 2));
		case "nodata":
			return reply(code(0));
		case "drop":
			return reply({ messages: [] });
		case "truncate":
			return reply(only(transport === "tcp" ? normal : encode({ rcode: 0, answers: [], authorities: [], truncated: true })));
		case "truncate-without-tcp":
			if (transport === "tcp") return reply({ messages: [], cut: true });
			return reply(only(encode({ rcode: 0, answers: [], authorities: [], truncated: true })));
		case "forged-id-first":
			return reply({ messages: [{ octets: forgedId(query) }, { octets: normal }] });
		case "forged-id-only":
			return reply({ messages: [{ octets: forgedId(query) }] });
		case "wrong-question-first":
			return reply({ messages: [{ octets: otherQuestion(query) }, { octets: normal }] });
		case "other-port-first":
			return reply({ messages: [{ octets: forgery(query), otherPort: true }, { octets: normal }] });
		case "malformed":
			return reply(only(cutInRecord(query)));
		case "pointer-loop":
			return reply(only(pointerLoop(query)));
		case "nxdomain-for-empty-nonterminal":
			return reply(found.emptyNonTerminal ? only(encode({ rcode: 3, answers: [], authorities: found.authorities })) : only(normal));
		case "cname-loop":
			return reply(only(encode({ rcode: 0, answers: loopOf(query, ttlSeconds), authorities: [] })));
	}
}

/** An answer that nobody who checks it would take: it points at an address of its own. */
function forgery(query: Query): Buffer {
	const answers = [
		{ name: query.name, type: 1, ttlSeconds: 86_400, rdata: Buffer.from([203, 0, 113, 66]) },
		{ name: query.name, type: 16, ttlSeconds: 86_400, rdata: encodeRdata("TXT", "forged") },
	];
	return encodeResponse(query, { rcode: 0, answers, authorities: [] });
}

function forgedId(query: Query): Buffer {
	const octets = forgery(query);
	octets.writeUInt16BE(query.id ^ 0x5555, 0);
	return octets;
}

function otherQuestion(query: Query): Buffer {
	const question = Buffer.concat([Buffer.from("\x06forged\x07example\x00", "latin1"), query.question.subarray(-4)]);
	return forgery({ ...query, question, name: "forged.example" });
}

/** A message whose one record ends in the middle of its RDATA. */
function cutInRecord(query: Query): Buffer {
	const answers = [{ name: query.name, type: query.type, ttlSeconds: 300, rdata: Buffer.alloc(40, 0x2a) }];
	const octets = encodeResponse(withoutEdns(query), { rcode: 0, answers, authorities: [] });
	return octets.subarray(0, octets.length - 25);
}

/** A message whose one record has a compression pointer to itself for an owner name. */
function pointerLoop(query: Query): Buffer {
	const header = encodeResponse(withoutEdns(query), { rcode: 0, answers: [], authorities: [] });
	header.writeUInt16BE(1, 6);
	const record = Buffer.alloc(12);
	record.writeUInt16BE(0xc000 | header.length, 0);
	record.writeUInt16BE(query.type, 2);
	record.writeUInt16BE(1, 4);
	return Buffer.concat([header, record]);
}

function loopOf(query: Query, ttlSeconds: number): Response["answers"] {
	const cname = typeCodes.CNAME ?? 5;
	return [
		{ name: query.name, type: cname, ttlSeconds, rdata: encodeRdata("CNAME", "loop.example") },
		{ name: "loop.example", type: cname, ttlSeconds, rdata: query.question.subarray(0, -4) },
	];
}

function withoutEdns(query: Query): Query {
	const { edns: _, ...rest } = query;
	return rest;
}

function framed(octets: Buffer): Buffer {
	const length = Buffer.alloc(2);
	length.writeUInt16BE(octets.length);
	return Buffer.concat([length, octets]);
}

/** UDP and TCP on one port: the system gives one for UDP, and the try is repeated while its TCP twin is taken. */
async function listenOnBoth(wantTcp: boolean, onConnection: (socket: Socket) => void): Promise<{ udp: UdpSocket; tcp: Server | undefined; port: number }> {
	for (let attempt = 0; ; attempt += 1) {
		const udp = createSocket("udp4");
		await new Promise<void>((resolve, reject) => {
			udp.once("error", reject);
			udp.bind(0, "127.0.0.1", resolve);
		});
		udp.removeAllListeners("error");
		udp.on("error", () => udp.unref());
		const port = udp.address().port;
		if (!wantTcp) return { udp, tcp: undefined, port };
		const tcp = createServer(onConnection);
		try {
			await new Promise<void>((resolve, reject) => {
				tcp.once("error", reject);
				tcp.listen(port, "127.0.0.1", resolve);
			});
			return { udp, tcp: tcp.unref(), port };
		} catch (error) {
			await new Promise<void>((resolve) => udp.close(resolve));
			if (attempt >= 20 || !(error instanceof Error) || !("code" in error) || error.code !== "EADDRINUSE") throw error;
		}
	}
}
