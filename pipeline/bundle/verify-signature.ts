import { createPublicKey } from "node:crypto";
import { canonicalJson } from "../../model/canonical.ts";
import type { ResultDocument } from "../../model/result.ts";
import { dsseSchema, keyId, preAuthenticationEncoding, type TrustedKey, verifyDsse } from "../signing.ts";
import { type BundleManifest, envelopeName, jsonOf, publicKeyName, signatureName, signedTextName } from "./files.ts";
import { statementOf, statementSchema, statementText, statementType, subjectsOf } from "./statement.ts";

export type SignatureOutcome =
	| { state: "none" }
	/** Whole, and signed by a key that nobody vouched for here. */
	| { state: "unverified"; keyIds: string[] }
	| { state: "verified"; signer: string; keyId: string }
	| { state: "bad" };

interface Parts {
	envelope: Buffer | null;
	signedText: Buffer | null;
	signature: Buffer | null;
	/** Where the signer's key is kept elsewhere. */
	publicKey: Buffer | null;
}

interface Expected {
	manifestSha256: string;
	manifest: BundleManifest;
	result: ResultDocument | null;
	trusted: readonly TrustedKey[];
}

/** The envelope must be whole and canonical, say what this bundle says, agree with its plain parts, and be signed by a trusted key where one is given. */
export function verifySignature(parts: Parts, expected: Expected, report: (path: string, message: string) => void): SignatureOutcome {
	const { envelope: octets, signedText, signature, publicKey } = parts;
	if (octets === null && signedText === null && signature === null) {
		if (publicKey !== null) report(publicKeyName, "was added: the bundle is not signed");
		if (expected.trusted.length === 0) return { state: "none" };
		report(envelopeName, "is not there: the bundle is not signed");
		return { state: "bad" };
	}
	if (octets === null || signedText === null || signature === null) {
		for (const [path, part] of [
			[envelopeName, octets],
			[signedTextName, signedText],
			[signatureName, signature],
		] as const)
			if (part === null) report(path, "was removed");
		return { state: "bad" };
	}
	const parsed = dsseSchema.safeParse(jsonOf(octets));
	if (!parsed.success || `${canonicalJson(parsed.data)}\n` !== octets.toString("utf8") || parsed.data.payloadType !== statementType) {
		report(envelopeName, "was changed: it is no envelope in canonical form");
		return { state: "bad" };
	}
	const envelope = parsed.data;
	const payload = Buffer.from(envelope.payload, "base64");
	let isWhole = true;
	const fault = (path: string, message: string): void => {
		isWhole = false;
		report(path, message);
	};
	if (payload.toString("base64") !== envelope.payload) fault(envelopeName, "was changed: its payload is no canonical base64");
	if (!signedText.equals(preAuthenticationEncoding(statementType, payload))) fault(signedTextName, `was changed: it is not what ${envelopeName} signs`);
	if (signature.toString("base64") !== envelope.signatures[0]?.sig || envelope.signatures.length !== 1)
		fault(signatureName, `was changed: it is not the signature of ${envelopeName}`);
	const statement = statementSchema.safeParse(jsonOf(payload));
	if (!statement.success || statementText(statement.data) !== payload.toString("utf8")) fault(envelopeName, "signs no statement of ours");
	else if (expected.result !== null) {
		const subjects = subjectsOf(expected.manifest, expected.manifestSha256);
		if (statementText(statementOf(expected.result, subjects)) !== payload.toString("utf8"))
			fault(envelopeName, "signs other files or other results than these");
	}
	const keyIds = envelope.signatures.map((one) => one.keyid ?? "unnamed");
	if (publicKey !== null && publicKeyIdOf(publicKey) !== keyIds[0]) fault(publicKeyName, `was changed: it is not the key that ${envelopeName} names`);
	if (!isWhole) return { state: "bad" };
	if (expected.trusted.length === 0) return { state: "unverified", keyIds };
	const opened = verifyDsse(envelope, statementType, expected.trusted);
	if (opened.ok) {
		if (keyIds[0] === opened.signer.id) return { state: "verified", signer: opened.signer.name, keyId: opened.signer.id };
		report(envelopeName, "was changed: its keyid is not that of the key that signed it");
		return { state: "bad" };
	}
	report(
		envelopeName,
		opened.why === "bad_signature"
			? "was changed: the signature of the trusted key does not hold"
			: `is signed by a key that is not trusted (key id ${keyIds.join(", ")})`,
	);
	return { state: "bad" };
}

function publicKeyIdOf(pem: Buffer): string | null {
	try {
		return keyId(createPublicKey(pem));
	} catch {
		// What is no key has no id.
		return null;
	}
}
