import { constants } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { connect, type EphemeralKeyInfo, type TLSSocket } from "node:tls";
import { socketErrorCode } from "../../network/create-connector.ts";
import { servedChain } from "../../protocols/certificate/index.ts";
import { readSessionTicket } from "../../protocols/tls/index.ts";
import { ConversationFault } from "./conversation-fault.ts";
import type { TlsFacts, TlsVersion } from "./schema.ts";

/**
 * Everything OpenSSL can still speak, so that an old server is seen as old and not as one without TLS. Without anonymous
 * suites: a server that prefers them would show no certificate, which mail clients that judge would never see.
 */
const ciphers = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ALL:!aNULL:!eNULL:@SECLEVEL=0";

/** What session tickets tell as they come in; more may come as long as the connection is open. */
export interface Tickets {
	/** The largest grant; null when a session could not be read. */
	earlyDataBytes: number | null;
	/** Of the key exchange: the runtime does not name hybrid groups otherwise. */
	group: string | null;
}

export interface HandshakeOptions {
	servername: string;
	minVersion: TlsVersion;
	maxVersion: TlsVersion;
	timeoutMs: number;
	signal: AbortSignal;
}

/**
 * One TLS handshake over an SMTP connection after the 220 to STARTTLS. Nothing is verified here: the chain is evidence, to
 * be judged later. Throws ConversationFault (tls_alert, protocol_error, timeout, reset, interrupted).
 */
export function handshake(socket: Socket, options: HandshakeOptions): Promise<{ tls: TLSSocket; facts: TlsFacts; tickets: Tickets }> {
	if (socket.destroyed) return Promise.reject(new ConversationFault("reset", "the server closed the connection after its reply to STARTTLS"));
	const { promise, resolve, reject } = Promise.withResolvers<{ tls: TLSSocket; facts: TlsFacts; tickets: Tickets }>();
	const { signal } = options;
	let tls: TLSSocket;
	try {
		tls = connect({
			socket,
			// SNI carries names only (RFC 6066 3).
			...(isIP(options.servername) === 0 ? { servername: options.servername } : {}),
			rejectUnauthorized: false,
			minVersion: options.minVersion,
			maxVersion: options.maxVersion,
			ciphers,
			minDHSize: 1,
			requestOCSP: true,
			// Servers without RFC 5746 are to be seen too; nothing confidential is ever sent.
			secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
		});
	} catch (error) {
		return Promise.reject(new ConversationFault("tls_alert", `TLS could not be started: ${error instanceof Error ? error.message : String(error)}`));
	}
	let staple: Buffer | null = null;
	tls.once("OCSPResponse", (response: Buffer | null) => {
		staple = response;
	});
	const tickets: Tickets = { earlyDataBytes: 0, group: null };
	tls.on("session", (session: Buffer) => {
		const ticket = readSessionTicket(session);
		tickets.earlyDataBytes = ticket === null || tickets.earlyDataBytes === null ? null : Math.max(tickets.earlyDataBytes, ticket.earlyDataBytes);
		tickets.group ??= ticket?.group ?? null;
	});
	const fail = (fault: ConversationFault): void => {
		settle();
		tls.destroy();
		socket.destroy();
		reject(fault);
	};
	const onAbort = (): void => fail(new ConversationFault("interrupted", "the run was stopped"));
	const timer = setTimeout(() => fail(new ConversationFault("timeout", `no TLS session within ${options.timeoutMs} ms`)), Math.max(0, options.timeoutMs));
	const settle = (): void => {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
	};
	signal.addEventListener("abort", onAbort, { once: true });
	tls.on("error", (error: NodeJS.ErrnoException & { reason?: string }) => fail(faultOf(error)));
	tls.once("close", () => fail(new ConversationFault("reset", "the connection was closed during the handshake")));
	tls.once("secureConnect", () => {
		settle();
		resolve({ tls, facts: { ...factsOf(tls), ocspStaple: staple?.toString("base64") ?? null }, tickets });
	});
	return promise;
}

function factsOf(tls: TLSSocket): TlsFacts {
	return {
		protocol: tls.getProtocol() ?? "unknown",
		cipher: tls.getCipher().standardName,
		group: groupOf(tls.getEphemeralKeyInfo()),
		chain: servedChain(tls).map((der) => Buffer.from(der).toString("base64")),
		ocspStaple: null,
		earlyDataBytes: null,
	};
}

function groupOf(info: EphemeralKeyInfo | object | null): TlsFacts["group"] {
	const { type, name, size } = (info ?? {}) as { type?: string; name?: string; size?: number };
	if (type === undefined || type === "") return null;
	return { type, name: name ?? type, bits: size ?? null };
}

function faultOf(error: NodeJS.ErrnoException & { reason?: string }): ConversationFault {
	const code = error.code ?? "";
	const reason = error.reason ?? error.message;
	// What came was no TLS record at all.
	if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" || code === "ERR_SSL_HTTP_REQUEST") {
		return new ConversationFault("protocol_error", `the server's answer to the handshake is no TLS: ${reason}`, reason);
	}
	if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code === "EPROTO") {
		return new ConversationFault("tls_alert", `the TLS handshake failed: ${reason}`, reason);
	}
	return new ConversationFault(socketErrorCode(error), `the connection broke during the handshake: ${code || error.message}`, error.code);
}

/** The server said that it does not speak any version of the offer (RFC 8446 6.2, alert 70). Other alerts may mean the suites. */
export function refusesVersions(fault: ConversationFault): boolean {
	return fault.code === "tls_alert" && /alert protocol version/i.test(fault.detail ?? "");
}
