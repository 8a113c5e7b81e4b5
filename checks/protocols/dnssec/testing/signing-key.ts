import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { encodeRdata } from "../rdata.ts";
import { keyTagOf } from "../signature.ts";

export interface SigningKey {
	algorithm: number;
	flags: number;
	/** Data of its DNSKEY record. */
	data: { flags: number; algorithm: number; key: Buffer };
	tag: number;
	sign(data: Uint8Array): Buffer;
}

const rsaHashes: Readonly<Record<number, string>> = { 5: "sha1", 7: "sha1", 8: "sha256", 10: "sha512" };

/** A new key. Algorithms nobody knows get random octets as key and signatures. */
export function createSigningKey(algorithm: number, flags: number, rsaBits = 1024): SigningKey {
	const { key, sign: signWith } = material(algorithm, rsaBits);
	return signingKey(algorithm, flags, key, signWith);
}

export function signingKey(algorithm: number, flags: number, key: Buffer, signWith: (data: Uint8Array) => Buffer): SigningKey {
	const data = { flags, algorithm, key };
	return { algorithm, flags, data, tag: keyTagOf(encodeRdata("DNSKEY", data, true) as Buffer), sign: signWith };
}

function material(algorithm: number, rsaBits: number): { key: Buffer; sign(data: Uint8Array): Buffer } {
	const hash = rsaHashes[algorithm];
	if (hash !== undefined) {
		const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: rsaBits });
		const { n, e } = jwk(publicKey);
		return { key: Buffer.concat([Buffer.from([e.length]), e, n]), sign: (data) => sign(hash, data, privateKey) };
	}
	if (algorithm === 13 || algorithm === 14) {
		const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: algorithm === 13 ? "P-256" : "P-384" });
		const { x, y } = jwk(publicKey);
		return { key: Buffer.concat([x, y]), sign: (data) => sign(algorithm === 13 ? "sha256" : "sha384", data, { key: privateKey, dsaEncoding: "ieee-p1363" }) };
	}
	if (algorithm === 15 || algorithm === 16) {
		const { publicKey, privateKey } = algorithm === 15 ? generateKeyPairSync("ed25519") : generateKeyPairSync("ed448");
		return { key: jwk(publicKey).x, sign: (data) => sign(null, data, privateKey) };
	}
	return { key: randomBytes(64), sign: () => randomBytes(64) };
}

function jwk(key: KeyObject): { n: Buffer; e: Buffer; x: Buffer; y: Buffer } {
	const { n, e, x, y } = key.export({ format: "jwk" }) as Record<string, string | undefined>;
	const octets = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");
	return { n: octets(n), e: octets(e), x: octets(x), y: octets(y) };
}
