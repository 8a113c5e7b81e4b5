import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

/**
 * Algorithms that are validated. RSASHA1 (5) and RSASHA1-NSEC3-SHA1 (7) are not: RFC 9905 2 has validators treat them as
 * unsupported, so that what they alone sign is insecure. DSA, RSAMD5 and GOST: RFC 8624 3.1.
 */
const hashes: Readonly<Record<number, string | null>> = { 8: "sha256", 10: "sha512", 13: "sha256", 14: "sha384", 15: null, 16: null };

const curves: Readonly<Record<number, { kty: string; crv: string; key: number; signature: number }>> = {
	13: { kty: "EC", crv: "P-256", key: 64, signature: 64 },
	14: { kty: "EC", crv: "P-384", key: 96, signature: 96 },
	15: { kty: "OKP", crv: "Ed25519", key: 32, signature: 64 },
	16: { kty: "OKP", crv: "Ed448", key: 57, signature: 114 },
};

export function isSupportedAlgorithm(algorithm: number): boolean {
	return Object.hasOwn(hashes, algorithm);
}

/** Digests of DS records by type (RFC 8624 3.3). SHA-1 is read only where no stronger one stands beside it (RFC 4509 3). */
export const dsDigests: Readonly<Record<number, string>> = { 1: "sha1", 2: "sha256", 4: "sha384" };

/** RFC 4034 appendix B. Algorithm 1 has a rule of its own, and is not supported. */
export function keyTagOf(rdata: Uint8Array): number {
	let sum = 0;
	for (const [index, octet] of rdata.entries()) sum += (index & 1) === 0 ? octet << 8 : octet;
	sum += (sum >>> 16) & 0xffff;
	return sum & 0xffff;
}

/** Modulus length in bits of an RSA key in the form of RFC 3110, or of the curve; undefined for what is no usable key. */
export function keyBits(algorithm: number, key: Uint8Array): number | undefined {
	if (algorithm === 5 || algorithm === 7 || algorithm === 8 || algorithm === 10) {
		const modulus = rsaParts(key)?.n;
		return modulus === undefined ? undefined : modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
	}
	const curve = curves[algorithm];
	return curve === undefined || key.length !== curve.key ? undefined : { 13: 256, 14: 384, 15: 256, 16: 456 }[algorithm];
}

/** Results by the hash of everything that goes in: the signatures of the root and of TLDs are checked once a run, not once a domain. */
const known = new Map<string, boolean>();
const maxKnown = 20_000;

/** Whether a signature over `data` is the key's. False for anything malformed; never throws. */
export function verifySignature(algorithm: number, key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
	const hash = hashes[algorithm];
	if (hash === undefined) return false;
	const id = createHash("sha256").update(`${algorithm} ${key.length} ${signature.length} `).update(key).update(signature).update(data).digest("base64");
	const before = known.get(id);
	if (before !== undefined) return before;
	const result = check(algorithm, hash, key, data, signature);
	if (known.size >= maxKnown) known.clear();
	known.set(id, result);
	return result;
}

function check(algorithm: number, hash: string | null, raw: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
	const curve = curves[algorithm];
	if (curve !== undefined && signature.length !== curve.signature) return false;
	const key = publicKey(algorithm, raw);
	if (key === undefined) return false;
	try {
		return verify(hash, data, curve?.kty === "EC" ? { key, dsaEncoding: "ieee-p1363" } : key, signature);
	} catch (error) {
		// OpenSSL refuses some keys only when they are used; such a key has signed nothing.
		if (error instanceof Error) return false;
		throw error;
	}
}

function publicKey(algorithm: number, raw: Uint8Array): KeyObject | undefined {
	const jwk = jwkOf(algorithm, raw);
	if (jwk === undefined) return undefined;
	try {
		return createPublicKey({ key: jwk, format: "jwk" });
	} catch (error) {
		// A point that is not on the curve, an even modulus and the like.
		if (error instanceof Error) return undefined;
		throw error;
	}
}

function jwkOf(algorithm: number, raw: Uint8Array): Record<string, string> | undefined {
	const octets = Buffer.from(raw);
	const curve = curves[algorithm];
	if (curve !== undefined) {
		if (octets.length !== curve.key) return undefined;
		const { kty, crv } = curve;
		if (kty === "OKP") return { kty, crv, x: octets.toString("base64url") };
		return { kty, crv, x: octets.subarray(0, octets.length / 2).toString("base64url"), y: octets.subarray(octets.length / 2).toString("base64url") };
	}
	const parts = rsaParts(octets);
	if (parts === undefined) return undefined;
	const bits = parts.n.length * 8;
	// RFC 5702 2: up to 4096 bits; from 512 with SHA-256, from 1024 with SHA-512.
	if (bits > 4096 || bits < (algorithm === 10 ? 1024 : 512)) return undefined;
	return { kty: "RSA", n: parts.n.toString("base64url"), e: parts.e.toString("base64url") };
}

/** RFC 3110 2. Exponents over 40 bits only cost time. */
function rsaParts(key: Uint8Array): { e: Buffer; n: Buffer } | undefined {
	const octets = Buffer.from(key);
	let at = 1;
	let length = octets[0] ?? 0;
	if (length === 0) {
		if (octets.length < 3) return undefined;
		length = octets.readUInt16BE(1);
		at = 3;
	}
	const e = octets.subarray(at, at + length);
	const n = octets.subarray(at + length);
	if (length === 0 || length > 5 || e.length !== length || n.length === 0 || n[0] === 0 || e[0] === 0) return undefined;
	return { e, n };
}
