import { dnsPacket } from "./packet.ts";
import type { LabRecord } from "./records.ts";

export interface Query {
	id: number;
	opcode: number;
	recursionDesired: boolean;
	checkingDisabled: boolean;
	/** Lower case, no trailing dot; octets that a name of the zone cannot hold are escaped, so that they match nothing. */
	name: string;
	type: number;
	class: number;
	/** The question section as it came, letter case included: the answer repeats it. */
	question: Buffer;
	/** EDNS (RFC 6891), when the query has it. */
	edns?: { udpPayloadSize: number; dnssecOk: boolean };
}

export interface Response {
	rcode: number;
	answers: readonly LabRecord[];
	authorities: readonly LabRecord[];
	truncated?: boolean;
}

/** "ignore": no header to answer to, or itself a response; "formerr": answer with FORMERR. */
export type ParsedQuery = { ok: true; query: Query } | { ok: false; action: "ignore" | "formerr" };

export function parseQuery(message: Buffer): ParsedQuery {
	if (message.length < 12 || (message.readUInt16BE(2) & 0x8000) !== 0) return { ok: false, action: "ignore" };
	if (message.readUInt16BE(4) !== 1) return { ok: false, action: "formerr" };
	const flags = message.readUInt16BE(2);
	let offset = 12;
	const labels: string[] = [];
	for (;;) {
		const length = message[offset];
		// A question never needs compression; 63 is the longest label.
		if (length === undefined || length > 63) return { ok: false, action: "formerr" };
		offset += 1;
		if (length === 0) break;
		if (offset + length > message.length || offset + length - 12 > 254) return { ok: false, action: "formerr" };
		labels.push(labelText(message.subarray(offset, offset + length)));
		offset += length;
	}
	if (offset + 4 > message.length) return { ok: false, action: "formerr" };
	const edns = readEdns(message);
	if (edns === "malformed") return { ok: false, action: "formerr" };
	return {
		ok: true,
		query: {
			id: message.readUInt16BE(0),
			opcode: (flags >> 11) & 0xf,
			recursionDesired: (flags & 0x0100) !== 0,
			checkingDisabled: (flags & 0x0010) !== 0,
			name: labels.length === 0 ? "." : labels.join("."),
			type: message.readUInt16BE(offset),
			class: message.readUInt16BE(offset + 2),
			question: Buffer.from(message.subarray(12, offset + 4)),
			...(edns ? { edns } : {}),
		},
	};
}

function labelText(octets: Buffer): string {
	let text = "";
	for (const octet of octets) {
		const plain = octet > 0x20 && octet < 0x7f && octet !== 0x2e && octet !== 0x5c;
		text += plain ? String.fromCharCode(octet) : `\\${octet.toString().padStart(3, "0")}`;
	}
	return text.toLowerCase();
}

function readEdns(message: Buffer): Query["edns"] | "malformed" {
	if (message.readUInt16BE(10) === 0) return undefined;
	try {
		const option = dnsPacket.decode(message).additionals.find((record) => record.type === "OPT");
		if (!option) return undefined;
		return { udpPayloadSize: option.udpPayloadSize ?? 512, dnssecOk: option.flag_do === true };
	} catch (error) {
		// dns-packet throws Error and RangeError on octets that are no message.
		if (error instanceof Error) return "malformed";
		throw error;
	}
}

/** The whole message, however long. Flags: QR, AA, RD and CD as asked (RFC 4035 3.2.2), RA; never AD, since the lab validates nothing. */
export function encodeResponse(query: Query, response: Response): Buffer {
	const header = Buffer.alloc(12);
	header.writeUInt16BE(query.id, 0);
	const asked = (query.opcode << 11) | (query.recursionDesired ? 0x0100 : 0) | (query.checkingDisabled ? 0x0010 : 0);
	header.writeUInt16BE(0x8480 | asked | (response.truncated ? 0x0200 : 0) | response.rcode, 2);
	header.writeUInt16BE(1, 4);
	header.writeUInt16BE(response.answers.length, 6);
	header.writeUInt16BE(response.authorities.length, 8);
	header.writeUInt16BE(query.edns ? 1 : 0, 10);
	const records = [...response.answers, ...response.authorities].map((record) => encodeRecord(record, query.name));
	return Buffer.concat([header, query.question, ...records, ...(query.edns ? [optRecord(query.edns.dnssecOk)] : [])]);
}

/** What fits in a datagram: the whole, or the question alone with TC set (RFC 2181 9). */
export function encodeForUdp(query: Query, response: Response): Buffer {
	const whole = encodeResponse(query, response);
	// 1232 octets is what survives every path (DNS flag day 2020); 512 without EDNS (RFC 1035 4.2.1).
	const limit = query.edns ? Math.min(Math.max(query.edns.udpPayloadSize, 512), 1232) : 512;
	if (whole.length <= limit) return whole;
	return encodeResponse(query, { rcode: response.rcode, answers: [], authorities: [], truncated: true });
}

/** A response of the header alone, for a query whose question could not be read. */
export function encodeFormatError(message: Buffer): Buffer {
	const header = Buffer.alloc(12);
	header.writeUInt16BE(message.readUInt16BE(0), 0);
	header.writeUInt16BE(0x8081 | (message.readUInt16BE(2) & 0x7900), 2);
	return header;
}

function encodeRecord(record: LabRecord, questionName: string): Buffer {
	const owner = record.name === questionName ? Buffer.from([0xc0, 12]) : dnsPacket.name.encode(record.name);
	const fixed = Buffer.alloc(10);
	fixed.writeUInt16BE(record.type, 0);
	fixed.writeUInt16BE(1, 2);
	fixed.writeUInt32BE(record.ttlSeconds, 4);
	fixed.writeUInt16BE(record.rdata.length, 8);
	return Buffer.concat([owner, fixed, record.rdata]);
}

function optRecord(dnssecOk: boolean): Buffer {
	return Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, dnssecOk ? 0x80 : 0, 0, 0, 0]);
}
