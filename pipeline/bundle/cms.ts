import { constants, createCipheriv, publicEncrypt, randomBytes, X509Certificate } from "node:crypto";
import { Set as Asn1Set, Constructed, fromBER, Integer, Null, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { InputError } from "../../model/source.ts";
import type { Encrypt } from "./zip.ts";

const oid = {
	data: "1.2.840.113549.1.7.1",
	authEnvelopedData: "1.2.840.113549.1.9.16.1.23",
	aes256Gcm: "2.16.840.1.101.3.4.1.46",
	rsaOaep: "1.2.840.113549.1.1.7",
	mgf1: "1.2.840.113549.1.1.8",
	sha256: "2.16.840.1.101.3.4.2.1",
} as const;

const nonceBytes = 12;
const tagBytes = 16;
/** Below this, an RSA key protects nothing (NIST SP 800-131A). */
const minimumRsaBits = 2048;

interface Recipient {
	certificate: X509Certificate;
	/** SEQUENCE of issuer and serial number, which is how a recipient knows its entry. */
	issuerAndSerial: Sequence;
}

/**
 * CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084) and the key under RSAES-OAEP with SHA-256 (RFC 3560) for each
 * certificate, in BER of indefinite length, so that nothing is held in memory. `openssl cms -decrypt -inform DER` of OpenSSL 3 opens it.
 * Throws InputError for what is no certificate with an RSA key of 2048 bits or more.
 */
export function cmsEncryption(certificates: readonly { name: string; pem: string }[]): Encrypt {
	const recipients = certificates.map(({ name, pem }) => recipientOf(name, pem));
	return async function* (plain) {
		const key = randomBytes(32);
		const nonce = randomBytes(nonceBytes);
		const cipher = createCipheriv("aes-256-gcm", key, nonce);
		const algorithm = new Sequence({
			value: [
				new ObjectIdentifier({ value: oid.aes256Gcm }),
				new Sequence({ value: [new OctetString({ valueHex: exact(nonce) }), new Integer({ value: tagBytes })] }),
			],
		});
		yield Buffer.concat([
			open.sequence,
			der(new ObjectIdentifier({ value: oid.authEnvelopedData })),
			open.context0,
			open.sequence,
			der(new Integer({ value: 0 })),
			der(new Asn1Set({ value: recipients.map((recipient) => recipientInfo(recipient, key)) })),
			open.sequence,
			der(new ObjectIdentifier({ value: oid.data })),
			der(algorithm),
			open.context0,
		]);
		for await (const chunk of plain) {
			const piece = cipher.update(chunk as Buffer);
			if (piece.length > 0) yield octets(piece);
		}
		const rest = cipher.final();
		// Ends, from the inside: content, its description, tag, message, wrapper, file.
		yield Buffer.concat([...(rest.length > 0 ? [octets(rest)] : []), end, end, octets(cipher.getAuthTag()), end, end, end]);
		key.fill(0);
	};
}

const open = { sequence: Buffer.from([0x30, 0x80]), context0: Buffer.from([0xa0, 0x80]) } as const;
const end = Buffer.from([0, 0]);

function octets(value: Buffer): Buffer {
	return der(new OctetString({ valueHex: exact(value) }));
}

function der(value: { toBER(): ArrayBuffer }): Buffer {
	return Buffer.from(value.toBER());
}

/** A copy of its own: a Buffer may be a window into a larger one. */
function exact(value: Uint8Array): ArrayBuffer {
	return Uint8Array.from(value).buffer;
}

function recipientInfo({ certificate, issuerAndSerial }: Recipient, key: Buffer): Sequence {
	const encrypted = publicEncrypt({ key: certificate.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, key);
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

function tagged(tagNumber: number, value: Sequence): Constructed {
	return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [value] });
}

function recipientOf(name: string, pem: string): Recipient {
	const fault = (message: string): InputError => new InputError([{ file: name, line: 1, column: 1, message }]);
	if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw fault("holds a private key; a recipient is named by its certificate alone");
	let certificate: X509Certificate;
	try {
		certificate = new X509Certificate(pem);
	} catch {
		// The runtime's message may quote the file.
		throw fault("holds no X.509 certificate in PEM (-----BEGIN CERTIFICATE-----)");
	}
	const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
	if (type !== "rsa") throw fault(`is a certificate with a key of type ${type}; expected RSA, or use an age recipient`);
	if ((details?.modulusLength ?? 0) < minimumRsaBits)
		throw fault(`is a certificate with an RSA key of ${details?.modulusLength} bits; at least ${minimumRsaBits} are needed`);
	// tbsCertificate: [0] version, serialNumber, signature, issuer, ... (RFC 5280, 4.1).
	const tbs = (fromBER(exact(certificate.raw)).result as Sequence).valueBlock.value[0] as Sequence;
	const fields = tbs.valueBlock.value.filter((field) => field.idBlock.tagClass !== 3);
	const [serial, , issuer] = fields;
	if (serial === undefined || issuer === undefined) throw fault("is no certificate of a known form");
	return { certificate, issuerAndSerial: new Sequence({ value: [issuer, serial] }) };
}
