import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { configSchema, type NetworkConfig } from "../../../../model/config.ts";
import { type IssuedCertificate, issueCertificate } from "../../certificate/testing/issue-certificate.ts";

/** The clock of these tests: certificates below are judged by it, never by the machine's. */
export const labNow = new Date("2026-06-01T00:00:00Z");
export const labRoot = issueCertificate({ subject: "Lab Root", ca: true });
const intermediate = issueCertificate({ subject: "Lab Intermediate", issuer: labRoot, ca: true });

/** A served chain and the key of its leaf. */
export interface Identity {
	chain: readonly IssuedCertificate[];
	key: string;
}

export function identity(host: string, options: { notBefore?: string; notAfter?: string; omitIntermediate?: boolean; reversed?: boolean } = {}): Identity {
	const { notBefore, notAfter } = options;
	const leaf = issueCertificate({ subject: host, issuer: intermediate, dnsIds: [host], ...(notBefore && { notBefore }), ...(notAfter && { notAfter }) });
	const chain = options.omitIntermediate === true ? [leaf] : options.reversed === true ? [leaf, labRoot, intermediate] : [leaf, intermediate];
	return { chain, key: leaf.keyPem };
}

export function selfSigned(host: string): Identity {
	const leaf = issueCertificate({ subject: host, dnsIds: [host] });
	return { chain: [leaf], key: leaf.keyPem };
}

export interface PolicyHost {
	port: number;
	/** Connections that completed the handshake. */
	connections: number;
	/** What the clients sent, one entry per connection. */
	requests: string[];
	/** SNI of each. */
	names: (string | false)[];
	close(): Promise<void>;
}

/** A TLS server on loopback that answers each request by hand, octet by octet: `answer` sees the request and the count of connections so far. */
export async function startPolicyHost(served: Identity, answer: (socket: TLSSocket, connection: number) => void): Promise<PolicyHost> {
	const server = createTlsServer({ cert: served.chain.map((certificate) => certificate.pem).join(""), key: served.key, minVersion: "TLSv1.2" });
	const host = await listen(server);
	server.on("secureConnection", (socket) => {
		host.connections += 1;
		const connection = host.connections;
		host.names.push(socket.servername ?? false);
		host.requests.push("");
		let answered = false;
		socket.on("error", () => socket.destroy());
		socket.on("data", (octets) => {
			host.requests[connection - 1] += octets.toString("latin1");
			if (answered || !host.requests[connection - 1]?.includes("\r\n\r\n")) return;
			answered = true;
			answer(socket, connection);
		});
	});
	return host;
}

/** A TCP server that does what it likes with the connection. */
export async function startTcpHost(handle: (socket: Socket) => void): Promise<PolicyHost> {
	const server = createTcpServer((socket) => {
		socket.on("error", () => socket.destroy());
		handle(socket);
	});
	return listen(server);
}

async function listen(server: Server): Promise<PolicyHost> {
	const open = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		open.add(socket);
		socket.on("close", () => open.delete(socket));
		socket.on("error", () => socket.destroy());
	});
	const { promise, resolve } = Promise.withResolvers<void>();
	server.listen(0, "127.0.0.1", resolve);
	await promise;
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("server has no port");
	return {
		port: address.port,
		connections: 0,
		requests: [],
		names: [],
		close: () => {
			for (const socket of open) socket.destroy();
			const closed = Promise.withResolvers<void>();
			server.close(() => closed.resolve());
			return closed.promise;
		},
	};
}

/** An answer that ends with the connection. */
export function http(status: number, body: string | Uint8Array, headers: Record<string, string> = {}): Buffer {
	const octets = Buffer.from(body);
	const all: Record<string, string> = { "Content-Type": "text/plain", "Content-Length": String(octets.length), ...headers };
	const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${head.join("")}\r\n`), octets]);
}

/** Only mapped addresses are contacted; documentation addresses stand for the hosts. */
export function labNetwork(connect: Record<string, number>, timeoutMs = 5000): NetworkConfig {
	const map = Object.fromEntries(Object.entries(connect).map(([address, port]) => [address, `127.0.0.1:${port}`]));
	return configSchema.parse({ version: 1, network: { connect: map, connectOnly: true, timeoutMs: { https: timeoutMs } } }).network;
}

export const policyText = "version: STSv1\nmode: enforce\nmx: mail.good.loc\nmax_age: 1209600\n";
