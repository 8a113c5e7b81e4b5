import type { ClientRequest, IncomingMessage } from "node:http";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ReasonCode } from "../../../model/reasons.ts";
import { servedChain } from "../certificate/index.ts";

/** What to ask a host for. */
export interface HttpsRequest {
	/** Sent as SNI and Host. */
	host: string;
	/** Path and query. */
	path: string;
	/** Value of Accept. */
	accept: string;
	/** More octets of a body than this are not read. */
	maxBytes: number;
}

/** What one HTTPS request over one connection brought. */
export interface HttpsExchange {
	/** DER as served, leaf first; empty when the handshake did not get that far. */
	chain: Uint8Array[];
	httpStatus: number | null;
	contentType: string | null;
	/** Where a redirect points, at most 512 characters. It is not followed here. */
	location: string | null;
	/** Read only under status 200; at most `maxBytes` octets. */
	body: Buffer | null;
	/** The body was longer and the rest was not read. */
	truncated: boolean;
	/** Why the exchange ended early; null when the answer was read as far as it counts. */
	failure: { code: ReasonCode; message: string } | null;
}

const maxHeaderBytes = 16 * 1024;

/**
 * One GET over a connected socket: TLS with SNI, HTTP/1.1, one request, no redirect, no cache. The certificate
 * is recorded and not judged. Ends when the answer is read, the signal fires or the peer gives up; the socket is closed
 * then. `abortCode` names the reason when the signal fires.
 */
export function exchangeHttps(socket: Socket, asked: HttpsRequest, signal: AbortSignal, abortCode: () => ReasonCode): Promise<HttpsExchange> {
	const { promise, resolve } = Promise.withResolvers<HttpsExchange>();
	const seen: HttpsExchange = { chain: [], httpStatus: null, contentType: null, location: null, body: null, truncated: false, failure: null };
	let settled = false;
	let client: ClientRequest | undefined;
	// No roots are loaded and nothing is refused: what is served is judged later, at the clock of the run.
	const tls: TLSSocket = connectTls({
		socket,
		// RFC 6066 3: no SNI for an address.
		servername: isIP(asked.host) === 0 ? asked.host : "",
		rejectUnauthorized: false,
		ca: [],
		minVersion: "TLSv1.2",
		ALPNProtocols: ["http/1.1"],
	});

	const finish = (failure: HttpsExchange["failure"]): void => {
		if (settled) return;
		settled = true;
		signal.removeEventListener("abort", onAbort);
		seen.failure = failure;
		client?.destroy();
		tls.destroy();
		socket.destroy();
		resolve(seen);
	};
	const fail = (error: Error): void => finish(failureOf(error));
	const onAbort = (): void => {
		const code = abortCode();
		finish({ code, message: code === "timeout" ? "the answer was not complete within the time limit" : "the run was stopped" });
	};
	const cut = (): void => finish({ code: "reset", message: "the connection was closed before the answer was complete" });

	signal.addEventListener("abort", onAbort, { once: true });
	tls.on("error", fail);
	tls.on("close", cut);
	tls.once("secureConnect", () => {
		seen.chain = servedChain(tls);
		// Imported by name, the module would load all that it exports, a second HTTP client among it; and most scans of plans ask nothing.
		const { request } = process.getBuiltinModule("node:http");
		// With an agent named, even `false`, Node.js would resolve the name and connect on its own.
		client = request({
			createConnection: () => tls,
			host: asked.host,
			path: asked.path,
			method: "GET",
			maxHeaderSize: maxHeaderBytes,
			headers: requestHeaders(asked),
		});
		client.on("error", fail);
		client.on("response", (response) => readResponse(response, seen, asked.maxBytes, finish, cut));
		client.on("upgrade", (response) => {
			noteHeaders(response, seen);
			finish(null);
		});
		client.end();
	});
	if (signal.aborted) onAbort();
	return promise;
}

function readResponse(
	response: IncomingMessage,
	seen: HttpsExchange,
	maxBytes: number,
	finish: (failure: HttpsExchange["failure"]) => void,
	cut: () => void,
): void {
	noteHeaders(response, seen);
	// RFC 8461 3.3: every status but 200 means that there is no policy; its body says nothing. Nor does that of a missing logo.
	if (seen.httpStatus !== 200) {
		response.on("error", () => finish(null));
		finish(null);
		return;
	}
	const parts: Buffer[] = [];
	let size = 0;
	const keep = (): void => {
		seen.body = Buffer.concat(parts).subarray(0, maxBytes);
	};
	response.on("data", (part: Buffer) => {
		parts.push(part);
		size += part.length;
		if (size <= maxBytes) return;
		seen.truncated = true;
		keep();
		finish(null);
	});
	response.on("end", () => {
		keep();
		if (response.complete) finish(null);
		else cut();
	});
	response.on("error", (error) => finish(failureOf(error)));
	response.on("close", cut);
}

function noteHeaders(response: IncomingMessage, seen: HttpsExchange): void {
	seen.httpStatus = response.statusCode ?? null;
	seen.contentType = response.headers["content-type"]?.slice(0, 256) ?? null;
	seen.location = response.headers.location?.slice(0, 512) ?? null;
}

function requestHeaders({ host, accept }: HttpsRequest): Record<string, string> {
	return { Host: host, Accept: accept, "Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "mailward", Connection: "close" };
}

function failureOf(error: NodeJS.ErrnoException): { code: ReasonCode; message: string } {
	const code = error.code ?? "";
	const message = code === "" ? error.message.slice(0, 200) : code;
	if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") return { code: "reset", message };
	if (code === "ETIMEDOUT") return { code: "timeout", message };
	if (code === "HPE_HEADER_OVERFLOW") return { code: "too_large", message };
	if (code.startsWith("HPE_")) return { code: "protocol_error", message };
	// OpenSSL's refusals: alerts of the peer, versions, broken records.
	if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code.startsWith("ERR_OSSL_")) return { code: "tls_alert", message };
	return { code: "protocol_error", message };
}
