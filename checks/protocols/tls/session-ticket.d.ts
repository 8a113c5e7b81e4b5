/** What a resumable TLS 1.3 session tells of its server. */
export interface SessionTicket {
	/** Octets of early data that the server grants with it (RFC 8446 4.2.10); 0 for none. */
	earlyDataBytes: number;
	/** Group of the key exchange that the session came from; null where it is not kept. */
	group: string | null;
}
/** Reads a session as node:tls gives it. null when it cannot be read. */
export declare function readSessionTicket(session: Uint8Array): SessionTicket | null;
