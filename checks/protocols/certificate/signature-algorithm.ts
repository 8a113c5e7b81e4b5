import { type DerElement, derTags, expectTag, readChildren, readOid } from "./der.ts";

export interface SignatureAlgorithm {
	oid: string;
	/** Name as RFC 3279, 4055, 5758 and 8410 have it; the dotted form when it is not among them. */
	name: string;
	/** The digest, such as sha256; null when the algorithm is not known here. */
	hash: string | null;
}

const known: Record<string, readonly [name: string, hash: string]> = {
	"1.2.840.113549.1.1.2": ["md2WithRSAEncryption", "md2"],
	"1.2.840.113549.1.1.3": ["md4WithRSAEncryption", "md4"],
	"1.2.840.113549.1.1.4": ["md5WithRSAEncryption", "md5"],
	"1.2.840.113549.1.1.5": ["sha1WithRSAEncryption", "sha1"],
	"1.3.14.3.2.29": ["sha1WithRSASignature", "sha1"],
	"1.2.840.113549.1.1.14": ["sha224WithRSAEncryption", "sha224"],
	"1.2.840.113549.1.1.11": ["sha256WithRSAEncryption", "sha256"],
	"1.2.840.113549.1.1.12": ["sha384WithRSAEncryption", "sha384"],
	"1.2.840.113549.1.1.13": ["sha512WithRSAEncryption", "sha512"],
	"1.2.840.10040.4.3": ["dsa-with-sha1", "sha1"],
	"2.16.840.1.101.3.4.3.1": ["dsa-with-sha224", "sha224"],
	"2.16.840.1.101.3.4.3.2": ["dsa-with-sha256", "sha256"],
	"1.2.840.10045.4.1": ["ecdsa-with-SHA1", "sha1"],
	"1.2.840.10045.4.3.1": ["ecdsa-with-SHA224", "sha224"],
	"1.2.840.10045.4.3.2": ["ecdsa-with-SHA256", "sha256"],
	"1.2.840.10045.4.3.3": ["ecdsa-with-SHA384", "sha384"],
	"1.2.840.10045.4.3.4": ["ecdsa-with-SHA512", "sha512"],
	// The digest is part of the algorithm (RFC 8032).
	"1.3.101.112": ["Ed25519", "sha512"],
	"1.3.101.113": ["Ed448", "shake256"],
};

const digests: Record<string, string> = {
	"1.2.840.113549.2.5": "md5",
	"1.3.14.3.2.26": "sha1",
	"2.16.840.1.101.3.4.2.4": "sha224",
	"2.16.840.1.101.3.4.2.1": "sha256",
	"2.16.840.1.101.3.4.2.2": "sha384",
	"2.16.840.1.101.3.4.2.3": "sha512",
};

const rsassaPss = "1.2.840.113549.1.1.10";

/** Reads an AlgorithmIdentifier. Throws DerError. */
export function readSignatureAlgorithm(octets: Uint8Array, element: DerElement): SignatureAlgorithm {
	const [type, parameters] = readChildren(octets, expectTag(element, derTags.sequence));
	const oid = readOid(octets, expectTag(type, derTags.oid));
	if (oid === rsassaPss) return { oid, name: "RSASSA-PSS", hash: pssHash(octets, parameters) };
	const [name = oid, hash = null] = known[oid] ?? [];
	return { oid, name, hash };
}

/** RFC 4055 3.1: hashAlgorithm is [0] and defaults to SHA-1. */
function pssHash(octets: Uint8Array, parameters: DerElement | undefined): string | null {
	if (parameters === undefined) return "sha1";
	const tagged = readChildren(octets, expectTag(parameters, derTags.sequence)).find((child) => child.tag === 0xa0);
	if (tagged === undefined) return "sha1";
	const [algorithm] = readChildren(octets, tagged);
	const [oid] = readChildren(octets, expectTag(algorithm, derTags.sequence));
	return digests[readOid(octets, expectTag(oid, derTags.oid))] ?? null;
}
