/** What a DER reader throws inside this folder; parseCertificate turns it into a value. */
export class DerError extends Error {
	override readonly name = "DerError";
}

/** One tag-length-value. Offsets are into the octets that were read. */
export interface DerElement {
	tag: number;
	/** Where the tag stands. */
	start: number;
	/** Where the content begins. */
	content: number;
	/** One past the content. */
	end: number;
}

export const derTags = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	oid: 0x06,
	utcTime: 0x17,
	generalizedTime: 0x18,
	sequence: 0x30,
	set: 0x31,
} as const;

/** Longest list of elements that is read in one constructed value: no certificate in use comes near it. */
const maxElements = 20_000;

/** Reads one element within [offset, limit). Only what certificates need of X.690: single-octet tags, definite minimal lengths. */
export function readElement(octets: Uint8Array, offset: number, limit: number): DerElement {
	const tag = at(octets, offset, limit);
	if ((tag & 0x1f) === 0x1f) throw new DerError("tag of several octets");
	const first = at(octets, offset + 1, limit);
	let content = offset + 2;
	let length = first;
	if (first >= 0x80) {
		const count = first & 0x7f;
		if (count === 0 || count > 4) throw new DerError("length is indefinite or too long");
		length = 0;
		for (let index = 0; index < count; index++) length = length * 256 + at(octets, content + index, limit);
		content += count;
		// X.690 10.1: the shortest form, so that one certificate has one encoding.
		if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError("length is not minimal");
	}
	const end = content + length;
	if (end > limit) throw new DerError("element runs past its parent");
	return { tag, start: offset, content, end };
}

/** Reads one element that fills the octets exactly. */
export function readWhole(octets: Uint8Array, tag: number): DerElement {
	const element = readElement(octets, 0, octets.length);
	if (element.end !== octets.length) throw new DerError("octets after the end");
	return expectTag(element, tag);
}

/** The elements inside a constructed one. */
export function readChildren(octets: Uint8Array, parent: DerElement): DerElement[] {
	const children: DerElement[] = [];
	let offset = parent.content;
	while (offset < parent.end) {
		if (children.length >= maxElements) throw new DerError("too many elements");
		const child = readElement(octets, offset, parent.end);
		children.push(child);
		offset = child.end;
	}
	return children;
}

export function expectTag(element: DerElement | undefined, tag: number): DerElement {
	if (element === undefined) throw new DerError("element is missing");
	if (element.tag !== tag) throw new DerError(`tag is 0x${element.tag.toString(16)}, expected 0x${tag.toString(16)}`);
	return element;
}

export function contentOf(octets: Uint8Array, element: DerElement): Uint8Array {
	return octets.subarray(element.content, element.end);
}

/** Header and content. */
export function encodingOf(octets: Uint8Array, element: DerElement): Uint8Array {
	return octets.subarray(element.start, element.end);
}

/** An object identifier in dotted form. */
export function readOid(octets: Uint8Array, element: DerElement): string {
	const content = contentOf(octets, expectTag(element, derTags.oid));
	if (content.length === 0 || content.length > 64) throw new DerError("object identifier is empty or too long");
	const arcs: bigint[] = [];
	let value = 0n;
	let open = false;
	for (const octet of content) {
		value = (value << 7n) | BigInt(octet & 0x7f);
		open = (octet & 0x80) !== 0;
		if (open) continue;
		arcs.push(value);
		value = 0n;
	}
	if (open) throw new DerError("object identifier is cut");
	const head = arcs[0] ?? 0n;
	const top = head < 40n ? 0n : head < 80n ? 1n : 2n;
	return [top, head - top * 40n, ...arcs.slice(1)].join(".");
}

/** A BOOLEAN: DER knows 0x00 and 0xff alone; any other octet counts as true, as BER readers take it. */
export function readBoolean(octets: Uint8Array, element: DerElement): boolean {
	const content = contentOf(octets, expectTag(element, derTags.boolean));
	if (content.length !== 1) throw new DerError("boolean is not one octet");
	return content[0] !== 0;
}

/** A small INTEGER that is not negative; larger ones are refused. */
export function readSmallInteger(octets: Uint8Array, element: DerElement, tag: number = derTags.integer): number {
	const content = contentOf(octets, expectTag(element, tag));
	if (content.length === 0 || content.length > 5 || ((content[0] ?? 0) & 0x80) !== 0) throw new DerError("integer is negative or too large");
	let value = 0;
	for (const octet of content) value = value * 256 + octet;
	return value;
}

const timePattern = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;

/** UTCTime or GeneralizedTime in the one form RFC 5280 4.1.2.5 allows: seconds given, Z, no fraction. */
export function readTime(octets: Uint8Array, element: DerElement | undefined): Date {
	if (element === undefined || (element.tag !== derTags.utcTime && element.tag !== derTags.generalizedTime)) throw new DerError("not a time");
	const text = Buffer.from(contentOf(octets, element)).toString("latin1");
	const parts = timePattern.exec(text);
	const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] = parts ?? [];
	if (parts === null || (year.length === 2) !== (element.tag === derTags.utcTime)) throw new DerError("time is not in the form of RFC 5280");
	const shortYear = Number(year);
	// RFC 5280 4.1.2.5.1: two-digit years from 50 belong to 19YY.
	const fullYear = year.length === 4 ? shortYear : shortYear >= 50 ? 1900 + shortYear : 2000 + shortYear;
	const date = new Date(0);
	date.setUTCFullYear(fullYear, Number(month) - 1, Number(day));
	date.setUTCHours(Number(hour), Number(minute), Number(second), 0);
	const valid =
		date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
	if (!valid) throw new DerError("time does not exist");
	return date;
}

function at(octets: Uint8Array, offset: number, limit: number): number {
	const octet = offset < limit ? octets[offset] : undefined;
	if (octet === undefined) throw new DerError("octets end too early");
	return octet;
}
