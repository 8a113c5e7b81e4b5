import { createHash } from "node:crypto";

/** The project's own namespace (RFC 9562, section 5.5). Never changed: every id ever handed out rests on it. */
const namespace = Buffer.from("5f0d6c0e7b0f4c8e9a5d2b6a1c3e4f70", "hex");

/** A name-based UUID, version 5: the same subject has the same id in every export and every run. */
export function uuidOf(kind: string, name: string): string {
	const octets = createHash("sha1").update(namespace).update(`${kind}:${name.toWellFormed()}`, "utf8").digest().subarray(0, 16);
	octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x50;
	octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
	const hex = octets.toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
