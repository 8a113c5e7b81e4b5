import { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import type { MailReportLimits } from "./limits.ts";
import { ReportFault } from "./report-fault.ts";

const maxMembers = 100;

/** Unpacks under one budget for a whole file: entries that overlap and containers in containers count each time. */
export class Unpacker {
	readonly #limits: MailReportLimits;
	#left: number;

	constructor(limits: MailReportLimits) {
		this.#limits = limits;
		this.#left = limits.unpackedBytes;
	}

	/** gzip (RFC 1952), members one after the other; white space and zeros that mail systems leave behind the last one are no fault. */
	async *gunzip(packed: Buffer): AsyncGenerator<Uint8Array> {
		let at = 0;
		for (let member = 0; at < packed.length; member++) {
			if (member >= maxMembers) throw new ReportFault("too_large", `the gzip data has more than ${maxMembers} members`);
			const isMember = packed[at] === 0x1f && packed[at + 1] === 0x8b;
			if (!isMember && member > 0) {
				if (packed.subarray(at).every((octet) => octet === 0 || octet === 0x20 || (octet >= 0x09 && octet <= 0x0d))) return;
				throw new ReportFault("malformed", "the gzip data is followed by something else");
			}
			const data = gzipDataStart(packed, at);
			const used = { octets: 0 };
			let crc = 0;
			let length = 0;
			for await (const chunk of this.inflateRaw(packed.subarray(data), used)) {
				crc = crc32(chunk, crc);
				length += chunk.length;
				yield chunk;
			}
			const trailer = data + used.octets;
			if (trailer + 8 > packed.length) throw new ReportFault("malformed", "the compressed data is broken or cut off");
			if (packed.readUInt32LE(trailer) !== crc || packed.readUInt32LE(trailer + 4) !== length % 2 ** 32)
				throw new ReportFault("malformed", "the gzip data does not have the checksum and size that it gives");
			at = trailer + 8;
		}
	}

	/** Deflate (RFC 1951). `used` gets the number of octets that were read. */
	async *inflateRaw(packed: Uint8Array, used: { octets: number } = { octets: 0 }): AsyncGenerator<Uint8Array> {
		const inflate = createInflateRaw({ chunkSize: 65_536 });
		let length = 0;
		try {
			for await (const chunk of Readable.from([packed], { objectMode: false }).pipe(inflate) as AsyncIterable<Buffer>) {
				length += chunk.length;
				if (length > this.#limits.ratioFloorBytes && length > packed.length * this.#limits.ratio)
					throw new ReportFault("too_large", `the file unpacks to more than ${this.#limits.ratio} times its size, which no report does`);
				this.#take(chunk.length);
				yield chunk;
			}
		} catch (error) {
			if (isZlibFault(error)) throw new ReportFault("malformed", "the compressed data is broken or cut off");
			throw error;
		}
		used.octets = inflate.bytesWritten;
	}

	async *stored(octets: Uint8Array): AsyncGenerator<Uint8Array> {
		this.#take(octets.length);
		yield octets;
	}

	#take(octets: number): void {
		this.#left -= octets;
		if (this.#left < 0) throw new ReportFault("too_large", `the file unpacks to more than ${this.#limits.unpackedBytes} octets`);
	}
}

/** Where the compressed data of a gzip member begins: behind its header (RFC 1952 2.3). */
function gzipDataStart(packed: Buffer, start: number): number {
	const broken = new ReportFault("malformed", "the compressed data is broken or cut off");
	const flags = packed[start + 3];
	if (flags === undefined || packed[start + 2] !== 8 || (flags & 0xe0) !== 0) throw broken;
	let at = start + 10;
	if ((flags & 4) !== 0) {
		if (at + 2 > packed.length) throw broken;
		at += 2 + packed.readUInt16LE(at);
	}
	// Name and comment, each ended by a zero.
	for (const flag of [8, 16]) {
		if ((flags & flag) === 0) continue;
		const zero = packed.indexOf(0, at);
		if (zero === -1) throw broken;
		at = zero + 1;
	}
	if ((flags & 2) !== 0) at += 2;
	if (at > packed.length) throw broken;
	return at;
}

function isZlibFault(error: unknown): boolean {
	const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
	return code !== undefined && (code.startsWith("Z_") || code === "ERR_STREAM_PREMATURE_CLOSE");
}
