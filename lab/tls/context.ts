import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, type TLSSocketOptions } from "node:tls";
import type { Authority, CertificateSpec, CertificateVariant, ServedCertificate } from "../certificates/authority.ts";

export type TlsVersionName = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
/** A variant, the name of an entry under `certificates:`, or the fields themselves. */
export type CertificateReference = string | CertificateSpec;

export interface TlsSettings {
	minVersion?: TlsVersionName | undefined;
	maxVersion?: TlsVersionName | undefined;
	/** OpenSSL cipher list for TLS 1.2 and below. */
	ciphers?: string | undefined;
	/** OpenSSL group list, such as "X25519:P-256". */
	groups?: string | undefined;
	certificate?: CertificateReference | undefined;
	/** Certificates by SNI; other names and no name get `certificate`. */
	sni?: Readonly<Record<string, CertificateReference>> | undefined;
	/** What happens instead of a handshake, once the client has spoken. */
	fail?: "alert" | "close" | "hang" | "garbage" | undefined;
}

export type NamedCertificates = Readonly<Record<string, CertificateSpec>>;

/** The suites of Mozilla's intermediate profile: ECDHE with AEAD only (RFC 9325 4.2). */
const modernCiphers = [
	"ECDHE-ECDSA-AES128-GCM-SHA256",
	"ECDHE-RSA-AES128-GCM-SHA256",
	"ECDHE-ECDSA-AES256-GCM-SHA384",
	"ECDHE-RSA-AES256-GCM-SHA384",
	"ECDHE-ECDSA-CHACHA20-POLY1305",
	"ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

/** The hybrid group needs OpenSSL 3.5; older ones refuse the whole list over a name they do not know. */
const [opensslMajor = 0, opensslMinor = 0] = (process.versions.openssl ?? "").split(".").map(Number);
const defaultGroups = opensslMajor > 3 || (opensslMajor === 3 && opensslMinor >= 5) ? "X25519MLKEM768:X25519:P-256:P-384" : "X25519:P-256:P-384";

/** Contexts of one server, made when a client first needs them. */
export interface TlsContexts {
	/** Options for a server-side TLSSocket or https.createServer. */
	options(): TLSSocketOptions & { SNICallback: NonNullable<TLSSocketOptions["SNICallback"]> };
	contextFor(servername: string | undefined): SecureContext;
	certificateFor(servername: string | undefined): ServedCertificate;
}

export function tlsContexts(settings: TlsSettings, host: string, authority: Authority, named: NamedCertificates): TlsContexts {
	const made = new Map<string, SecureContext>();
	const referenceFor = (servername: string | undefined): CertificateReference =>
		(servername === undefined ? undefined : settings.sni?.[servername.toLowerCase()]) ?? settings.certificate ?? "valid";
	const certificateFor = (servername: string | undefined): ServedCertificate => authority.certificate(specOf(referenceFor(servername), named), host);
	const contextFor = (servername: string | undefined): SecureContext => {
		const reference = JSON.stringify(referenceFor(servername));
		const known = made.get(reference);
		if (known) return known;
		const certificate = certificateFor(servername);
		const context = secureContext(settings, certificate);
		made.set(reference, context);
		return context;
	};
	return {
		certificateFor,
		contextFor,
		options() {
			return {
				secureContext: contextFor(undefined),
				SNICallback: (servername, done) => {
					try {
						done(null, contextFor(servername));
					} catch (error) {
						done(error instanceof Error ? error : new Error(String(error)));
					}
				},
			};
		},
	};
}

function secureContext(settings: TlsSettings, certificate: ServedCertificate): SecureContext {
	const maxVersion = settings.maxVersion ?? "TLSv1.3";
	const minVersion = settings.minVersion ?? (maxVersion === "TLSv1" || maxVersion === "TLSv1.1" ? maxVersion : "TLSv1.2");
	const old = minVersion === "TLSv1" || minVersion === "TLSv1.1";
	// OpenSSL 3 speaks TLS 1.0, SHA-1 signatures and 1024-bit keys only at security level 0, which is the lab's business to serve.
	const base = settings.ciphers ?? (old ? `${modernCiphers}:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA` : modernCiphers);
	const suites = base.includes("@SECLEVEL") ? base : `${base}:@SECLEVEL=0`;
	const tls13 = maxVersion === "TLSv1.3" ? ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"] : [];
	return createSecureContext({
		cert: certificate.chainPem,
		key: certificate.keyPem,
		minVersion,
		maxVersion,
		ciphers: [...tls13, suites].join(":"),
		ecdhCurve: settings.groups ?? defaultGroups,
	});
}

/** The fields behind a reference. Throws a RangeError when the name is unknown; the world's schema refuses it before. */
function specOf(reference: CertificateReference, named: NamedCertificates): CertificateSpec {
	if (typeof reference !== "string") return reference;
	return named[reference] ?? { variant: reference as CertificateVariant };
}

/** Lets the client speak first and then breaks the handshake in the way that `fail` says. */
export function failHandshake(socket: Socket, fail: NonNullable<TlsSettings["fail"]>): void {
	socket.once("data", () => {
		// Record type 21 (alert), fatal, handshake_failure (RFC 8446 6).
		if (fail === "alert") socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 40]));
		if (fail === "garbage") socket.end("this is no TLS record\r\n");
		if (fail === "close") socket.destroy();
	});
}
