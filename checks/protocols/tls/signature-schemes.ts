/** Hash of a signature scheme; "none" for EdDSA, whose hash is its own and strong. */
export type SchemeHash = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | "none";

export interface SignatureScheme {
	code: number;
	/** RFC 8446 name; the older hash and signature pairs are named the same way. */
	name: string;
	hash: SchemeHash;
}

/** RFC 5246 7.4.1.4.1 pairs and RFC 8446 4.2.3 schemes. */
const rows: readonly [number, string, SchemeHash][] = [
	[0x0101, "rsa_pkcs1_md5", "md5"],
	[0x0102, "dsa_md5", "md5"],
	[0x0103, "ecdsa_md5", "md5"],
	[0x0201, "rsa_pkcs1_sha1", "sha1"],
	[0x0202, "dsa_sha1", "sha1"],
	[0x0203, "ecdsa_sha1", "sha1"],
	[0x0301, "rsa_pkcs1_sha224", "sha224"],
	[0x0302, "dsa_sha224", "sha224"],
	[0x0303, "ecdsa_sha224", "sha224"],
	[0x0401, "rsa_pkcs1_sha256", "sha256"],
	[0x0402, "dsa_sha256", "sha256"],
	[0x0403, "ecdsa_secp256r1_sha256", "sha256"],
	[0x0501, "rsa_pkcs1_sha384", "sha384"],
	[0x0502, "dsa_sha384", "sha384"],
	[0x0503, "ecdsa_secp384r1_sha384", "sha384"],
	[0x0601, "rsa_pkcs1_sha512", "sha512"],
	[0x0602, "dsa_sha512", "sha512"],
	[0x0603, "ecdsa_secp521r1_sha512", "sha512"],
	[0x0804, "rsa_pss_rsae_sha256", "sha256"],
	[0x0805, "rsa_pss_rsae_sha384", "sha384"],
	[0x0806, "rsa_pss_rsae_sha512", "sha512"],
	[0x0807, "ed25519", "none"],
	[0x0808, "ed448", "none"],
	[0x0809, "rsa_pss_pss_sha256", "sha256"],
	[0x080a, "rsa_pss_pss_sha384", "sha384"],
	[0x080b, "rsa_pss_pss_sha512", "sha512"],
];

export const signatureSchemes: readonly SignatureScheme[] = rows.map(([code, name, hash]) => ({ code, name, hash }));

const byCode = new Map(signatureSchemes.map((scheme) => [scheme.code, scheme]));

export function schemeByCode(code: number): SignatureScheme | undefined {
	return byCode.get(code);
}

export function schemeName(code: number): string {
	return byCode.get(code)?.name ?? `0x${code.toString(16).padStart(4, "0")}`;
}
