import { contentOf, type DerElement, DerError, derTags, expectTag, readBoolean, readChildren, readOid, readSmallInteger, readWhole } from "./der.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";

/** One GeneralName (RFC 5280 4.2.1.6), as far as names are compared here. */
export interface GeneralName {
	type: "dns" | "ip" | "directory" | "email" | "uri" | "other";
	/** dns, email, uri: octets as latin1 code points. ip: hex (8 or 32 digits; twice that with a mask in a constraint). */
	value: string;
	directory?: DistinguishedName;
}

export interface NameConstraints {
	permitted: GeneralName[];
	excluded: GeneralName[];
}

export interface Extensions {
	basicConstraints: { ca: boolean; pathLength: number | null } | null;
	/** keyCertSign of keyUsage; null without the extension. */
	keyCertSign: boolean | null;
	/** Object identifiers; null without the extension. */
	extendedKeyUsage: string[] | null;
	subjectAltNames: GeneralName[];
	nameConstraints: NameConstraints | null;
	/** Hex. */
	subjectKeyId: string | null;
	authorityKeyId: string | null;
	/** Critical extensions that are not understood here: RFC 5280 4.2 has such a certificate refused. */
	unknownCritical: string[];
}

const understood = new Set([
	"2.5.29.14", // subjectKeyIdentifier
	"2.5.29.15", // keyUsage
	"2.5.29.17", // subjectAltName
	"2.5.29.19", // basicConstraints
	"2.5.29.30", // nameConstraints
	"2.5.29.31", // cRLDistributionPoints
	"2.5.29.32", // certificatePolicies: no policy is asked for, so any will do
	"2.5.29.33", // policyMappings
	"2.5.29.35", // authorityKeyIdentifier
	"2.5.29.36", // policyConstraints
	"2.5.29.37", // extKeyUsage
	"2.5.29.54", // inhibitAnyPolicy
	"1.3.6.1.5.5.7.1.1", // authorityInfoAccess
	"1.3.6.1.5.5.7.1.24", // TLS feature
]);

/** Reads the Extensions of a TBSCertificate; `sequence` is undefined when there are none. Throws DerError. */
export function readExtensions(octets: Uint8Array, sequence: DerElement | undefined): Extensions {
	const result: Extensions = {
		basicConstraints: null,
		keyCertSign: null,
		extendedKeyUsage: null,
		subjectAltNames: [],
		nameConstraints: null,
		subjectKeyId: null,
		authorityKeyId: null,
		unknownCritical: [],
	};
	if (sequence === undefined) return result;
	const seen = new Set<string>();
	for (const extension of readChildren(octets, expectTag(sequence, derTags.sequence))) {
		const parts = readChildren(octets, expectTag(extension, derTags.sequence));
		const [type] = parts;
		const oid = readOid(octets, expectTag(type, derTags.oid));
		// RFC 5280 4.2: one instance of an extension at most.
		if (seen.has(oid)) throw new DerError(`extension ${oid} stands twice`);
		seen.add(oid);
		const middle = parts.length === 3 ? parts[1] : undefined;
		const critical = middle !== undefined && readBoolean(octets, middle);
		const value = contentOf(octets, expectTag(parts.at(-1), derTags.octetString));
		if (critical && !understood.has(oid)) result.unknownCritical.push(oid);
		readExtension(result, oid, value);
	}
	return result;
}

function readExtension(result: Extensions, oid: string, value: Uint8Array): void {
	switch (oid) {
		case "2.5.29.14":
			result.subjectKeyId = hex(contentOf(value, readWhole(value, derTags.octetString)));
			return;
		case "2.5.29.15":
			result.keyCertSign = bitIsSet(contentOf(value, readWhole(value, derTags.bitString)), 5);
			return;
		case "2.5.29.17":
			result.subjectAltNames = readChildren(value, readWhole(value, derTags.sequence)).map((name) => readGeneralName(value, name));
			return;
		case "2.5.29.19":
			result.basicConstraints = readBasicConstraints(value);
			return;
		case "2.5.29.30":
			result.nameConstraints = readNameConstraints(value);
			return;
		case "2.5.29.35": {
			const keyId = readChildren(value, readWhole(value, derTags.sequence)).find((child) => child.tag === 0x80);
			result.authorityKeyId = keyId === undefined ? null : hex(contentOf(value, keyId));
			return;
		}
		case "2.5.29.37":
			result.extendedKeyUsage = readChildren(value, readWhole(value, derTags.sequence)).map((usage) => readOid(value, usage));
			return;
		default:
			return;
	}
}

function readBasicConstraints(value: Uint8Array): { ca: boolean; pathLength: number | null } {
	const children = readChildren(value, readWhole(value, derTags.sequence));
	const flag = children.find((child) => child.tag === derTags.boolean);
	const length = children.find((child) => child.tag === derTags.integer);
	return {
		ca: flag !== undefined && readBoolean(value, flag),
		pathLength: length === undefined ? null : readSmallInteger(value, length),
	};
}

function readNameConstraints(value: Uint8Array): NameConstraints {
	const constraints: NameConstraints = { permitted: [], excluded: [] };
	for (const subtrees of readChildren(value, readWhole(value, derTags.sequence))) {
		const list = subtrees.tag === 0xa0 ? constraints.permitted : subtrees.tag === 0xa1 ? constraints.excluded : undefined;
		if (list === undefined) throw new DerError("unknown part of nameConstraints");
		for (const subtree of readChildren(value, subtrees)) {
			const [base] = readChildren(value, expectTag(subtree, derTags.sequence));
			if (base === undefined) throw new DerError("subtree without a base");
			list.push(readGeneralName(value, base));
		}
	}
	return constraints;
}

function readGeneralName(octets: Uint8Array, element: DerElement): GeneralName {
	const content = contentOf(octets, element);
	switch (element.tag) {
		case 0x81:
			return { type: "email", value: Buffer.from(content).toString("latin1") };
		case 0x82:
			return { type: "dns", value: Buffer.from(content).toString("latin1") };
		case 0x86:
			return { type: "uri", value: Buffer.from(content).toString("latin1") };
		case 0x87:
			return { type: "ip", value: hex(content) };
		case 0xa4: {
			const [name] = readChildren(octets, element);
			const directory = readName(octets, expectTag(name, derTags.sequence));
			return { type: "directory", value: directory.text, directory };
		}
		default:
			return { type: "other", value: hex(content) };
	}
}

function bitIsSet(bitString: Uint8Array, bit: number): boolean {
	const octet = bitString[1 + Math.floor(bit / 8)] ?? 0;
	return (octet & (0x80 >> (bit % 8))) !== 0;
}

function hex(octets: Uint8Array): string {
	return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("hex");
}
