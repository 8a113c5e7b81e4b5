import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rm, stat } from "node:fs/promises";
import { z } from "zod";
import { ioMessage, readInputFile } from "../model/input-file.ts";
import { InputError } from "../model/source.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

/**
 * Signatures: Ed25519 (RFC 8032) keys as PEM files (RFC 7468), for verifying those of KMS too (ECDSA, RSASSA-PKCS1-v1_5), and the DSSE v1 envelope around what is signed
 * (https://github.com/secure-systems-lab/dsse): payload and its type are signed together, so that a signed probe can never
 * pass for a signed document of another kind.
 */
export const dsseSchema = z.strictObject({
	payloadType: z.string().min(1).max(200),
	payload: z.string().describe("Base64 of the octets that were signed"),
	signatures: z
		.array(z.strictObject({ keyid: z.string().max(200).optional(), sig: z.string().max(1000) }))
		.min(1)
		.max(16),
});
export type DsseEnvelope = z.infer<typeof dsseSchema>;

/** A public key that the user trusts, under the name it is given in the configuration. */
export interface TrustedKey {
	/** SHA-256 of the key as DER SubjectPublicKeyInfo, hex. */
	id: string;
	name: string;
	key: KeyObject;
}

/** Below this, an RSA key protects nothing (NIST SP 800-131A). */
const minimumRsaBits = 2048;
const curveDigests: Readonly<Record<string, "sha256" | "sha384" | "sha512">> = { prime256v1: "sha256", secp384r1: "sha384", secp521r1: "sha512" };

/** No key file is larger. */
const maxKeyBytes = 64 * 1024;

/** SHA-256 of the public key as DER SubjectPublicKeyInfo, hex. */
export function keyId(key: KeyObject): string {
	const publicKey = key.type === "private" ? createPublicKey(key) : key;
	return createHash("sha256")
		.update(publicKey.export({ type: "spki", format: "der" }))
		.digest("hex");
}

/** Ed25519 is deterministic: the same octets and key give the same envelope. */
export function signDsse(payloadType: string, payload: Uint8Array, key: KeyObject): DsseEnvelope {
	return envelopeOf(payloadType, payload, key, sign(null, preAuthenticationEncoding(payloadType, payload), key));
}

/** The envelope around what was signed already, over its pre-authentication encoding. */
export function envelopeOf(payloadType: string, payload: Uint8Array, key: KeyObject, signature: Buffer): DsseEnvelope {
	return {
		payloadType,
		payload: Buffer.from(payload).toString("base64"),
		signatures: [{ keyid: keyId(key), sig: signature.toString("base64") }],
	};
}

/** The digest that a key signs: null for Ed25519, which signs the message itself; undefined for a key that is not accepted. */
export function digestOf(key: KeyObject): "sha256" | "sha384" | "sha512" | null | undefined {
	switch (key.asymmetricKeyType) {
		case "ed25519":
			return null;
		case "rsa":
			return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= minimumRsaBits ? "sha256" : undefined;
		case "ec":
			return curveDigests[key.asymmetricKeyDetails?.namedCurve ?? ""];
		default:
			return undefined;
	}
}

export type DsseOutcome = { ok: true; payload: Buffer; signer: TrustedKey } | { ok: false; why: "payload_type" | "encoding" | "unknown_key" | "bad_signature" };

/**
 * Opens an envelope: the payload is given out only if one of the trusted keys signed it under this very type. A `keyid` is a hint and
 * proves nothing: every trusted key is tried. bad_signature: a trusted key is named and its signature does not hold.
 */
export function verifyDsse(envelope: DsseEnvelope, payloadType: string, trusted: readonly TrustedKey[]): DsseOutcome {
	if (envelope.payloadType !== payloadType) return { ok: false, why: "payload_type" };
	const payload = decodeBase64(envelope.payload);
	if (payload === undefined) return { ok: false, why: "encoding" };
	const signed = preAuthenticationEncoding(payloadType, payload);
	for (const { sig } of envelope.signatures) {
		const signature = decodeBase64(sig);
		if (signature === undefined) return { ok: false, why: "encoding" };
		for (const signer of trusted) if (verify(digestOf(signer.key), signed, signer.key, signature)) return { ok: true, payload, signer };
	}
	const named = envelope.signatures.some(({ keyid }) => trusted.some(({ id }) => id === keyid));
	return { ok: false, why: named ? "bad_signature" : "unknown_key" };
}

/** PAE of DSSE v1: lengths in octets stand before what they count, so that no two pairs of type and payload encode alike. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

/** Strict: Buffer.from would skip over what is no base64, and two texts would then stand for the same octets. */
function decodeBase64(text: string): Buffer | undefined {
	const octets = Buffer.from(text, "base64");
	return octets.toString("base64") === text ? octets : undefined;
}

/** Reads a private Ed25519 key. Throws InputError for a file that others may read, and for what is no such key. */
export async function readSigningKey(path: string, shown: string): Promise<KeyObject> {
	const fault = (message: string): InputError => new InputError([{ file: shown, line: 1, column: 1, message }]);
	const remedy = "make a key pair with: mailward probe --new-key FILE";
	await refuseNamedPipe(path, shown, remedy);
	let mode: number;
	try {
		mode = (await stat(path)).mode;
	} catch (error) {
		throw fault(`${ioMessage(error)}; ${remedy}`);
	}
	const pem = await readInputFile(path, shown, { remedy, maxBytes: maxKeyBytes });
	const text = pem.toString("latin1");
	if (/-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(text)) throw fault("is a public key; signing needs the private one");
	// What others can read is no secret: a signature with it would say nothing.
	if ((mode & 0o077) !== 0)
		throw fault(`is readable by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")}) and is not used; make a new key, or: chmod 600 ${shown}`);
	if (text.includes("-----BEGIN ENCRYPTED")) throw fault("is encrypted; keys with a passphrase are not supported");
	let key: KeyObject;
	try {
		key = createPrivateKey(pem);
	} catch {
		// The runtime's message may quote the file, which may be a secret of another kind.
		throw fault(`holds no private key in PEM; ${remedy}`);
	}
	if (key.asymmetricKeyType !== "ed25519") throw fault(`is a key of type ${key.asymmetricKeyType}; expected Ed25519; ${remedy}`);
	return key;
}

/** trust.keys: each entry is a PEM public key itself, or a file with one or more. Throws InputError. */
export async function readTrustedKeys(entries: readonly string[], open: (path: string) => string): Promise<TrustedKey[]> {
	const keys = new Map<string, TrustedKey>();
	for (const [index, entry] of entries.entries()) {
		const inline = entry.includes("-----BEGIN");
		const name = inline ? `trust.keys[${index}]` : entry;
		const fault = (message: string): InputError => new InputError([{ file: name, line: 1, column: 1, field: `trust.keys[${index}]`, message }]);
		if (!inline) await refuseNamedPipe(open(entry), entry);
		const text = inline ? entry : (await readInputFile(open(entry), entry, { maxBytes: maxKeyBytes })).toString("latin1");
		// A private key in its place would be one that many can read.
		if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw fault("holds a private key; only public keys belong into trust.keys");
		const blocks = text.match(/-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----/g);
		if (blocks === null) throw fault("holds no public key in PEM (-----BEGIN PUBLIC KEY-----)");
		for (const block of blocks) {
			const key = publicKeyOf(block);
			if (key === undefined || digestOf(key) === undefined)
				throw fault(`holds a key that is none of Ed25519, ECDSA on P-256, P-384 or P-521, and RSA of at least ${minimumRsaBits} bits`);
			keys.set(keyId(key), { id: keyId(key), name, key });
		}
	}
	return [...keys.values()];
}

function publicKeyOf(pem: string): KeyObject | undefined {
	try {
		return createPublicKey(pem);
	} catch {
		// Not a key: the caller says which entry.
		return undefined;
	}
}

/** Writes a new key pair: `file` for its owner alone, and the public key beside it. Never overwrites. Throws InputError. */
export async function writeNewKey(file: string): Promise<{ privateFile: string; publicFile: string; id: string }> {
	const publicFile = `${file.replace(/\.(?:key|pem)$/, "")}.pub`;
	const fault = (name: string, message: string): InputError => new InputError([{ file: name, line: 1, column: 1, message }]);
	for (const name of [file, publicFile]) {
		if (await exists(name)) throw fault(name, "exists already and is not overwritten; name another file");
	}
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	await writeExclusively(file, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600, fault);
	try {
		await writeExclusively(publicFile, publicKey.export({ type: "spki", format: "pem" }), 0o644, fault);
	} catch (error) {
		// Half a pair helps nobody, and would stand in the way of the next attempt.
		await rm(file, { force: true });
		throw error;
	}
	return { privateFile: file, publicFile, id: keyId(publicKey) };
}

async function exists(file: string): Promise<boolean> {
	try {
		await access(file, constants.F_OK);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
		throw new InputError([{ file, line: 1, column: 1, message: ioMessage(error) }]);
	}
}

async function writeExclusively(file: string, text: string | Buffer, mode: number, fault: (name: string, message: string) => InputError): Promise<void> {
	try {
		const handle = await open(file, "wx", mode);
		try {
			await handle.writeFile(text);
			// The umask may have taken more away; it never adds.
			await handle.chmod(mode);
		} finally {
			await handle.close();
		}
	} catch (error) {
		switch ((error as NodeJS.ErrnoException).code) {
			case "EEXIST":
				throw fault(file, "exists already and is not overwritten; name another file");
			case "ENOENT":
				throw fault(file, "its folder does not exist");
			case "EACCES":
			case "EPERM":
			case "EROFS":
				throw fault(file, "may not be written here");
			default:
				throw error;
		}
	}
}
