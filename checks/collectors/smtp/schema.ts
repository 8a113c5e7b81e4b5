import type { TlsProbe } from "../../protocols/tls/index.ts";

/** values of smtp.starttls; on an item in status error the part that was seen. */
export interface StarttlsValues {
	host: string;
	address: string;
	port: number;
	greeting: { code: number; lines: string[] } | null;
	/** keywords: first word of each line of the EHLO reply, upper case; whole lines stand in the transcript. */
	ehlo: { command: "EHLO" | "HELO"; code: number; keywords: string[] } | null;
	starttls: {
		advertised: boolean;
		/** A keyword such as XXXXXXXA stands where a middlebox wipes STARTTLS out. */
		overwritten: boolean;
		replyCode: number | null;
		replyText: string | null;
		/** Octets came in clear behind the 220, before the handshake (the CVE-2011-0411 class). */
		plaintextAfterReply: boolean;
		upgraded: boolean;
	};
	/** Keywords of the EHLO reply inside TLS, upper case; null when there was no session or no such reply. */
	ehloTls: string[] | null;
	transcript: TranscriptLine[];
}

export interface TranscriptLine {
	from: "client" | "server";
	/** Octets as latin1 text, at most 512 characters. */
	line: string;
}

export const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** true: a session came about. false: the server chose or demanded another. null: not probed, or the answer did not tell. */
export type AcceptedVersions = Record<TlsVersion, boolean | null>;

/** What one handshake settled. */
export interface TlsFacts {
	protocol: string;
	/** IANA name. */
	cipher: string;
	/**
	 * Key exchange group; null for RSA key exchange, and with TLSv1.3 where the runtime does not name the group. bits is null
	 * where there is no one size (hybrid groups).
	 */
	group: { type: string; name: string; bits: number | null } | null;
	/** Base64 DER as served, leaf first. */
	chain: string[];
	/** Base64 DER of the stapled OCSP answer (RFC 6066 8); null when the server gave none. */
	ocspStaple: string | null;
	/**
	 * Octets of early data that the tickets of a TLS 1.3 session grant (RFC 8446 4.2.10), 0 when they grant none or none came before the
	 * server's next reply; null for older versions and where the session ended before.
	 */
	earlyDataBytes: number | null;
}

/** values of tls.session. */
export interface TlsSessionValues extends TlsFacts {
	host: string;
	address: string;
	port: number;
	/** Sent as SNI. */
	servername: string;
	accepted: AcceptedVersions;
}

/** values of tls.offers: what ClientHellos of our own found out at network.tlsDepth full. */
export interface TlsOffersValues {
	host: string;
	address: string;
	port: number;
	/** Connections to the address in this run, those of the standard depth included. */
	connections: number;
	/** Renegotiations that the server took part in, of 10 asked for in one session; null: there was no session of TLS 1.2 or older. */
	clientRenegotiations: number | null;
	probes: TlsProbe[];
}

/** values of smtp.active: what network.activeTests permitted to try. */
export interface ActiveValues {
	host: string;
	address: string;
	port: number;
	permittedBy: string;
	permittedOn: string;
	/** MX-05: MAIL and RCPT for a stranger's domain, then RSET; never DATA. null: the conversation did not get that far. */
	relay: { sender: string; recipient: string; mailCode: number; rcptCode: number | null; rcptText: string | null } | null;
	/** STLS-03: NOOP in the packet of STARTTLS. answered: octets came inside TLS before we spoke; null: there was no session to see it in. */
	pipelined: { replyCode: number | null; answered: boolean | null } | null;
	transcript: TranscriptLine[];
}

export function isTlsVersion(text: string): text is TlsVersion {
	return (tlsVersions as readonly string[]).includes(text);
}
