import { constants, createCipheriv, createHash, diffieHellman, generateKeyPairSync, publicEncrypt, X509Certificate } from "node:crypto";
import { BitString, Constructed, fromBER, Integer, Null, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { InputError } from "../../model/source.ts";

const oid = {
	rsaOaep: "1.2.840.113549.1.1.7",
	mgf1: "1.2.840.113549.1.1.8",
	sha256: "2.16.840.1.101.3.4.2.1",
	ecPublicKey: "1.2.840.10045.2.1",
	aes256Wrap: "2.16.840.1.101.3.4.1.45",
} as const;

/** Below this, an RSA key protects nothing (NIST SP 800-131A). */
const minimumRsaBits = 2048;

interface Curve {
	/** Of the parameters in the ephemeral key. */
	oid: string;
	/** dhSinglePass-stdDH with the hash of the curve's strength as key derivation function (RFC 5753, 7.1.4). */
	scheme: string;
	hash: string;
}

/** By OpenSSL's names, which are Node's. */
const curves: ReadonlyMap<string, Curve> = new Map([
	["prime256v1", { oid: "1.2.840.10045.3.1.7", scheme: "1.3.132.1.11.1", hash: "sha256" }],
	["secp384r1", { oid: "1.3.132.0.34", scheme: "1.3.132.1.11.2", hash: "sha384" }],
	["secp521r1", { oid: "1.3.132.0.35", scheme: "1.3.132.1.11.3", hash: "sha512" }],
]);

/** The RecipientInfo (RFC 5652, 6.2) by which a recipient's private key gives the content key. */
export type RecipientInfo = (contentKey: Buffer) => Sequence | Constructed;

/**
 * How a holder of a certificate receives a key: RSAES-OAEP with SHA-256 (RFC 3560), or for P-256, P-384 and P-521 ephemeral-static ECDH
 * with AES-256 key wrap (RFC 5753). Throws InputError for what is no certificate with a key of one of these, or a weak one.
 */
export function recipientOf(name: string, pem: string): RecipientInfo {
	const fault = (message: string): InputError => new InputError([{ file: name, line: 1, column: 1, message }]);
	if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw fault("holds a private key; a recipient is named by its certificate alone");
	let certificate: X509Certificate;
	try {
		certificate = new X509Certificate(pem);
	} catch {
		// The runtime's message may quote the file.
		throw fault("holds no X.509 certificate in PEM (-----BEGIN CERTIFICATE-----)");
	}
	// tbsCertificate: [0] version, serialNumber, signature, issuer, ... (RFC 5280, 4.1).
	const tbs = (fromBER(exact(certificate.raw)).result as Sequence).valueBlock.value[0] as Sequence;
	const [serial, , issuer] = tbs.valueBlock.value.filter((field) => field.idBlock.tagClass !== 3);
	if (serial === undefined || issuer === undefined) throw fault("is no certificate of a known form");
	// Issuer and serial number are how a recipient knows its entry.
	const issuerAndSerial = new Sequence({ value: [issuer, serial] });
	const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
	if (type === "rsa") {
		const bits = details?.modulusLength ?? 0;
		if (bits < minimumRsaBits) throw fault(`is a certificate with an RSA key of ${bits} bits; at least ${minimumRsaBits} are needed`);
		return (contentKey) => keyTransport(certificate, issuerAndSerial, contentKey);
	}
	if (type !== "ec") throw fault(`is a certificate with a key of type ${type}; expected RSA, P-256, P-384 or P-521, or use an age recipient`);
	const namedCurve = details?.namedCurve ?? "no named curve";
	const curve = curves.get(namedCurve);
	if (curve === undefined) throw fault(`is a certificate with a key on ${namedCurve}; expected P-256, P-384 or P-521, or use an age recipient`);
	return (contentKey) => keyAgreement(certificate, issuerAndSerial, namedCurve, curve, contentKey);
}

function keyTransport(certificate: X509Certificate, issuerAndSerial: Sequence, contentKey: Buffer): Sequence {
	const encrypted = publicEncrypt({ key: certificate.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, contentKey);
	const hash = (): Sequence => new Sequence({ value: [new ObjectIdentifier({ value: oid.sha256 }), new Null()] });
	const parameters = new Sequence({
		value: [tagged(0, hash()), tagged(1, new Sequence({ value: [new ObjectIdentifier({ value: oid.mgf1 }), hash()] }))],
	});
	return new Sequence({
		value: [
			new Integer({ value: 0 }),
			issuerAndSerial,
			new Sequence({ value: [new ObjectIdentifier({ value: oid.rsaOaep }), parameters] }),
			new OctetString({ valueHex: exact(encrypted) }),
		],
	});
}

/** KeyAgreeRecipientInfo (RFC 5753, 3.1.1): a key pair of its own for each message and recipient. */
function keyAgreement(certificate: X509Certificate, issuerAndSerial: Sequence, namedCurve: string, curve: Curve, contentKey: Buffer): Constructed {
	const ephemeral = generateKeyPairSync("ec", { namedCurve });
	const wrap = (): Sequence => new Sequence({ value: [new ObjectIdentifier({ value: oid.aes256Wrap })] });
	const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: certificate.publicKey });
	const wrappingKey = derivedKey(curve.hash, secret, wrap());
	secret.fill(0);
	// RFC 3394, 2.2.3.1: the initial value that tells a wrong key.
	const cipher = createCipheriv("id-aes256-wrap", wrappingKey, Buffer.alloc(8, 0xa6));
	const encrypted = Buffer.concat([cipher.update(contentKey), cipher.final()]);
	wrappingKey.fill(0);
	const { x = "", y = "" } = ephemeral.publicKey.export({ format: "jwk" });
	const point = Buffer.concat([Buffer.from([0x04]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
	const originatorKey = [
		new Sequence({ value: [new ObjectIdentifier({ value: oid.ecPublicKey }), new ObjectIdentifier({ value: curve.oid })] }),
		new BitString({ valueHex: exact(point) }),
	];
	return tagged(
		1,
		new Integer({ value: 3 }),
		tagged(0, tagged(1, ...originatorKey)),
		new Sequence({ value: [new ObjectIdentifier({ value: curve.scheme }), wrap()] }),
		new Sequence({ value: [new Sequence({ value: [issuerAndSerial, new OctetString({ valueHex: exact(encrypted) })] })] }),
	);
}

const wrappingKeyBytes = 32;

/** X9.63 over ECC-CMS-SharedInfo (RFC 5753, 7.2); each of the hashes gives the whole key in one round. */
function derivedKey(hash: string, secret: Buffer, wrap: Sequence): Buffer {
	const sharedInfo = new Sequence({ value: [wrap, tagged(2, new OctetString({ valueHex: exact(bigEndian(wrappingKeyBytes * 8)) }))] });
	return createHash(hash).update(secret).update(bigEndian(1)).update(der(sharedInfo)).digest().subarray(0, wrappingKeyBytes);
}

function bigEndian(value: number): Buffer {
	const octets = Buffer.alloc(4);
	octets.writeUInt32BE(value);
	return octets;
}

function tagged(tagNumber: number, ...value: (Sequence | Constructed | Integer | OctetString | BitString)[]): Constructed {
	return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
}

export function der(value: { toBER(): ArrayBuffer }): Buffer {
	return Buffer.from(value.toBER());
}

/** A copy of its own: a Buffer may be a window into a larger one. */
export function exact(value: Uint8Array): ArrayBuffer {
	return Uint8Array.from(value).buffer;
}
