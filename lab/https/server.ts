import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { closeAll, type LabServer, listen } from "../smtp/server.ts";
import { failHandshake, type TlsContexts, type TlsSettings } from "../tls/context.ts";

/** What a policy host answers under one path. */
export interface HttpResponse {
	/** Default 200. */
	status?: number | undefined;
	headers?: Readonly<Record<string, string>> | undefined;
	/** Default text/plain; "" sends none. */
	contentType?: string | undefined;
	/** Code points 0 to 255 become octets. */
	body?: string | undefined;
	/** The body is repeated up to this many octets. */
	bytes?: number | undefined;
	/** Chunked, without a Content-Length. */
	chunked?: boolean | undefined;
	/** Location of a 3xx; sets the status to 301 if none is given. */
	redirect?: string | undefined;
	/** Wait before the status line. */
	delayMs?: number | undefined;
	/** Body octets per second. */
	bytesPerSecond?: number | undefined;
	/** The header goes out, the body never. */
	bodyless?: boolean | undefined;
	/** Octets in place of any HTTP; the connection closes after them. */
	raw?: string | undefined;
	/** Only the first so many requests get this answer, later ones `after`. */
	times?: number | undefined;
	after?: HttpResponse | undefined;
}

export interface HttpsHost {
	name: string;
	paths: Readonly<Record<string, HttpResponse>>;
	contexts: TlsContexts;
	fail: TlsSettings["fail"];
	/** Accepts the connection and says nothing. */
	silent: boolean;
}

export interface HttpsEvents {
	onConnection(): void;
	onRequest(host: string, path: string): void;
	onTlsError(message: string): void;
}

/** One HTTPS listener for all hosts of one address: the host is chosen by SNI, then by the Host header. */
export async function startHttpsServer(hosts: readonly HttpsHost[], events: HttpsEvents): Promise<LabServer> {
	const open = new Set<Socket>();
	const met = new Map<HttpResponse, number>();
	const byName = (name: string | undefined): HttpsHost | undefined => hosts.find((host) => host.name === name?.toLowerCase().replace(/\.$/, ""));
	const http = createHttpServer((request, response) => {
		const host = byName(request.headers.host?.replace(/:\d+$/, ""));
		events.onRequest(request.headers.host ?? "", request.url ?? "");
		const path = (request.url ?? "").split("?")[0] ?? "";
		const configured = host && Object.hasOwn(host.paths, path) ? host.paths[path] : undefined;
		respond(request, response, configured ? current(configured, met) : { status: 404, body: "not found\n" });
	});
	http.on("clientError", (error, socket) => {
		events.onTlsError(error.message);
		socket.destroy();
	});
	const first = hosts[0];
	const server = createServer((socket) => {
		open.add(socket);
		socket.on("close", () => open.delete(socket));
		socket.on("error", () => socket.destroy());
		events.onConnection();
		if (!first || hosts.some((host) => host.silent)) return;
		const fail = hosts.find((host) => host.fail !== undefined)?.fail;
		if (fail !== undefined) {
			failHandshake(socket, fail);
			return;
		}
		const tls = new TLSSocket(socket, {
			isServer: true,
			...first.contexts.options(),
			ALPNProtocols: ["http/1.1"],
			SNICallback: (servername, done) => {
				try {
					done(null, (byName(servername) ?? first).contexts.contextFor(servername));
				} catch (error) {
					done(error instanceof Error ? error : new Error(String(error)));
				}
			},
		});
		tls.on("error", (error) => {
			events.onTlsError(error.message);
			socket.destroy();
		});
		http.emit("connection", tls);
	});
	const port = await listen(server);
	return {
		port,
		async close() {
			http.closeAllConnections();
			await closeAll(server, open);
		},
	};
}

function current(response: HttpResponse, met: Map<HttpResponse, number>): HttpResponse {
	const seen = met.get(response) ?? 0;
	met.set(response, seen + 1);
	return response.times !== undefined && seen >= response.times && response.after ? current(response.after, met) : response;
}

function respond(request: IncomingMessage, response: ServerResponse, wanted: HttpResponse): void {
	request.resume();
	const timers = new Set<NodeJS.Timeout>();
	const later = (delayMs: number, work: () => void): void => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			work();
		}, delayMs);
		timers.add(timer);
	};
	response.on("close", () => {
		for (const timer of timers) clearTimeout(timer);
	});
	const send = (): void => {
		if (wanted.raw !== undefined) {
			response.socket?.end(Buffer.from(wanted.raw, "latin1"));
			return;
		}
		const body = bodyOf(wanted);
		response.statusCode = wanted.status ?? (wanted.redirect === undefined ? 200 : 301);
		const contentType = wanted.contentType ?? "text/plain";
		if (contentType !== "") response.setHeader("Content-Type", contentType);
		if (wanted.redirect !== undefined) response.setHeader("Location", wanted.redirect);
		for (const [name, value] of Object.entries(wanted.headers ?? {})) response.setHeader(name, value);
		if (!wanted.chunked) response.setHeader("Content-Length", body.length);
		response.flushHeaders();
		if (wanted.bodyless) return;
		if (wanted.bytesPerSecond === undefined) {
			sendInPieces(response, body);
			return;
		}
		const intervalMs = 1000 / wanted.bytesPerSecond;
		const step = (position: number): void => {
			if (position >= body.length) {
				response.end();
				return;
			}
			response.write(body.subarray(position, position + 1));
			later(intervalMs, () => step(position + 1));
		};
		step(0);
	};
	if (wanted.delayMs === undefined) send();
	else later(wanted.delayMs, send);
}

/** With regard to the client's pace, so that one which stops reading stops the sending. */
function sendInPieces(response: ServerResponse, body: Buffer): void {
	let position = 0;
	const more = (): void => {
		while (position < body.length) {
			const piece = body.subarray(position, position + 16_384);
			position += piece.length;
			if (!response.write(piece)) {
				response.once("drain", more);
				return;
			}
		}
		response.end();
	};
	more();
}

function bodyOf(wanted: HttpResponse): Buffer {
	const text = Buffer.from(wanted.body ?? "", "latin1");
	if (wanted.bytes === undefined) return text;
	return Buffer.alloc(wanted.bytes, text.length === 0 ? "\n" : text);
}
