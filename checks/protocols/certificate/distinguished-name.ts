import { contentOf, type DerElement, DerError, derTags, expectTag, readChildren, readOid } from "./der.ts";

export interface DistinguishedName {
	/** Two names that RFC 5280 7.1 calls equal have the same key: case folded, white space folded, string types aside. */
	key: string;
	/** One key per relative name, outermost first: directoryName constraints compare prefixes. */
	relativeKeys: string[];
	/** Values of commonName, in order, as they are written. */
	commonNames: string[];
	/** For people: CN=..., O=... in the order of the certificate. Control characters are escaped; at most 512 characters. */
	text: string;
	empty: boolean;
}

const commonName = "2.5.4.3";
const attributeNames: Record<string, string> = {
	[commonName]: "CN",
	"2.5.4.5": "serialNumber",
	"2.5.4.6": "C",
	"2.5.4.7": "L",
	"2.5.4.8": "ST",
	"2.5.4.10": "O",
	"2.5.4.11": "OU",
	"0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1": "emailAddress",
};

/** Reads a Name (RFC 5280 4.1.2.4). Throws DerError. */
export function readName(octets: Uint8Array, element: DerElement): DistinguishedName {
	const relativeKeys: string[] = [];
	const texts: string[] = [];
	const commonNames: string[] = [];
	for (const relative of readChildren(octets, element)) {
		const keys: string[] = [];
		for (const attribute of readChildren(octets, expectTag(relative, derTags.set))) {
			const [type, value] = readChildren(octets, expectTag(attribute, derTags.sequence));
			if (type === undefined || value === undefined) throw new DerError("attribute without type or value");
			const oid = readOid(octets, type);
			const decoded = decodeString(value.tag, contentOf(octets, value));
			const folded = decoded?.trim().replace(/\s+/gu, " ").toLowerCase();
			keys.push(JSON.stringify([oid, folded ?? `#${value.tag}:${Buffer.from(contentOf(octets, value)).toString("hex")}`]));
			if (oid === commonName && decoded !== undefined) commonNames.push(decoded);
			texts.push(`${attributeNames[oid] ?? oid}=${decoded ?? "#"}`);
		}
		// A SET has no order of its own.
		relativeKeys.push(keys.sort().join("+"));
	}
	return {
		key: relativeKeys.join("/"),
		relativeKeys,
		commonNames,
		text: texts
			.join(", ")
			.replace(/\p{Cc}/gu, escapeControl)
			.slice(0, 512)
			.toWellFormed(),
		empty: relativeKeys.length === 0,
	};
}

/** The string types that names use; undefined for others, which are then compared as octets. */
function decodeString(tag: number, content: Uint8Array): string | undefined {
	const octets = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	switch (tag) {
		case 0x0c: // UTF8String
			return octets.toString("utf8");
		case 0x12: // NumericString
		case 0x13: // PrintableString
		case 0x14: // TeletexString, in practice Latin-1
		case 0x16: // IA5String
		case 0x1a: // VisibleString
			return octets.toString("latin1");
		case 0x1e: // BMPString, UTF-16 big endian
			return octets.length % 2 === 0 ? Buffer.from(octets).swap16().toString("utf16le") : undefined;
		default:
			return undefined;
	}
}

function escapeControl(character: string): string {
	return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
}
