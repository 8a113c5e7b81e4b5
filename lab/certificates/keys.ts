import { createECDH, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { sequence, unsignedInteger } from "./der.ts";

/** Order of the P-256 group (FIPS 186-5, SP 800-186). */
const groupOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export const keyKinds = ["ec-p256", "ec-p384", "rsa-1024", "rsa-2048", "rsa-3072", "rsa-4096"] as const;
export type KeyKind = (typeof keyKinds)[number];

/** A key pair; `scalar` is known for seeded P-256 keys only. */
export interface LabKey {
	readonly kind: KeyKind;
	readonly privateKey: KeyObject;
	readonly publicKey: KeyObject;
	readonly scalar?: bigint;
}

/**
 * Makes a key. With a seed a P-256 key follows from seed and label, so that two runs serve the same certificates;
 * RSA and P-384 keys are always random. Lab keys protect nothing.
 */
export function makeKey(kind: KeyKind, label: string, seed: string | undefined): LabKey {
	if (kind === "ec-p256" && seed !== undefined) return seededKey(label, seed);
	if (kind === "ec-p256") return { kind, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
	if (kind === "ec-p384") return { kind, ...generateKeyPairSync("ec", { namedCurve: "P-384" }) };
	return { kind, ...generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) }) };
}

function seededKey(label: string, seed: string): LabKey {
	const scalar = scalarFrom(createHmac("sha512", seed).update(`key:${label}`).digest());
	const ecdh = createECDH("prime256v1");
	const secret = octetsOf(scalar);
	ecdh.setPrivateKey(secret);
	const point = ecdh.getPublicKey();
	const privateKey = createPrivateKey({
		format: "jwk",
		key: {
			kty: "EC",
			crv: "P-256",
			d: secret.toString("base64url"),
			x: point.subarray(1, 33).toString("base64url"),
			y: point.subarray(33).toString("base64url"),
		},
	});
	return { kind: "ec-p256", privateKey, publicKey: createPublicKey(privateKey), scalar };
}

/**
 * ECDSA over a SHA-256 digest with a nonce that follows from key and digest, so that a seeded certificate is the same
 * bytes in every run (the idea of RFC 6979, not its generator). node:crypto draws the nonce at random and offers no other way.
 */
export function deterministicEcdsa(scalar: bigint, digest: Buffer): Buffer {
	const signature = deterministicSignature(scalar, digest);
	return sequence(unsignedInteger(signature.subarray(0, 32)), unsignedInteger(signature.subarray(32)));
}

/** The same as the two numbers of 32 octets each, one after the other (IEEE P1363, as RFC 6605 4 wants it). */
export function deterministicSignature(scalar: bigint, digest: Buffer): Buffer {
	const message = BigInt(`0x${digest.toString("hex")}`);
	for (let attempt = 0; ; attempt += 1) {
		const nonce = scalarFrom(createHmac("sha512", octetsOf(scalar)).update(`nonce:${attempt}:`).update(digest).digest());
		const ecdh = createECDH("prime256v1");
		ecdh.setPrivateKey(octetsOf(nonce));
		const r = BigInt(`0x${ecdh.getPublicKey().subarray(1, 33).toString("hex")}`) % groupOrder;
		const s = (inverse(nonce, groupOrder) * ((message + r * scalar) % groupOrder)) % groupOrder;
		if (r !== 0n && s !== 0n) return Buffer.concat([octetsOf(r), octetsOf(s)]);
	}
}

function scalarFrom(octets: Buffer): bigint {
	return (BigInt(`0x${octets.toString("hex")}`) % (groupOrder - 1n)) + 1n;
}

function octetsOf(value: bigint): Buffer {
	return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

function inverse(value: bigint, modulus: bigint): bigint {
	let [previous, current] = [modulus, value % modulus];
	let [previousFactor, factor] = [0n, 1n];
	while (current !== 0n) {
		const quotient = previous / current;
		[previous, current] = [current, previous - quotient * current];
		[previousFactor, factor] = [factor, previousFactor - quotient * factor];
	}
	return ((previousFactor % modulus) + modulus) % modulus;
}
