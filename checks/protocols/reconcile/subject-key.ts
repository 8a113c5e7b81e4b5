import { createHmac } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * The subjectRef of a mail address: `sub_` and the HMAC-SHA-256 of the address under the key, in base32 of RFC 4648 section 6, lower case,
 * without padding. The address is taken in NFC, trimmed and in lower case; neither it nor the key is kept.
 */
export function subjectOfAddress(key: Uint8Array, address: string): string {
	const digest = createHmac("sha256", key).update(address.normalize("NFC").trim().toLowerCase()).digest();
	let text = "sub_";
	let bits = 0;
	let held = 0;
	for (const octet of digest) {
		held = ((held << 8) | octet) & 0xfff;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text += alphabet[(held >> bits) & 31];
		}
	}
	return text + alphabet[(held << (5 - bits)) & 31];
}
