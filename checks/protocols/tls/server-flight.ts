import { alertName } from "./alerts.ts";
import { OctetError } from "./octet-reader.ts";
import {
	readCertificateStatus,
	readCertificates,
	readServerHello,
	readServerKeyExchange,
	type ServerHello,
	type ServerKeyExchange,
} from "./server-messages.ts";

/**
 * hello: TLS 1.3 has answered (the rest is encrypted) or asks for another ClientHello. hello_done: the whole plain flight of
 * TLS 1.2 or older. alert: the server refuses. not_tls: what came is no TLS record. malformed, too_large: not to be read on.
 */
export type FlightEnd = "hello" | "hello_done" | "alert" | "not_tls" | "malformed" | "too_large";

/** What a server has said in clear to a ClientHello. */
export interface ServerFlight {
	/** null: more is to come. */
	end: FlightEnd | null;
	hello: ServerHello | null;
	/** Leaf first; null in TLS 1.3, where it is encrypted, and for anonymous suites. */
	chain: Uint8Array[] | null;
	/** DER of the stapled OCSP answer. */
	staple: Uint8Array | null;
	keyExchange: ServerKeyExchange | null;
	alert: { fatal: boolean; name: string } | null;
	/** Why it is malformed. */
	fault: string | null;
}

const maxOctets = 256 * 1024;
const maxMessage = 128 * 1024;
/** RFC 5246 6.2.1; encrypted ones may be larger, but none are read. */
const maxRecord = 16_384 + 2048;

/**
 * Reads the server's answer to a ClientHello as it comes in, cut into packets anyhow (RFC 5246 6.2, RFC 8446 5.1). Any octets
 * give a flight; nothing is thrown; work and memory are bounded by what was pushed, at most 256 KiB.
 */
export class ServerFlightReader {
	readonly flight: ServerFlight = { end: null, hello: null, chain: null, staple: null, keyExchange: null, alert: null, fault: null };
	private readonly records = new Gathering();
	private readonly messages = new Gathering();
	private octets = 0;
	private first = true;

	/** True when there is nothing more to wait for. */
	push(chunk: Uint8Array): boolean {
		if (this.flight.end !== null) return true;
		this.octets += chunk.length;
		this.records.add(chunk);
		try {
			while (this.flight.end === null && this.nextRecord());
		} catch (error) {
			if (!(error instanceof OctetError)) throw error;
			this.finish("malformed", error.message);
		}
		if (this.flight.end === null && this.octets > maxOctets) this.finish("too_large", `more than ${maxOctets} octets`);
		return this.flight.end !== null;
	}

	private nextRecord(): boolean {
		const type = this.records.at(0);
		if (type === undefined) return false;
		const major = this.records.at(1);
		// Content types 20 to 24, major version 3: anything else speaks another protocol.
		if (type < 20 || type > 24 || (major !== undefined && major !== 3)) {
			this.finish(this.first ? "not_tls" : "malformed", "this is no TLS record");
			return false;
		}
		const length = this.records.uint(3, 2);
		if (length === undefined) return false;
		if (length > maxRecord) throw new OctetError(`a record of ${length} octets`);
		const record = this.records.take(5 + length);
		if (record === undefined) return false;
		this.first = false;
		this.readRecord(type, record.subarray(5));
		return true;
	}

	private readRecord(type: number, content: Uint8Array): void {
		if (type === 21) {
			const [level, code] = content;
			if (level === undefined || code === undefined) throw new OctetError("an alert without its two octets");
			// A warning such as unrecognized_name goes before an answer (RFC 6066 3); close_notify ends.
			const fatal = level === 2 || code === 0;
			this.flight.alert = { fatal, name: alertName(code) };
			if (fatal) this.finish("alert", null);
			return;
		}
		if (type !== 22) throw new OctetError(`a record of type ${type} before the handshake is through`);
		if (content.length === 0) throw new OctetError("an empty handshake record");
		this.messages.add(content);
		while (this.flight.end === null && this.nextMessage());
	}

	private nextMessage(): boolean {
		const length = this.messages.uint(1, 3);
		const type = this.messages.at(0);
		if (length === undefined || type === undefined) return false;
		if (length > maxMessage) throw new OctetError(`a handshake message of ${length} octets`);
		const message = this.messages.take(4 + length);
		if (message === undefined) return false;
		this.readMessage(type, message.subarray(4));
		return true;
	}

	private readMessage(type: number, body: Uint8Array): void {
		const { flight } = this;
		if (flight.hello === null) {
			// A HelloRequest may come at any time and means nothing here (RFC 5246 7.4.1.1).
			if (type === 0) return;
			if (type !== 2) throw new OctetError(`handshake message ${type} before the ServerHello`);
			flight.hello = readServerHello(body);
			if (flight.hello.retry || flight.hello.version >= 0x0304) this.finish("hello", null);
			return;
		}
		if (type === 11) flight.chain = readCertificates(body);
		else if (type === 22) flight.staple = readCertificateStatus(body) ?? null;
		else if (type === 12) flight.keyExchange = readServerKeyExchange(body, flight.hello) ?? null;
		else if (type === 14) this.finish("hello_done", null);
		// 13 CertificateRequest and 4 NewSessionTicket tell nothing that is asked for.
		else if (type !== 13 && type !== 4 && type !== 0) throw new OctetError(`handshake message ${type} in the server's flight`);
	}

	private finish(end: FlightEnd, fault: string | null): void {
		this.flight.end = end;
		this.flight.fault = fault;
	}
}

/** Reads a whole answer. */
export function readServerFlight(octets: Uint8Array): ServerFlight {
	const reader = new ServerFlightReader();
	reader.push(octets);
	return reader.flight;
}

/** Octets that come in pieces and are taken in other pieces: each is copied a bounded number of times. */
class Gathering {
	private buffer = new Uint8Array(512);
	private start = 0;
	private end = 0;

	add(chunk: Uint8Array): void {
		if (this.end + chunk.length > this.buffer.length) {
			const held = this.end - this.start;
			const room = held + chunk.length > this.buffer.length / 2 ? new Uint8Array(2 * (held + chunk.length)) : this.buffer;
			room.set(this.buffer.subarray(this.start, this.end));
			this.buffer = room;
			this.start = 0;
			this.end = held;
		}
		this.buffer.set(chunk, this.end);
		this.end += chunk.length;
	}

	at(offset: number): number | undefined {
		return this.start + offset < this.end ? this.buffer[this.start + offset] : undefined;
	}

	uint(offset: number, octets: 2 | 3): number | undefined {
		let value = 0;
		for (let index = 0; index < octets; index++) {
			const octet = this.at(offset + index);
			if (octet === undefined) return undefined;
			value = value * 256 + octet;
		}
		return value;
	}

	/** A copy; undefined when fewer octets are there. */
	take(count: number): Uint8Array | undefined {
		if (this.end - this.start < count) return undefined;
		const part = this.buffer.slice(this.start, this.start + count);
		this.start += count;
		return part;
	}
}
