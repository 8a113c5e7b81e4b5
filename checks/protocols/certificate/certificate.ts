import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { contentOf, DerError, derTags, encodingOf, expectTag, readChildren, readTime, readWhole } from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { readSignatureAlgorithm, type SignatureAlgorithm } from "./signature-algorithm.ts";

export interface PublicKeyFacts {
	/** rsa, rsa-pss, ec, ed25519, ed448, dsa ...; "unknown" when the key cannot be read here. */
	type: string;
	/** Modulus or field size; null when it does not apply or is not known. */
	bits: number | null;
	/** Named curve of an EC key, as OpenSSL spells it. */
	curve: string | null;
}

/** A certificate, read once. Nothing in it has been judged. */
export interface Certificate {
	der: Uint8Array;
	/** SHA-256 of the DER, hex. */
	sha256: string;
	version: number;
	subject: DistinguishedName;
	issuer: DistinguishedName;
	notBefore: Date;
	notAfter: Date;
	/** DER of SubjectPublicKeyInfo. */
	spki: Uint8Array;
	signature: SignatureAlgorithm;
	key: PublicKeyFacts;
	extensions: Extensions;
	/** Issuer and subject are one name, and the key inside verifies the signature. */
	selfSigned: boolean;
	/** Whether the key of `issuer` made the signature of this certificate. Names and times are not looked at. */
	isSignedBy(issuer: Pick<Certificate, "spki">): boolean;
}

export type ParsedCertificate = { ok: true; certificate: Certificate } | { ok: false; message: string };

/** Certificates larger than this are refused unread; 1,000 names fit in a twentieth of it. */
export const maxCertificateBytes = 1024 * 1024;

const curveBits: Record<string, number> = {
	prime256v1: 256,
	secp256k1: 256,
	secp224r1: 224,
	prime192v1: 192,
	secp384r1: 384,
	secp521r1: 521,
	brainpoolP256r1: 256,
	brainpoolP384r1: 384,
	brainpoolP512r1: 512,
};

/** Reads a DER certificate (RFC 5280 4.1). Any octets in, a value out. */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
	if (der.length > maxCertificateBytes) return { ok: false, message: `certificate has ${der.length} octets` };
	try {
		return { ok: true, certificate: readCertificate(der) };
	} catch (error) {
		if (error instanceof DerError) return { ok: false, message: error.message };
		// OpenSSL's own refusals carry a code; anything else is a defect of ours and must show.
		if (error instanceof Error && "code" in error) return { ok: false, message: "the certificate is refused by OpenSSL" };
		throw error;
	}
}

/** DER of the public key info (RFC 5280 4.1), for TLSA selector 1; undefined when the octets are no certificate. */
export function publicKeyInfo(der: Uint8Array): Uint8Array | undefined {
	try {
		return encodingOf(der, expectTag(bodyOf(der).fields[5], derTags.sequence));
	} catch (error) {
		if (error instanceof DerError) return undefined;
		throw error;
	}
}

/** The subject alone: an index over many roots needs no more. */
export function subjectOf(der: Uint8Array): DistinguishedName | undefined {
	try {
		return readName(der, expectTag(bodyOf(der).fields[4], derTags.sequence));
	} catch (error) {
		if (error instanceof DerError) return undefined;
		throw error;
	}
}

interface Body {
	version: number;
	/** serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, then the optional ones. */
	fields: ReturnType<typeof readChildren>;
	outerSignature: Uint8Array;
}

function bodyOf(der: Uint8Array): Body {
	const parts = readChildren(der, readWhole(der, derTags.sequence));
	if (parts.length !== 3) throw new DerError("not a certificate");
	const fields = readChildren(der, expectTag(parts[0], derTags.sequence));
	let version = 1;
	const [first] = fields;
	if (first?.tag === 0xa0) {
		const [number] = readChildren(der, first);
		version = (contentOf(der, expectTag(number, derTags.integer))[0] ?? 0) + 1;
		fields.shift();
	}
	expectTag(fields[0], derTags.integer);
	return { version, fields, outerSignature: encodingOf(der, expectTag(parts[1], derTags.sequence)) };
}

function readCertificate(der: Uint8Array): Certificate {
	const { version, fields, outerSignature } = bodyOf(der);
	const innerSignature = expectTag(fields[1], derTags.sequence);
	// RFC 5280 4.1.1.2: both algorithm identifiers are the same; otherwise the one that is shown is not the signed one.
	if (Buffer.compare(encodingOf(der, innerSignature), outerSignature) !== 0) throw new DerError("signature algorithms differ");
	const [notBefore, notAfter] = readChildren(der, expectTag(fields[3], derTags.sequence));
	const wrapped = fields.slice(6).find((field) => field.tag === 0xa3);
	const extensions = readExtensions(der, wrapped === undefined ? undefined : readChildren(der, wrapped)[0]);
	const x509 = new X509Certificate(der);
	const issuer = readName(der, expectTag(fields[2], derTags.sequence));
	const subject = readName(der, expectTag(fields[4], derTags.sequence));
	// One item per certificate, kept private here: signatures are checked by OpenSSL, trust never is.
	const certificate: Certificate = {
		der,
		sha256: createHash("sha256").update(der).digest("hex"),
		version,
		subject,
		issuer,
		notBefore: readTime(der, notBefore),
		notAfter: readTime(der, notAfter),
		spki: encodingOf(der, expectTag(fields[5], derTags.sequence)),
		signature: readSignatureAlgorithm(der, innerSignature),
		key: keyFacts(x509),
		extensions,
		selfSigned: false,
		isSignedBy: (other) => verifies(x509, other.spki),
	};
	certificate.selfSigned = subject.key === issuer.key && certificate.isSignedBy(certificate);
	return certificate;
}

function keyFacts(x509: X509Certificate): PublicKeyFacts {
	try {
		const key = x509.publicKey;
		const curve = key.asymmetricKeyDetails?.namedCurve ?? null;
		const type = key.asymmetricKeyType ?? "unknown";
		if (type === "ed25519") return { type, bits: 256, curve: null };
		if (type === "ed448") return { type, bits: 456, curve: null };
		const bits = key.asymmetricKeyDetails?.modulusLength ?? (curve === null ? undefined : curveBits[curve]);
		return { type, bits: bits ?? null, curve };
	} catch (error) {
		// Key types OpenSSL does not know, or keys it refuses.
		if (error instanceof Error && "code" in error) return { type: "unknown", bits: null, curve: null };
		throw error;
	}
}

function verifies(x509: X509Certificate, spki: Uint8Array): boolean {
	try {
		return x509.verify(createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }));
	} catch (error) {
		if (error instanceof Error && "code" in error) return false;
		throw error;
	}
}

/** Whether the octets are one SubjectPublicKeyInfo in DER: an algorithm and a bit string. The key itself is not judged. */
export function isPublicKeyInfo(octets: Uint8Array): boolean {
	try {
		const [algorithm, key, ...rest] = readChildren(octets, readWhole(octets, derTags.sequence));
		expectTag(algorithm, derTags.sequence);
		expectTag(key, derTags.bitString);
		return rest.length === 0;
	} catch (error) {
		if (error instanceof DerError) return false;
		throw error;
	}
}
