import type { KeyObject } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, sha256Hex } from "../../model/canonical.ts";
import type { ResultDocument } from "../../model/result.ts";
import { writeBundleFile } from "../bundle-file.ts";
import { digestOf, envelopeOf, preAuthenticationEncoding, signDsse } from "../signing.ts";
import {
	type BundleManifest,
	besideManifest,
	bundleManifestName,
	bundleManifestText,
	checksumsName,
	checksumsText,
	entriesOf,
	envelopeName,
	hashesBeside,
	hashFile,
	publicKeyName,
	signatureName,
	signedTextName,
	timestampName,
} from "./files.ts";
import { readmeText } from "./readme.ts";
import { statementOf, statementText, statementType, subjectsOf } from "./statement.ts";

/** A key that is kept elsewhere. */
export interface Signer {
	publicKey: KeyObject;
	/** Throws SigningError. */
	sign(octets: Buffer): Promise<Buffer>;
}

export interface Seal {
	/** Ed25519 key that signs the bundle, or what signs in its place. */
	key?: KeyObject | Signer | undefined;
	/** URL of a time stamp authority, RFC 3161. Only the SHA-256 of manifest.json is sent to it. */
	tsa?: string | undefined;
	/** SHA-256 of manifest.json of the bundle before this one. */
	previous?: string | undefined;
	/** SHA-256 of manifest.json of the bundle that this one is a redaction of. */
	redactedFrom?: string | undefined;
	signal?: AbortSignal | undefined;
}

/**
 * Ends a bundle: README.txt, manifest.json over every file, manifest.sha256, and what is asked for of signature and time stamp. What an
 * earlier sealing left is removed first: it spoke of other files. Throws SigningError where the signer does not sign, TimestampError where
 * the authority gives no stamp.
 */
export async function sealBundle(dir: string, result: ResultDocument, seal: Seal): Promise<void> {
	for (const name of besideManifest) await rm(join(dir, name), { force: true });
	await writeBundleFile(dir, "README.txt", [
		readmeText({
			isSigned: seal.key !== undefined,
			digest: seal.key === undefined || !("sign" in seal.key) ? null : (digestOf(seal.key.publicKey) ?? null),
			isStamped: seal.tsa !== undefined,
			isRedacted: seal.redactedFrom !== undefined,
		}),
	]);
	const files: BundleManifest["files"] = [];
	for (const { path, kind, bytes } of await entriesOf(dir)) {
		if (kind === "file") files.push({ path, bytes, sha256: await hashFile(join(dir, path)) });
	}
	const manifest: BundleManifest = {
		schema: "mailward/manifest/v1",
		previous: seal.previous ?? null,
		...(seal.redactedFrom === undefined ? {} : { redactedFrom: seal.redactedFrom }),
		files,
	};
	const text = bundleManifestText(manifest);
	const sha256 = sha256Hex(text);
	await writeBundleFile(dir, bundleManifestName, [text]);
	try {
		if (seal.key !== undefined) await signBundle(dir, result, manifest, sha256, seal.key);
		if (seal.tsa !== undefined) await stampBundle(dir, sha256, seal.tsa, seal.signal);
	} finally {
		// Without its signature or stamp the bundle is whole all the same.
		const present = new Set((await entriesOf(dir)).map((entry) => entry.path));
		await writeBundleFile(dir, checksumsName, [checksumsText(manifest, await hashesBeside(dir, present))]);
	}
}

async function stampBundle(dir: string, sha256: string, tsa: string, signal: AbortSignal | undefined): Promise<void> {
	const { requestTimestamp } = await import("./timestamp.ts");
	await writeFile(join(dir, timestampName), await requestTimestamp(tsa, Buffer.from(sha256, "hex"), signal), { mode: 0o600 });
}

/** The envelope for tools that know DSSE, and the same two parts as plain files, so that openssl alone can check them. */
async function signBundle(dir: string, result: ResultDocument, manifest: BundleManifest, manifestSha256: string, key: KeyObject | Signer): Promise<void> {
	const payload = Buffer.from(statementText(statementOf(result, subjectsOf(manifest, manifestSha256))));
	const signedText = preAuthenticationEncoding(statementType, payload);
	const envelope = "sign" in key ? envelopeOf(statementType, payload, key.publicKey, await key.sign(signedText)) : signDsse(statementType, payload, key);
	if ("sign" in key) await writeBundleFile(dir, publicKeyName, [String(key.publicKey.export({ type: "spki", format: "pem" }))]);
	await writeBundleFile(dir, envelopeName, [`${canonicalJson(envelope)}\n`]);
	await writeFile(join(dir, signedTextName), signedText, { mode: 0o600 });
	await writeFile(join(dir, signatureName), Buffer.from(envelope.signatures[0]?.sig ?? "", "base64"), { mode: 0o600 });
}
