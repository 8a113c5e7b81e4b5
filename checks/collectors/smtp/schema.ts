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

export function isTlsVersion(text: string): text is TlsVersion {
	return (tlsVersions as readonly string[]).includes(text);
}
