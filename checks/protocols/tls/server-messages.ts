import { type CipherSuite, suiteByCode } from "./cipher-suites.ts";
import { OctetError, OctetReader } from "./octet-reader.ts";

/** ServerHello or HelloRetryRequest. */
export interface ServerHello {
	/** The same message with a fixed random asks for another ClientHello (RFC 8446 4.1.4). */
	retry: boolean;
	/** Code point; of TLS 1.3 as the supported_versions extension has it. */
	version: number;
	suite: number;
	compression: number;
	/** Code points in the order sent. */
	extensions: number[];
	/** The group of the key share, or the one that a HelloRetryRequest wants. */
	group: number | null;
}

/** ServerKeyExchange of TLS 1.2 and older (RFC 5246 7.4.3, RFC 8422 5.4). */
export interface ServerKeyExchange {
	kind: "ecdhe" | "dhe" | "export";
	/** Named curve; null for finite fields and for curves given by their parameters. */
	group: number | null;
	/** Bits of the prime or of the temporary RSA modulus; null for curves. */
	bits: number | null;
	/** SignatureScheme; null before TLS 1.2, where it is not said, and for anonymous suites. */
	scheme: number | null;
}

const retryRandom = Uint8Array.from(
	Buffer.from("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", "hex"), // RFC 8446 4.1.3
);
const maxExtensions = 64;
const maxCertificates = 32;

/** Throws OctetError. */
export function readServerHello(body: Uint8Array): ServerHello {
	const reader = new OctetReader(body);
	const legacyVersion = reader.uint(2);
	const random = reader.take(32);
	if (reader.vector(1).length > 32) throw new OctetError("the session id is longer than 32 octets");
	const hello: ServerHello = {
		retry: Buffer.from(random).equals(retryRandom),
		version: legacyVersion,
		suite: reader.uint(2),
		compression: reader.uint(1),
		extensions: [],
		group: null,
	};
	if (reader.left === 0) return hello;
	const extensions = new OctetReader(reader.vector(2));
	while (extensions.left > 0) {
		if (hello.extensions.length >= maxExtensions) throw new OctetError(`more than ${maxExtensions} extensions`);
		const code = extensions.uint(2);
		const content = new OctetReader(extensions.vector(2));
		hello.extensions.push(code);
		if (code === 43) hello.version = content.uint(2);
		if (code === 51) hello.group = content.uint(2);
	}
	return hello;
}

/** The DER certificates of a Certificate message of TLS 1.2 and older. Throws OctetError. */
export function readCertificates(body: Uint8Array): Uint8Array[] {
	const list = new OctetReader(new OctetReader(body).vector(3));
	const chain: Uint8Array[] = [];
	while (list.left > 0) {
		if (chain.length >= maxCertificates) throw new OctetError(`more than ${maxCertificates} certificates`);
		chain.push(Uint8Array.from(list.vector(3)));
	}
	return chain;
}

/** The OCSP answer of a CertificateStatus message (RFC 6066 8); undefined for another type of status. Throws OctetError. */
export function readCertificateStatus(body: Uint8Array): Uint8Array | undefined {
	const reader = new OctetReader(body);
	if (reader.uint(1) !== 1) return undefined;
	return Uint8Array.from(reader.vector(3));
}

/** Undefined when the suite's exchange is none that can be read. Throws OctetError. */
export function readServerKeyExchange(body: Uint8Array, hello: ServerHello): ServerKeyExchange | undefined {
	const suite = suiteByCode(hello.suite);
	if (suite === undefined) return undefined;
	const reader = new OctetReader(body);
	const kind = exchangeKind(suite);
	if (kind === undefined) return undefined;
	const exchange: ServerKeyExchange = { kind, group: null, bits: null, scheme: null };
	if (kind === "ecdhe") {
		// Curves by parameters (types 1 and 2) were never to be used (RFC 8422 5.4); their octets are not read further.
		if (reader.uint(1) !== 3) return exchange;
		exchange.group = reader.uint(2);
		reader.vector(1);
	} else {
		exchange.bits = bitsOf(reader.vector(2));
		reader.vector(2);
		if (kind === "dhe") reader.vector(2);
	}
	if (hello.version >= 0x0303 && suite.keyExchange !== "anonymous") exchange.scheme = reader.uint(2);
	return exchange;
}

function exchangeKind(suite: CipherSuite): ServerKeyExchange["kind"] | undefined {
	if (suite.keyExchange === "ecdhe" || suite.name.startsWith("TLS_ECDH_anon")) return "ecdhe";
	if (suite.keyExchange === "dhe" || suite.name.startsWith("TLS_DH_anon")) return "dhe";
	return suite.keyExchange === "rsa" && suite.weaknesses.includes("export") ? "export" : undefined;
}

/** Size of an unsigned number, leading zeros apart. */
function bitsOf(octets: Uint8Array): number {
	const first = octets.findIndex((octet) => octet !== 0);
	if (first < 0) return 0;
	return (octets.length - first - 1) * 8 + (32 - Math.clz32(octets[first] ?? 0));
}
