import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server } from "node:net";

/** For tests only: a DNS server on 127.0.0.1, UDP and TCP on one port, that answers as a function says. */
interface DnsPacket {
	encode(message: unknown): Buffer;
	decode(octets: Buffer): Request;
}

export interface Request {
	id: number;
	questions: { name: string; type: string }[];
	additionals: { type: string; flag_do?: boolean; udpPayloadSize?: number }[];
	flag_cd: boolean;
	flag_rd: boolean;
}

const packet = createRequire(import.meta.url)("dns-packet") as DnsPacket;
const rcodes: Record<string, number> = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

export interface Reply {
	rcode?: keyof typeof rcodes;
	/** Header bits beside QR, RD and RA. */
	flags?: number;
	answers?: unknown[];
	authorities?: unknown[];
	/** Answers with TC=1 and no records over UDP. */
	truncate?: boolean;
}

export interface Asked {
	name: string;
	type: string;
	/** Client's port. */
	port: number;
	tcp: boolean;
	request: Request;
	id: number;
	/** Sends any octets. */
	raw(octets: Buffer): void;
	/** Sends from another socket. */
	elsewhere(octets: Buffer): void;
	encode(reply: Reply): Buffer;
}

export interface TestDnsServer {
	port: number;
	/** "127.0.0.1:port" */
	address: string;
	asked: Asked[];
	close(): Promise<void>;
}

/** `answer` returns undefined for silence (or after it has sent octets itself). With tcp false nothing listens on TCP; connections beyond maxTcp at once are closed. */
export async function startDnsServer(answer: (asked: Asked) => Reply | undefined, options: { tcp?: boolean; maxTcp?: number } = {}): Promise<TestDnsServer> {
	const asked: Asked[] = [];
	const { udp, tcp, port } = await listen(options.tcp ?? true);
	const stranger = createSocket("udp4");
	const handle = (octets: Buffer, from: RemoteInfo | undefined, send: (reply: Buffer) => void): void => {
		const request = packet.decode(octets);
		const question = request.questions[0];
		if (question === undefined) return;
		const encode = (reply: Reply): Buffer => encodeReply(request, reply, from !== undefined);
		const item: Asked = {
			name: question.name.toLowerCase(),
			type: question.type,
			port: from?.port ?? 0,
			tcp: from === undefined,
			request,
			id: request.id,
			raw: send,
			elsewhere: (reply) => stranger.send(reply, from?.port ?? 0, "127.0.0.1"),
			encode,
		};
		asked.push(item);
		const reply = answer(item);
		if (reply !== undefined) send(encode(reply));
	};
	udp.on("message", (octets, from) => handle(octets, from, (reply) => udp.send(reply, from.port, from.address)));
	let connections = 0;
	tcp?.on("connection", (socket) => {
		connections += 1;
		socket.on("close", () => {
			connections -= 1;
		});
		if (connections > (options.maxTcp ?? Number.POSITIVE_INFINITY)) {
			socket.destroy();
			return;
		}
		let buffered = Buffer.alloc(0);
		socket.on("error", () => socket.destroy());
		socket.on("data", (chunk: Buffer) => {
			buffered = Buffer.concat([buffered, chunk]);
			if (buffered.length < 2 || buffered.length < buffered.readUInt16BE(0) + 2) return;
			handle(buffered.subarray(2), undefined, (reply) => {
				const length = Buffer.alloc(2);
				length.writeUInt16BE(reply.length);
				socket.write(Buffer.concat([length, reply]));
			});
		});
	});
	return {
		port,
		address: `127.0.0.1:${port}`,
		asked,
		async close() {
			stranger.close();
			await Promise.all([new Promise<void>((resolve) => udp.close(resolve)), new Promise<unknown>((resolve) => (tcp ? tcp.close(resolve) : resolve(0)))]);
		},
	};
}

/** A TCP port that the system gives, and the same for UDP; another round when UDP has it taken. */
async function listen(withTcp: boolean): Promise<{ udp: Socket; tcp: Server | undefined; port: number }> {
	for (let round = 0; round < 20; round++) {
		const udp = createSocket("udp4");
		await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
		const { port } = udp.address();
		if (!withTcp) return { udp, tcp: undefined, port };
		const tcp = createServer();
		const listening = await new Promise<boolean>((resolve) => {
			tcp.once("error", () => resolve(false));
			tcp.listen(port, "127.0.0.1", () => resolve(true));
		});
		if (listening) return { udp, tcp, port: (tcp.address() as AddressInfo).port };
		udp.close();
	}
	throw new Error("no port is free for both UDP and TCP");
}

function encodeReply(request: Request, reply: Reply, overUdp: boolean): Buffer {
	const truncate = reply.truncate === true && overUdp;
	const flags = 0x0180 | (reply.flags ?? 0) | (truncate ? 0x0200 : 0);
	const octets = packet.encode({
		type: "response",
		id: request.id,
		flags,
		questions: request.questions,
		answers: truncate ? [] : (reply.answers ?? []),
		authorities: reply.authorities ?? [],
		additionals: [{ type: "OPT", name: ".", udpPayloadSize: 1232, flags: 0, options: [] }],
	});
	octets[3] = ((octets[3] as number) & 0xf0) | (rcodes[reply.rcode ?? "NOERROR"] as number);
	return octets;
}
