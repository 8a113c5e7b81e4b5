import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ErrorCode } from "../../../model/reasons.ts";
import type { Resolver } from "../resolver.ts";
import { type HeaderField, signedHeader } from "./canonical.ts";
import { lookupDkimSelector } from "./lookup-dkim-selector.ts";
import type { DkimKey } from "./parse-dkim-key.ts";
import type { DkimSignature } from "./parse-signature.ts";

export interface DkimVerification {
	/** null: the key could not be looked up, or several stand at the selector (RFC 6376 3.6.2.2: undefined). */
	verified: boolean | null;
	/** Why, where it is not true. */
	reason?: "key_unreadable" | "several_keys" | "no_key" | "revoked" | "key_unusable" | "algorithm" | "body" | "signature";
	/** With key_unreadable. */
	code?: ErrorCode;
}

const ed25519Prefix = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Whether a signature verifies against the key in DNS (RFC 6376 6.1, RFC 8301, RFC 8463). t= and x= are not looked at: a sample may be
 * old. `bodyHash` is that of the canonical body; undefined when it is shorter than l=. Never throws for what a message or DNS holds.
 */
export async function verifyDkimSignature(o: {
	signature: DkimSignature;
	/** The DKIM-Signature field itself. */
	field: HeaderField;
	/** All other fields, top first. */
	fields: readonly HeaderField[];
	bodyHash: Buffer | undefined;
	resolver: Resolver;
	signal?: AbortSignal;
}): Promise<DkimVerification> {
	const { signature } = o;
	// RFC 8301 3.1: rsa-sha1 must not be used to verify.
	const type = signature.algorithm === "rsa-sha256" ? "rsa" : signature.algorithm === "ed25519-sha256" ? "ed25519" : undefined;
	const lookup = await lookupDkimSelector({
		domain: signature.domain,
		selector: signature.selector,
		resolver: o.resolver,
		...(o.signal === undefined ? {} : { signal: o.signal }),
	});
	if (lookup.status === "error") return { verified: null, reason: "key_unreadable", code: lookup.code ?? "malformed" };
	if (lookup.status === "absent") return { verified: false, reason: "no_key" };
	if (lookup.key === undefined) return { verified: null, reason: "several_keys" };
	if (lookup.key.revoked) return { verified: false, reason: "revoked" };
	if (type === undefined || lookup.key.keyType !== type) return { verified: false, reason: "algorithm" };
	const key = usableKey(lookup.key, signature);
	if (key === undefined) return { verified: false, reason: "key_unusable" };
	if (o.bodyHash === undefined || !o.bodyHash.equals(signature.bodyHash)) return { verified: false, reason: "body" };
	const header = signedHeader(o.fields, o.field, signature);
	// RFC 8463 3: Ed25519 signs the hash of the header.
	const isGood =
		type === "rsa" ? verify("sha256", header, key, signature.signature) : verify(null, createHash("sha256").update(header).digest(), key, signature.signature);
	return isGood ? { verified: true } : { verified: false, reason: "signature" };
}

function usableKey(key: DkimKey, signature: DkimSignature): KeyObject | undefined {
	if (!key.valid || key.publicKey === undefined || (key.strictDomain && signature.identity !== signature.domain)) return undefined;
	const octets = Buffer.from(key.publicKey, "base64");
	if (key.keyType === "ed25519") return read(Buffer.concat([ed25519Prefix, octets]), "spki");
	return read(octets, "spki") ?? read(octets, "pkcs1");
}

function read(der: Buffer, type: "spki" | "pkcs1"): KeyObject | undefined {
	try {
		return createPublicKey({ key: der, format: "der", type });
	} catch (error) {
		// OpenSSL's refusals carry a code.
		if (error instanceof Error && "code" in error) return undefined;
		throw error;
	}
}
