import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/**
 * Makes certificates for tests, octet by octet: libraries refuse to issue much of what has to be judged (wrong order of
 * dates, SHA-1, path lengths that are broken, extensions that nobody knows).
 */
export interface IssueOptions {
	/** commonName; none gives an empty subject. */
	subject?: string;
	/** Left out: self-signed. */
	issuer?: IssuedCertificate;
	/** Keys of another certificate, for renewals and cross-signing. */
	keysOf?: IssuedCertificate;
	rsaBits?: number;
	curve?: string;
	dnsIds?: readonly (string | Uint8Array)[];
	ipAddresses?: readonly Uint8Array[];
	notBefore?: string;
	notAfter?: string;
	ca?: boolean;
	pathLength?: number;
	hash?: "sha1" | "sha256" | "sha384" | "sha512";
	/** Dotted. */
	extendedKeyUsage?: readonly string[];
	keyUsageBits?: number;
	nameConstraints?: { permitted?: readonly string[]; excluded?: readonly string[] };
	/** Further extensions: dotted oid, value octets. */
	extensions?: readonly { oid: string; critical?: boolean; value: Uint8Array }[];
	version1?: boolean;
}

export interface IssuedCertificate {
	der: Buffer;
	pem: string;
	key: KeyObject;
	keyPem: string;
	spki: Buffer;
	name: Buffer;
}

export function issueCertificate(options: IssueOptions = {}): IssuedCertificate {
	const pair = options.keysOf === undefined ? newKeys(options) : undefined;
	const key = options.keysOf?.key ?? (pair?.privateKey as KeyObject);
	const spki = options.keysOf?.spki ?? (pair?.publicKey.export({ format: "der", type: "spki" }) as Buffer);
	const name = options.subject === undefined ? tlv(0x30) : commonName(options.subject);
	const signer = options.issuer?.key ?? key;
	const hash = options.hash ?? "sha256";
	const algorithm = signatureAlgorithm(signer, hash);
	const extensions = options.version1 === true ? [] : [tlv(0xa3, tlv(0x30, ...extensionList(options)))];
	const tbs = tlv(
		0x30,
		...(options.version1 === true ? [] : [tlv(0xa0, integer(2))]),
		tlv(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
		algorithm,
		options.issuer?.name ?? name,
		tlv(0x30, time(options.notBefore ?? "2026-01-01T00:00:00Z"), time(options.notAfter ?? "2026-12-31T23:59:59Z")),
		name,
		spki,
		...extensions,
	);
	const der = tlv(0x30, tbs, algorithm, tlv(0x03, Buffer.from([0]), sign(hash, tbs, signer)));
	return { der, pem: toPem(der), key, keyPem: key.export({ format: "pem", type: "pkcs8" }).toString(), spki, name };
}

export function toPem(der: Uint8Array): string {
	return `-----BEGIN CERTIFICATE-----\n${(
		Buffer.from(der)
			.toString("base64")
			.match(/.{1,64}/g) ?? []
	).join("\n")}\n-----END CERTIFICATE-----\n`;
}

export function tlv(tag: number, ...parts: Uint8Array[]): Buffer {
	const content = Buffer.concat(parts);
	if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
	const size: number[] = [];
	for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
	return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), content]);
}

export function oid(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
	const octets: number[] = [];
	for (const arc of [first * 40 + second, ...rest]) {
		const group = [arc % 128];
		for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) group.unshift((high % 128) | 0x80);
		octets.push(...group);
	}
	return tlv(0x06, Buffer.from(octets));
}

function newKeys(options: IssueOptions): { privateKey: KeyObject; publicKey: KeyObject } {
	if (options.rsaBits !== undefined) return generateKeyPairSync("rsa", { modulusLength: options.rsaBits });
	return generateKeyPairSync("ec", { namedCurve: options.curve ?? "prime256v1" });
}

function extensionList(options: IssueOptions): Buffer[] {
	const list: Buffer[] = [];
	const add = (type: string, critical: boolean, value: Uint8Array) => {
		list.push(tlv(0x30, oid(type), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value)));
	};
	const names = [
		...(options.dnsIds ?? []).map((dns) => tlv(0x82, typeof dns === "string" ? Buffer.from(dns, "latin1") : dns)),
		...(options.ipAddresses ?? []).map((ip) => tlv(0x87, ip)),
	];
	if (names.length > 0) add("2.5.29.17", false, tlv(0x30, ...names));
	if (options.ca !== undefined) {
		const flag = options.ca ? [tlv(0x01, Buffer.from([0xff]))] : [];
		add("2.5.29.19", true, tlv(0x30, ...flag, ...(options.pathLength === undefined ? [] : [integer(options.pathLength)])));
	}
	if (options.keyUsageBits !== undefined) add("2.5.29.15", true, tlv(0x03, Buffer.from([0, options.keyUsageBits])));
	if (options.extendedKeyUsage !== undefined) add("2.5.29.37", false, tlv(0x30, ...options.extendedKeyUsage.map(oid)));
	if (options.nameConstraints !== undefined) {
		const subtrees = (tag: number, list: readonly string[] | undefined) =>
			list === undefined ? [] : [tlv(tag, ...list.map((dns) => tlv(0x30, tlv(0x82, Buffer.from(dns)))))];
		add("2.5.29.30", true, tlv(0x30, ...subtrees(0xa0, options.nameConstraints.permitted), ...subtrees(0xa1, options.nameConstraints.excluded)));
	}
	for (const extension of options.extensions ?? []) add(extension.oid, extension.critical ?? false, extension.value);
	return list;
}

function commonName(text: string): Buffer {
	return tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(0x0c, Buffer.from(text)))));
}

function integer(value: number): Buffer {
	return tlv(0x02, Buffer.from([value]));
}

/** Always GeneralizedTime: readers take both forms, and years are unambiguous. */
function time(iso: string): Buffer {
	return tlv(0x18, Buffer.from(`${iso.slice(0, 19).replace(/[-:T]/g, "")}Z`));
}

function signatureAlgorithm(key: KeyObject, hash: string): Buffer {
	const rsa: Record<string, string> = {
		sha1: "1.2.840.113549.1.1.5",
		sha256: "1.2.840.113549.1.1.11",
		sha384: "1.2.840.113549.1.1.12",
		sha512: "1.2.840.113549.1.1.13",
	};
	const ec: Record<string, string> = { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2", sha384: "1.2.840.10045.4.3.3", sha512: "1.2.840.10045.4.3.4" };
	const type = createPrivateKey(key.export({ format: "pem", type: "pkcs8" })).asymmetricKeyType;
	return type === "rsa" ? tlv(0x30, oid(rsa[hash] ?? ""), tlv(0x05)) : tlv(0x30, oid(ec[hash] ?? ""));
}
