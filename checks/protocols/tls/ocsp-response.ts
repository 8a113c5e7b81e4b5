import { createHash, verify, X509Certificate } from "node:crypto";
import { parseCertificate } from "../certificate/certificate.ts";
import { contentOf, type DerElement, DerError, derTags, encodingOf, expectTag, readChildren, readOid, readTime, readWhole } from "../certificate/der.ts";
import { readSignatureAlgorithm } from "../certificate/signature-algorithm.ts";

export type CertificateStatus = "good" | "revoked" | "unknown";

/** unusable: the answer cannot be relied upon, and proves nothing either way. */
export type OcspJudgement =
	| { usable: true; status: CertificateStatus; thisUpdate: string; nextUpdate: string | null; revokedAt: string | null }
	| { usable: false; why: string };

export interface OcspOptions {
	/** DER of the OCSPResponse. */
	response: Uint8Array;
	/** DER of the certificate asked about and of the one that issued it. */
	leaf: Uint8Array;
	issuer: Uint8Array;
	now: Date;
}

const basicResponse = "1.3.6.1.5.5.7.48.1.1";
const ocspSigning = "1.3.6.1.5.5.7.3.9";
const certificateHashes: Readonly<Record<string, string>> = {
	"1.3.14.3.2.26": "sha1",
	"2.16.840.1.101.3.4.2.1": "sha256",
	"2.16.840.1.101.3.4.2.2": "sha384",
	"2.16.840.1.101.3.4.2.3": "sha512",
};
const maxBytes = 64 * 1024;
const maxSingles = 64;
/** Clocks of responders may run a little ahead. */
const skewMs = 5 * 60_000;

/**
 * Judges a stapled OCSP answer (RFC 6960): for this certificate, signed by its issuer or by a responder that the issuer named,
 * and in time. Any octets in, a value out.
 */
export function judgeOcsp(options: OcspOptions): OcspJudgement {
	try {
		return judge(options);
	} catch (error) {
		if (error instanceof DerError) return { usable: false, why: `the answer cannot be read: ${error.message}` };
		throw error;
	}
}

function judge({ response, leaf, issuer, now }: OcspOptions): OcspJudgement {
	if (response.length > maxBytes) return { usable: false, why: `the answer has ${response.length} octets` };
	const [status, bytes] = readChildren(response, readWhole(response, derTags.sequence));
	const code = contentOf(response, expectTag(status, 0x0a))[0];
	if (code !== 0) return { usable: false, why: `the responder answered with status ${code}` };
	const [typed] = readChildren(response, expectTag(bytes, 0xa0));
	const [type, octets] = readChildren(response, expectTag(typed, derTags.sequence));
	if (readOid(response, expectTag(type, derTags.oid)) !== basicResponse) return { usable: false, why: "the answer is of no basic type" };
	const basic = contentOf(response, expectTag(octets, derTags.octetString));
	const [data, algorithm, signature, certificates] = readChildren(basic, readWhole(basic, derTags.sequence));

	const issuerCertificate = certificateOf(issuer);
	const leafCertificate = certificateOf(leaf);
	if (issuerCertificate === undefined || leafCertificate === undefined) return { usable: false, why: "the certificates cannot be read" };
	const hash = readSignatureAlgorithm(basic, expectTag(algorithm, derTags.sequence)).hash;
	const signed = encodingOf(basic, expectTag(data, derTags.sequence));
	const bits = contentOf(basic, expectTag(signature, derTags.bitString)).subarray(1);
	const responders = [issuerCertificate, ...delegates(basic, certificates, issuerCertificate, now)];
	if (!responders.some((responder) => verifies(responder, hash, signed, bits))) return { usable: false, why: "nobody the issuer trusts has signed the answer" };

	const single = singlesOf(basic, expectTag(data, derTags.sequence)).find((one) => isAbout(basic, one, leafCertificate, issuer));
	if (single === undefined) return { usable: false, why: "the answer is about another certificate" };
	const [, state, thisUpdate, next] = readChildren(basic, single);
	const from = readTime(basic, thisUpdate);
	const until = next?.tag === 0xa0 ? readTime(basic, readChildren(basic, next)[0]) : null;
	if (from.getTime() > now.getTime() + skewMs) return { usable: false, why: "the answer is of the future" };
	if (until !== null && until.getTime() + skewMs < now.getTime()) return { usable: false, why: `the answer was good until ${until.toISOString()}` };
	const statuses: Readonly<Record<number, CertificateStatus>> = { 128: "good", 161: "revoked", 130: "unknown" };
	const found = statuses[state?.tag ?? 0];
	if (found === undefined) return { usable: false, why: "the status cannot be read" };
	const revokedAt = found === "revoked" && state !== undefined ? readTime(basic, readChildren(basic, state)[0]).toISOString() : null;
	return { usable: true, status: found, thisUpdate: from.toISOString(), nextUpdate: until?.toISOString() ?? null, revokedAt };
}

/** tbsResponseData: version, responderID, producedAt, responses. */
function singlesOf(octets: Uint8Array, data: DerElement): DerElement[] {
	const list = readChildren(octets, data).find((element) => element.tag === derTags.sequence);
	return readChildren(octets, expectTag(list, derTags.sequence)).slice(0, maxSingles);
}

/** CertID: hash algorithm, hash of the issuer's name, hash of its key, serial number (RFC 6960 4.1.1). */
function isAbout(octets: Uint8Array, single: DerElement, leaf: X509Certificate, issuer: Uint8Array): boolean {
	const [id] = readChildren(octets, expectTag(single, derTags.sequence));
	const [algorithm, nameHash, keyHash, serial] = readChildren(octets, expectTag(id, derTags.sequence));
	const [oid] = readChildren(octets, expectTag(algorithm, derTags.sequence));
	const hash = certificateHashes[readOid(octets, expectTag(oid, derTags.oid))];
	const parsed = parseCertificate(issuer);
	if (hash === undefined || !parsed.ok) return false;
	const number = Buffer.from(contentOf(octets, expectTag(serial, derTags.integer)))
		.toString("hex")
		.replace(/^(?:00)+(?=.)/, "");
	if (number.toUpperCase() !== leaf.serialNumber.replace(/^(?:00)+(?=.)/, "")) return false;
	const { spki } = parsed.certificate;
	const [, key] = readChildren(spki, readWhole(spki, derTags.sequence));
	const digest = (content: Uint8Array): Buffer => createHash(hash).update(content).digest();
	expectTag(nameHash, derTags.octetString);
	return digest(contentOf(spki, expectTag(key, derTags.bitString)).subarray(1)).equals(contentOf(octets, expectTag(keyHash, derTags.octetString)));
}

/** Certificates in the answer that the issuer signed for this purpose (RFC 6960 4.2.2.2), in date. */
function delegates(octets: Uint8Array, tagged: DerElement | undefined, issuer: X509Certificate, now: Date): X509Certificate[] {
	if (tagged?.tag !== 0xa0) return [];
	const [list] = readChildren(octets, tagged);
	const found: X509Certificate[] = [];
	for (const element of readChildren(octets, expectTag(list, derTags.sequence)).slice(0, 8)) {
		const certificate = certificateOf(encodingOf(octets, element));
		if (certificate === undefined || !(certificate.keyUsage ?? []).includes(ocspSigning)) continue;
		if (certificate.validFromDate > now || certificate.validToDate < now) continue;
		if (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)) found.push(certificate);
	}
	return found;
}

function verifies(signer: X509Certificate, hash: string | null, data: Uint8Array, signature: Uint8Array): boolean {
	// SHA-1 and older prove nothing (RFC 9155); EdDSA brings its own digest.
	const edwards = signer.publicKey.asymmetricKeyType === "ed25519" || signer.publicKey.asymmetricKeyType === "ed448";
	if (!edwards && (hash === null || !["sha256", "sha384", "sha512"].includes(hash))) return false;
	try {
		return verify(edwards ? null : hash, data, signer.publicKey, signature);
	} catch (error) {
		// OpenSSL refuses keys and signatures that make no sense.
		if (error instanceof Error) return false;
		throw error;
	}
}

function certificateOf(der: Uint8Array): X509Certificate | undefined {
	try {
		return new X509Certificate(Buffer.from(der));
	} catch (error) {
		if (error instanceof Error) return undefined;
		throw error;
	}
}
