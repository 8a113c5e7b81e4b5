import type { DnsRecord } from "../protocols/resolver.ts";
import { decodeData, typeName } from "./dns-codecs.ts";
import { headerSize } from "./dns-message.ts";

/** A message that its standard does not allow. The caller turns it into the reason code malformed. */
export class MalformedMessage extends Error {
	override readonly name = "MalformedMessage";
}

/** A name has at most 127 labels; more pointers than that only waste time. */
const maxJumps = 127;

export interface Sections {
	answers: DnsRecord[];
	authorities: DnsRecord[];
	/** Upper eight bits of the RCODE; 0 in every answer to a plain question. */
	extendedRcode: number;
}

/**
 * Answer and authority section of a reply to the question `name` (lower case), whose sections start at `offset`. Of the
 * additional section only the upper bits of the RCODE are taken (RFC 6891 6.1.3): an answer such as BADVERS looks like NOERROR
 * without them. Throws MalformedMessage.
 */
export function decodeSections(reply: Buffer, name: string, offset: number): Sections {
	const reader = new Reader(reply, name, offset);
	const answers = reader.section(reply.readUInt16BE(6));
	const authorities = reader.section(reply.readUInt16BE(8));
	return { answers, authorities, extendedRcode: reader.extendedRcode(reply.readUInt16BE(10)) };
}

class Reader {
	private at: number;
	/** Where the uncompressed part of the name read last ends. */
	private after = 0;
	private readonly reply: Buffer;
	private readonly question: string;

	constructor(reply: Buffer, question: string, offset: number) {
		this.reply = reply;
		this.question = question;
		this.at = offset;
	}

	section(count: number): DnsRecord[] {
		const records: DnsRecord[] = [];
		for (let index = 0; index < count; index++) {
			const record = this.record();
			if (record !== undefined) records.push(record);
		}
		return records;
	}

	extendedRcode(count: number): number {
		const { reply } = this;
		let bits = 0;
		for (let index = 0; index < count; index++) {
			if (reply[this.at] === 0) this.at += 1;
			else {
				this.name(this.at, reply.length, true);
				this.at = this.after;
			}
			const fixed = this.at;
			if (fixed + 10 > reply.length) throw new MalformedMessage("record is cut");
			this.at = fixed + 10 + reply.readUInt16BE(fixed + 8);
			if (this.at > reply.length) throw new MalformedMessage("record data is cut");
			if (reply.readUInt16BE(fixed) === 41) bits = reply[fixed + 4] as number;
		}
		return bits;
	}

	private record(): DnsRecord | undefined {
		const { reply } = this;
		const name = this.owner();
		const fixed = this.at;
		if (fixed + 10 > reply.length) throw new MalformedMessage("record is cut");
		const type = reply.readUInt16BE(fixed);
		const inInternet = reply.readUInt16BE(fixed + 2) === 1;
		const ttl = reply.readUInt32BE(fixed + 4);
		const start = fixed + 10;
		const end = start + reply.readUInt16BE(fixed + 8);
		if (end > reply.length) throw new MalformedMessage("record data is cut");
		this.at = end;
		if (!inInternet) return undefined;
		// A TTL with the top bit set counts as 0 (RFC 2181 8).
		return { name, type: typeName(type), ttl: ttl > 0x7fffffff ? 0 : ttl, data: this.data(type, start, end) };
	}

	/** Almost every owner is a pointer to the question. */
	private owner(): string {
		const { reply, at } = this;
		if (reply[at] === 0xc0 && reply[at + 1] === headerSize) {
			this.at = at + 2;
			return this.question;
		}
		const name = this.name(at, reply.length, false);
		this.at = this.after;
		return name.toLowerCase();
	}

	private data(type: number, start: number, end: number): unknown {
		const { reply } = this;
		switch (type) {
			case 1:
				if (end - start !== 4) throw new MalformedMessage("A data is not 4 octets");
				return `${reply[start]}.${reply[start + 1]}.${reply[start + 2]}.${reply[start + 3]}`;
			case 28:
				if (end - start !== 16) throw new MalformedMessage("AAAA data is not 16 octets");
				return this.byCodec("AAAA", start, end);
			case 2:
			case 5:
			case 12:
			case 39:
				return this.wholeName(start, end);
			case 15:
				if (end - start < 3) throw new MalformedMessage("MX data is cut");
				return { preference: reply.readUInt16BE(start), exchange: this.wholeName(start + 2, end) };
			case 16:
			case 99:
				return this.strings(start, end);
			case 52:
				if (end - start < 3) throw new MalformedMessage("TLSA data is cut");
				return { usage: reply[start], selector: reply[start + 1], matchingType: reply[start + 2], certificate: reply.subarray(start + 3, end) };
			case 257:
				return this.caa(start, end);
			case 6:
				return this.soa(start, end);
			case 46:
				if (end - start < 19) throw new MalformedMessage("RRSIG data is cut");
				this.name(start + 18, end, true);
				return this.byCodec("RRSIG", start, end);
			case 47:
				this.name(start, end, true);
				return this.byCodec("NSEC", start, end);
			case 43:
			case 48:
				if (end - start < 4) throw new MalformedMessage("key or digest data is cut");
				return this.byCodec(type === 43 ? "DS" : "DNSKEY", start, end);
			case 50:
				return this.byCodec("NSEC3", start, end);
			default:
				return reply.subarray(start, end);
		}
	}

	private byCodec(type: string, start: number, end: number): unknown {
		try {
			return decodeData(type, this.reply.subarray(0, end), start - 2);
		} catch (error) {
			// The codecs say what they do not like with plain errors.
			throw new MalformedMessage(`${type} data: ${error instanceof Error ? error.message : String(error)}`);
		}
	}

	/** RFC 1035 3.3.13. Almost every answer that says "there is none" holds one. */
	private soa(start: number, end: number): unknown {
		const { reply } = this;
		const mname = this.name(start, end, true);
		const mailbox = this.after;
		let rname: string;
		try {
			rname = this.name(mailbox, end, true);
		} catch (error) {
			// A mailbox may hold what a host's name may not, such as a dot within its first label: the codec says how that is written.
			if (error instanceof MalformedMessage) return this.byCodec("SOA", start, end);
			throw error;
		}
		const at = this.after;
		if (at + 20 !== end) throw new MalformedMessage("SOA data does not fill its length");
		return {
			mname,
			rname,
			serial: reply.readUInt32BE(at),
			refresh: reply.readUInt32BE(at + 4),
			retry: reply.readUInt32BE(at + 8),
			expire: reply.readUInt32BE(at + 12),
			minimum: reply.readUInt32BE(at + 16),
		};
	}

	/** Character-strings of TXT and SPF (RFC 1035 3.3.14), as octets. */
	private strings(start: number, end: number): Buffer[] {
		const { reply } = this;
		const strings: Buffer[] = [];
		let at = start;
		while (at < end) {
			const next = at + 1 + (reply[at] as number);
			if (next > end) throw new MalformedMessage("character-string is cut");
			strings.push(reply.subarray(at + 1, next));
			at = next;
		}
		return strings;
	}

	/** RFC 8659 4.1.1. */
	private caa(start: number, end: number): { flags: number; tag: string; value: string; issuerCritical: boolean } {
		const { reply } = this;
		const valueAt = start + 2 + (reply[start + 1] ?? 0);
		if (end - start < 3 || valueAt > end || valueAt === start + 2) throw new MalformedMessage("CAA data is cut");
		const flags = reply[start] as number;
		return { flags, tag: reply.toString("latin1", start + 2, valueAt), value: reply.toString("latin1", valueAt, end), issuerCritical: (flags & 0x80) !== 0 };
	}

	private wholeName(start: number, end: number): string {
		const name = this.name(start, end, false);
		if (this.after !== end) throw new MalformedMessage("name does not fill its data");
		return name;
	}

	/**
	 * A name in text form, without a trailing dot, "." for the root. Labels that hold a dot or octets outside printable ASCII
	 * have no unambiguous text and make the message malformed; with `lenient` (names of DNSSEC data, such as \000.example.org
	 * of minimal NSEC) control characters pass.
	 * The uncompressed part must end before `limit`.
	 */
	private name(start: number, limit: number, lenient: boolean): string {
		const { reply } = this;
		let at = start;
		let lowest = start;
		let after = -1;
		let size = 1;
		let jumps = 0;
		let text = "";
		for (;;) {
			const length = reply[at];
			if (length === undefined || (after < 0 && at >= limit)) throw new MalformedMessage("name is cut");
			if (length === 0) {
				if (after < 0) after = at + 1;
				break;
			}
			if (length >= 0xc0) {
				const low = reply[at + 1];
				if (low === undefined || (after < 0 && at + 2 > limit)) throw new MalformedMessage("pointer is cut");
				if (after < 0) after = at + 2;
				at = ((length & 0x3f) << 8) | low;
				// Only ever backwards (RFC 1035 4.1.4), and below every place read before: no loop is possible.
				jumps += 1;
				if (at >= lowest || at < headerSize || jumps > maxJumps) throw new MalformedMessage("pointer does not lead backwards");
				lowest = at;
				continue;
			}
			if (length > 63) throw new MalformedMessage("label type is not known");
			size += length + 1;
			const end = at + 1 + length;
			if (size > 255 || end > reply.length || (after < 0 && end > limit)) throw new MalformedMessage("name is too long or cut");
			for (let index = at + 1; index < end; index++) {
				const octet = reply[index] as number;
				if (octet === 0x2e || octet > 0x7e || (octet < 0x20 && !lenient)) throw new MalformedMessage("name holds octets that have no text form");
			}
			text += text === "" ? reply.toString("latin1", at + 1, end) : `.${reply.toString("latin1", at + 1, end)}`;
			at = end;
		}
		this.after = after;
		return text === "" ? "." : text;
	}
}
