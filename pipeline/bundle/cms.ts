import { createCipheriv, randomBytes } from "node:crypto";
import { Set as Asn1Set, Integer, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { der, exact, recipientOf } from "./cms-recipient.ts";
import type { Encrypt } from "./zip.ts";

const oid = {
	data: "1.2.840.113549.1.7.1",
	authEnvelopedData: "1.2.840.113549.1.9.16.1.23",
	aes256Gcm: "2.16.840.1.101.3.4.1.46",
} as const;

const nonceBytes = 12;
const tagBytes = 16;
/**
 * CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), the key for each certificate as recipientOf says, in BER of indefinite
 * length, so that nothing is held in memory. `openssl cms -decrypt -inform DER` of OpenSSL 3 opens it. Throws InputError for what is no
 * certificate that can receive.
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
			der(new Asn1Set({ value: recipients.map((recipient) => recipient(key)) })),
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
