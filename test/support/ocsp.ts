import { createHash, sign, X509Certificate } from "node:crypto";
import { type IssuedCertificate, issueCertificate } from "../../checks/protocols/certificate/testing/issue-certificate.ts";

export const stapleKinds = ["good", "revoked", "forged", "old"] as const;
export type StapleKind = (typeof stapleKinds)[number];

/** A chain with a stapled OCSP answer about its leaf (RFC 6960 4.2.1): forged = signed by a stranger, old = past its nextUpdate. */
export function stapledChain(kind: StapleKind, host: string, asOf: string): { chain: Buffer[]; staple: Buffer } {
	const dates = { notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-12-31T00:00:00Z" };
	const issuer = issueCertificate({ subject: "Case CA", ca: true, ...dates });
	const leaf = issueCertificate({ subject: host, issuer, dnsIds: [host], ...dates });
	const stranger = issueCertificate({ subject: "Case CA", ca: true, ...dates });
	const days = kind === "old" ? -10 : -1;
	const from = new Date(Date.parse(asOf) + days * 86_400_000);
	const until = new Date(from.getTime() + 4 * 86_400_000);
	const state = kind === "revoked" ? tlv(0xa1, time(from)) : tlv(0x80);
	const single = tlv(0x30, certId(leaf, issuer), state, time(from), tlv(0xa0, time(until)));
	const signer = kind === "forged" ? stranger : issuer;
	const data = tlv(0x30, tlv(0xa2, tlv(0x04, keyHash(signer))), time(from), tlv(0x30, single));
	const basic = tlv(0x30, data, algorithm(signer), tlv(0x03, Buffer.from([0]), sign("sha256", data, signer.key)));
	const staple = tlv(0x30, tlv(0x0a, Buffer.from([0])), tlv(0xa0, tlv(0x30, tlv(0x06, Buffer.from("2b0601050507300101", "hex")), tlv(0x04, basic))));
	return { chain: [leaf.der, issuer.der], staple };
}

function certId(leaf: IssuedCertificate, issuer: IssuedCertificate): Buffer {
	const sha1 = tlv(0x30, tlv(0x06, Buffer.from("2b0e03021a", "hex")), tlv(0x05));
	const serial = Buffer.from(new X509Certificate(leaf.der).serialNumber, "hex");
	return tlv(0x30, sha1, tlv(0x04, createHash("sha1").update(issuer.name).digest()), tlv(0x04, keyHash(issuer)), tlv(0x02, serial));
}

/** SHA-1 of the key bits: the last element of SubjectPublicKeyInfo, its tag, length and count of unused bits apart. */
function keyHash(issuer: IssuedCertificate): Buffer {
	const { spki } = issuer;
	const header = (at: number): number => ((spki[at + 1] ?? 0) < 0x80 ? 2 : 2 + ((spki[at + 1] ?? 0) & 0x7f));
	const length = (at: number): number => {
		const first = spki[at + 1] ?? 0;
		return first < 0x80 ? first : spki.readUIntBE(at + 2, first & 0x7f);
	};
	const algorithmAt = header(0);
	const bitsAt = algorithmAt + header(algorithmAt) + length(algorithmAt);
	return createHash("sha1")
		.update(spki.subarray(bitsAt + header(bitsAt) + 1))
		.digest();
}

function algorithm(signer: IssuedCertificate): Buffer {
	const rsa = signer.key.asymmetricKeyType === "rsa";
	return tlv(0x30, tlv(0x06, Buffer.from(rsa ? "2a864886f70d01010b" : "2a8648ce3d040302", "hex")), ...(rsa ? [tlv(0x05)] : []));
}

function time(date: Date): Buffer {
	return tlv(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)}Z`, "latin1"));
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const octets =
		content.length < 0x80 ? [content.length] : content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...octets]), content]);
}
