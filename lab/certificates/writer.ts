import { createHash, sign } from "node:crypto";
import { isIP } from "node:net";
import {
	bitString,
	booleanTrue,
	explicit,
	implicit,
	nullValue,
	objectIdentifier,
	octetString,
	sequence,
	set,
	smallInteger,
	time,
	unsignedInteger,
	utf8String,
} from "./der.ts";
import { deterministicEcdsa, type LabKey } from "./keys.ts";

export interface CertificateFields {
	/** Common name of the subject; empty for an empty subject. */
	commonName: string;
	/** Common name of the issuer. */
	issuerName: string;
	/** Octets of the serial number, at most 20. */
	serial: Buffer;
	notBefore: Date;
	notAfter: Date;
	/** subjectAltName entries: DNS names and IP addresses. Empty: no extension. */
	names: readonly string[];
	/** null for a leaf. */
	authority: { pathLength: number } | null;
	subjectKey: LabKey;
	issuerKey: LabKey;
	hash: "sha1" | "sha256" | "sha384";
}

const signatureAlgorithms = {
	ec: { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2", sha384: "1.2.840.10045.4.3.3" },
	rsa: { sha1: "1.2.840.113549.1.1.5", sha256: "1.2.840.113549.1.1.11", sha384: "1.2.840.113549.1.1.12" },
} as const;

/**
 * Writes one X.509 version 3 certificate (RFC 5280) as DER. The lab writes its own because it is part of the shipped
 * `mailward demo`, must produce certificates that are wrong on purpose, and the same bytes for the same seed.
 */
export function writeCertificate(fields: CertificateFields): Buffer {
	const algorithm = algorithmIdentifier(fields.issuerKey, fields.hash);
	const tbs = sequence(
		explicit(0, smallInteger(2)),
		unsignedInteger(fields.serial),
		algorithm,
		distinguishedName(fields.issuerName),
		sequence(time(fields.notBefore), time(fields.notAfter)),
		distinguishedName(fields.commonName),
		publicKeyInfo(fields.subjectKey),
		explicit(3, sequence(...extensions(fields))),
	);
	return sequence(tbs, algorithm, bitString(signature(fields.issuerKey, fields.hash, tbs)));
}

/** DER of the SubjectPublicKeyInfo. */
export function publicKeyInfo(key: LabKey): Buffer {
	return key.publicKey.export({ type: "spki", format: "der" });
}

function signature(key: LabKey, hash: CertificateFields["hash"], tbs: Buffer): Buffer {
	if (key.scalar !== undefined && hash === "sha256") return deterministicEcdsa(key.scalar, createHash("sha256").update(tbs).digest());
	return sign(hash, tbs, key.privateKey);
}

function algorithmIdentifier(key: LabKey, hash: CertificateFields["hash"]): Buffer {
	// RFC 5758: no parameters with ECDSA. RFC 4055: NULL with RSA.
	if (key.kind.startsWith("ec")) return sequence(objectIdentifier(signatureAlgorithms.ec[hash]));
	return sequence(objectIdentifier(signatureAlgorithms.rsa[hash]), nullValue());
}

function distinguishedName(commonName: string): Buffer {
	if (commonName === "") return sequence();
	return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(commonName))));
}

function extensions(fields: CertificateFields): Buffer[] {
	const list: Buffer[] = [];
	const add = (id: string, critical: boolean, value: Buffer): void => {
		list.push(sequence(objectIdentifier(id), ...(critical ? [booleanTrue()] : []), octetString(value)));
	};
	if (fields.authority) {
		add("2.5.29.19", true, sequence(booleanTrue(), smallInteger(fields.authority.pathLength)));
		add("2.5.29.15", true, bitString(Buffer.from([0x06]), 1)); // keyCertSign, cRLSign
	} else {
		add("2.5.29.19", true, sequence());
		// digitalSignature, with RSA also keyEncipherment
		add("2.5.29.15", true, fields.subjectKey.kind.startsWith("rsa") ? bitString(Buffer.from([0xa0]), 5) : bitString(Buffer.from([0x80]), 7));
		add("2.5.29.37", false, sequence(objectIdentifier("1.3.6.1.5.5.7.3.1"))); // serverAuth
	}
	if (fields.names.length > 0) add("2.5.29.17", fields.commonName === "", sequence(...fields.names.map(generalName)));
	add("2.5.29.14", false, octetString(keyIdentifier(fields.subjectKey)));
	add("2.5.29.35", false, sequence(implicit(0, keyIdentifier(fields.issuerKey))));
	return list;
}

function generalName(name: string): Buffer {
	const family = isIP(name);
	if (family === 4) return implicit(7, Buffer.from(name.split(".").map(Number)));
	if (family === 6) return implicit(7, ipv6Octets(name));
	return implicit(2, Buffer.from(name, "latin1"));
}

function ipv6Octets(address: string): Buffer {
	const [head = "", tail] = address.split("::");
	const groups = (text: string): number[] =>
		text
			.split(":")
			.filter((group) => group !== "")
			.map((group) => Number.parseInt(group, 16));
	const left = groups(head);
	const right = tail === undefined ? [] : groups(tail);
	const octets = Buffer.alloc(16);
	for (const [index, group] of left.entries()) octets.writeUInt16BE(group, index * 2);
	for (const [index, group] of right.entries()) octets.writeUInt16BE(group, 16 - (right.length - index) * 2);
	return octets;
}

function keyIdentifier(key: LabKey): Buffer {
	return createHash("sha1").update(publicKeyInfo(key)).digest();
}
