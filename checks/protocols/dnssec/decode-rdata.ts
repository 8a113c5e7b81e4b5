import { typesOfBitmap } from "./rdata.ts";
import { typeText } from "./record-types.ts";

/**
 * The way back from encodeRdata(type, data, false): data as a message decoder gives it. Stored answers are read with it, so it
 * takes any octets. Undefined for what is not data of the type.
 */
export function decodeRdata(type: string, octets: Buffer): unknown {
	const reader = new Reader(octets);
	const data = read(type, reader);
	return reader.failed || !reader.atEnd ? undefined : data;
}

function read(type: string, reader: Reader): unknown {
	switch (type) {
		case "A":
			return reader.take(4).join(".");
		case "AAAA":
			return ipv6Text(reader.take(16));
		case "NS":
		case "CNAME":
		case "PTR":
		case "DNAME":
			return reader.name();
		case "MX":
			return { preference: reader.uint(2), exchange: reader.name() };
		case "TXT":
		case "SPF":
			return reader.strings();
		case "SOA":
			return {
				mname: reader.name(),
				rname: reader.name(true),
				serial: reader.uint(4),
				refresh: reader.uint(4),
				retry: reader.uint(4),
				expire: reader.uint(4),
				minimum: reader.uint(4),
			};
		case "TLSA":
			return { usage: reader.uint(1), selector: reader.uint(1), matchingType: reader.uint(1), certificate: reader.rest() };
		case "CAA":
			return { flags: reader.uint(1), tag: reader.take(reader.uint(1)).toString("latin1"), value: reader.rest().toString("latin1") };
		case "DS":
			return { keyTag: reader.uint(2), algorithm: reader.uint(1), digestType: reader.uint(1), digest: reader.rest() };
		case "DNSKEY":
			return readKey(reader);
		case "RRSIG":
			return {
				typeCovered: typeText(reader.uint(2)),
				algorithm: reader.uint(1),
				labels: reader.uint(1),
				originalTTL: reader.uint(4),
				expiration: reader.uint(4),
				inception: reader.uint(4),
				keyTag: reader.uint(2),
				signersName: reader.name(),
				signature: reader.rest(),
			};
		case "NSEC":
			return { nextDomain: reader.name(), rrtypes: reader.types() };
		case "NSEC3":
			return {
				algorithm: reader.uint(1),
				flags: reader.uint(1),
				iterations: reader.uint(2),
				salt: reader.take(reader.uint(1)),
				nextDomain: reader.take(reader.uint(1)),
				rrtypes: reader.types(),
			};
		default:
			return reader.rest();
	}
}

function readKey(reader: Reader): unknown {
	const flags = reader.uint(2);
	// RFC 4034 2.1.2: any other protocol makes the key unusable.
	if (reader.uint(1) !== 3) reader.failed = true;
	return { flags, algorithm: reader.uint(1), key: reader.rest() };
}

class Reader {
	failed = false;
	private at = 0;
	private readonly octets: Buffer;

	constructor(octets: Buffer) {
		this.octets = octets;
	}

	get atEnd(): boolean {
		return this.at === this.octets.length;
	}

	take(size: number): Buffer {
		const end = this.at + size;
		if (end > this.octets.length) {
			this.failed = true;
			return Buffer.alloc(0);
		}
		const part = this.octets.subarray(this.at, end);
		this.at = end;
		return part;
	}

	uint(size: number): number {
		const part = this.take(size);
		return part.length === size ? part.readUIntBE(0, size) : 0;
	}

	rest(): Buffer {
		return this.take(this.octets.length - this.at);
	}

	strings(): Buffer[] {
		const strings: Buffer[] = [];
		if (this.atEnd) this.failed = true;
		while (!this.atEnd && !this.failed) strings.push(this.take(this.uint(1)));
		return strings;
	}

	types(): string[] {
		const types = typesOfBitmap(this.rest());
		if (types === undefined) this.failed = true;
		return types ?? [];
	}

	/** `mailbox` writes a dot inside a label as \. so that the text is unambiguous. */
	name(mailbox = false): string {
		const labels: string[] = [];
		for (let size = 1; !this.failed; ) {
			const length = this.uint(1);
			if (length === 0) break;
			size += length + 1;
			const label = this.take(length).toString("latin1");
			const dotted = label.includes(".");
			if (length > 63 || size > 255 || /[^\0-~]/.test(label) || (dotted && (!mailbox || labels.length > 0))) this.failed = true;
			labels.push(dotted ? label.replaceAll(".", "\\.") : label);
		}
		return labels.length === 0 ? "." : labels.join(".");
	}
}

/** RFC 5952 4. */
function ipv6Text(octets: Buffer): string {
	if (octets.length !== 16) return "";
	const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2));
	let best = { start: -1, length: 1 };
	for (let start = 0; start < 8; start++) {
		let length = 0;
		while (start + length < 8 && groups[start + length] === 0) length += 1;
		if (length > best.length) best = { start, length };
	}
	const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
	if (best.start === -1) return text(groups);
	return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}
