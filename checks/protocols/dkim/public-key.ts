/** What the octets of p= hold. */
export type PublicKeyParse = { ok: true; bits: number } | { ok: false; error: string };

const rsaEncryption = "2a864886f70d010101"; // 1.2.840.113549.1.1.1
/** What else is found in p= by mistake, by object identifier. */
const otherAlgorithms: Readonly<Record<string, string>> = {
	"2a864886f70d01010a": "RSASSA-PSS",
	"2a8648ce3d0201": "an elliptic curve (ECDSA)",
	"2b6570": "Ed25519",
};

interface DerItem {
	tag: number;
	/** Offsets of the content. */
	start: number;
	end: number;
}

/**
 * Reads an RSA key, as SubjectPublicKeyInfo (what every signer publishes) or as bare RSAPublicKey (the literal text of
 * RFC 6376 section 3.6.1, RFC 8017 appendix A.1.1), and counts the bits of the modulus. Bounded: no recursion, each octet read once.
 */
export function parseRsaPublicKey(der: Uint8Array): PublicKeyParse {
	const outer = readItem(der, 0, der.length);
	if (outer === undefined || outer.tag !== 0x30) return { ok: false, error: "p= holds no DER sequence" };
	if (outer.end !== der.length) return { ok: false, error: "there are octets after the key" };
	const first = readItem(der, outer.start, outer.end);
	if (first === undefined) return { ok: false, error: "the key is cut short" };
	if (first.tag === 0x02) return readModulus(der, outer);
	if (first.tag !== 0x30) return { ok: false, error: "the key is neither a SubjectPublicKeyInfo nor an RSAPublicKey" };

	const oid = readItem(der, first.start, first.end);
	if (oid === undefined || oid.tag !== 0x06) return { ok: false, error: "the key names no algorithm" };
	const algorithm = Buffer.from(der.subarray(oid.start, Math.min(oid.end, oid.start + 32))).toString("hex");
	if (algorithm !== rsaEncryption) return { ok: false, error: `the key is not of type RSA but ${otherAlgorithms[algorithm] ?? "of another algorithm"}` };
	// RFC 3279 section 2.3.1: the parameters are NULL; leaving them out is tolerated everywhere.
	const parameters = Buffer.from(der.subarray(oid.end, Math.min(first.end, oid.end + 3))).toString("hex");
	if (parameters !== "0500" && parameters !== "") return { ok: false, error: "the algorithm of the key has parameters that RSA does not have" };
	const bitString = readItem(der, first.end, outer.end);
	if (bitString === undefined || bitString.tag !== 0x03 || der[bitString.start] !== 0)
		return { ok: false, error: "the key is cut short or holds no bit string" };
	if (bitString.end !== outer.end) return { ok: false, error: "there are octets after the key" };
	const inner = readItem(der, bitString.start + 1, bitString.end);
	if (inner === undefined || inner.tag !== 0x30) return { ok: false, error: "the bit string holds no RSAPublicKey" };
	if (inner.end !== bitString.end) return { ok: false, error: "there are octets after the key" };
	return readModulus(der, inner);
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
function readModulus(der: Uint8Array, sequence: DerItem): PublicKeyParse {
	const modulus = readItem(der, sequence.start, sequence.end);
	if (modulus === undefined || modulus.tag !== 0x02) return { ok: false, error: "the key holds no modulus" };
	const exponent = readItem(der, modulus.end, sequence.end);
	if (exponent === undefined || exponent.tag !== 0x02) return { ok: false, error: "the key holds no exponent" };
	if (exponent.end !== sequence.end) return { ok: false, error: "there are octets after the exponent" };
	const bits = bitLength(der, modulus);
	const exponentBits = bitLength(der, exponent);
	if (bits === undefined || exponentBits === undefined) return { ok: false, error: "the modulus or the exponent is negative or empty" };
	const lastModulusOctet = der[modulus.end - 1] ?? 0;
	const lastExponentOctet = der[exponent.end - 1] ?? 0;
	// A product of two odd primes is odd; an exponent must be odd and at least 3 (RFC 8017 section 3.1).
	if (lastModulusOctet % 2 === 0 || lastExponentOctet % 2 === 0 || exponentBits < 2) return { ok: false, error: "modulus and exponent are no RSA key" };
	return { ok: true, bits };
}

function bitLength(der: Uint8Array, integer: DerItem): number | undefined {
	const lead = der[integer.start];
	if (integer.end === integer.start || lead === undefined || lead >= 0x80) return undefined;
	let index = integer.start;
	while (index < integer.end && der[index] === 0) index += 1;
	const top = der[index];
	if (index >= integer.end || top === undefined) return 0;
	return (integer.end - index - 1) * 8 + (32 - Math.clz32(top));
}

/** One tag-length-value with a definite length that fits; undefined otherwise. */
function readItem(der: Uint8Array, offset: number, limit: number): DerItem | undefined {
	const tag = der[offset];
	const short = der[offset + 1];
	if (tag === undefined || short === undefined || offset + 2 > limit) return undefined;
	if (short < 0x80) return within(tag, offset + 2, short, limit);
	const count = short & 0x7f;
	if (count === 0 || count > 4 || offset + 2 + count > limit) return undefined;
	let length = 0;
	for (let index = 0; index < count; index += 1) length = length * 256 + (der[offset + 2 + index] ?? 0);
	return within(tag, offset + 2 + count, length, limit);
}

function within(tag: number, start: number, length: number, limit: number): DerItem | undefined {
	return start + length > limit ? undefined : { tag, start, end: start + length };
}

/** RFC 8463 section 4.2: the raw 32 octets, not a SubjectPublicKeyInfo. */
export function parseEd25519PublicKey(octets: Uint8Array): PublicKeyParse {
	if (octets.length === 32) return { ok: true, bits: 256 };
	const wrapped = octets.length === 44 && Buffer.from(octets.subarray(0, 12)).toString("hex") === "302a300506032b6570032100";
	const hint = wrapped ? ": it is a SubjectPublicKeyInfo, of which the last 32 octets belong here" : "";
	return { ok: false, error: `an Ed25519 key has 32 octets, this one has ${octets.length}${hint}` };
}
