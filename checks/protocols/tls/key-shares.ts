import { createECDH, randomBytes, randomInt } from "node:crypto";
import type { KeyShare } from "./client-hello.ts";
import { concat } from "./octet-writer.ts";

const curves: ReadonlyMap<number, string> = new Map([
	[23, "prime256v1"],
	[24, "secp384r1"],
	[25, "secp521r1"],
]);

/**
 * A public value that a server accepts as well-formed for the group, for x25519, x448, the NIST curves and X25519MLKEM768;
 * undefined for others. The secret is thrown away.
 */
export function createKeyShare(group: number): KeyShare | undefined {
	const key = publicValue(group);
	return key === undefined ? undefined : { group, key };
}

function publicValue(group: number): Uint8Array | undefined {
	// Any 32 or 56 octets are a public value of X25519 or X448 (RFC 7748 5).
	if (group === 29) return Uint8Array.from(randomBytes(32));
	if (group === 30) return Uint8Array.from(randomBytes(56));
	if (group === 0x11ec) return concat(encapsulationKey768(), Uint8Array.from(randomBytes(32)));
	const curve = curves.get(group);
	return curve === undefined ? undefined : Uint8Array.from(createECDH(curve).generateKeys());
}

/** ML-KEM-768 encapsulation key (FIPS 203 7.2): 768 coefficients below 3329 in 12 bits each, then a seed of 32 octets. */
function encapsulationKey768(): Uint8Array {
	const key = new Uint8Array(1184);
	for (let at = 0; at < 1152; at += 3) {
		const [low, high] = [randomInt(3329), randomInt(3329)];
		key[at] = low & 0xff;
		key[at + 1] = (low >> 8) | ((high & 0x0f) << 4);
		key[at + 2] = high >> 4;
	}
	key.set(randomBytes(32), 1152);
	return key;
}
