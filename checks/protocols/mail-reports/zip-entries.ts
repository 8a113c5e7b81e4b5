import { crc32 } from "node:zlib";
import { ReportFault } from "./report-fault.ts";
import type { Unpacker } from "./unpacker.ts";

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const centralLength = 46;
const localLength = 30;

interface Entry {
	method: number;
	crc: number;
	packed: number;
	unpacked: number;
	offset: number;
}

/** The entries of a zip file by its central directory (APPNOTE 4.3), folders left out. Throws ReportFault. */
export function zipEntries(octets: Buffer, maxEntries: number): Entry[] {
	const end = directoryEnd(octets);
	const count = octets.readUInt16LE(end + 10);
	const start = octets.readUInt32LE(end + 16);
	if (octets.readUInt16LE(end + 4) !== 0 || octets.readUInt16LE(end + 8) !== count)
		throw new ReportFault("malformed", "the zip file is one of several volumes");
	if (count === 0xffff || start === 0xffffffff) throw new ReportFault("too_large", "the zip file has the 64-bit form, which no report needs");
	if (count > maxEntries) throw new ReportFault("too_large", `the zip file has ${count} entries; at most ${maxEntries} are read`);
	const entries: Entry[] = [];
	let at = start;
	for (let index = 0; index < count; index++) {
		if (at + centralLength > end || octets.readUInt32LE(at) !== centralSignature) throw new ReportFault("malformed", "the directory of the zip file is broken");
		const flags = octets.readUInt16LE(at + 8);
		const entry = {
			method: octets.readUInt16LE(at + 10),
			crc: octets.readUInt32LE(at + 16),
			packed: octets.readUInt32LE(at + 20),
			unpacked: octets.readUInt32LE(at + 24),
			offset: octets.readUInt32LE(at + 42),
		};
		const nameLength = octets.readUInt16LE(at + 28);
		const isFolder = nameLength > 0 && octets[at + centralLength + nameLength - 1] === 0x2f && entry.unpacked === 0;
		if ((flags & 0x2041) !== 0) throw new ReportFault("malformed", "the zip file is encrypted");
		if (!isFolder) entries.push(entry);
		at += centralLength + nameLength + octets.readUInt16LE(at + 30) + octets.readUInt16LE(at + 32);
	}
	return entries;
}

/** The octets of an entry in pieces; its size and checksum are held against the directory at the end. */
export async function* unpackEntry(octets: Buffer, entry: Entry, unpacker: Unpacker): AsyncGenerator<Uint8Array> {
	const { offset } = entry;
	if (offset + localLength > octets.length || octets.readUInt32LE(offset) !== localSignature)
		throw new ReportFault("malformed", "an entry of the zip file is not where its directory says");
	const data = offset + localLength + octets.readUInt16LE(offset + 26) + octets.readUInt16LE(offset + 28);
	if (data + entry.packed > octets.length) throw new ReportFault("malformed", "an entry of the zip file is cut off");
	if (entry.method !== 0 && entry.method !== 8) throw new ReportFault("malformed", "an entry of the zip file is packed by another method than deflate");
	const packed = octets.subarray(data, data + entry.packed);
	let crc = 0;
	let length = 0;
	for await (const chunk of entry.method === 0 ? unpacker.stored(packed) : unpacker.inflateRaw(packed)) {
		crc = crc32(chunk, crc);
		length += chunk.length;
		yield chunk;
	}
	if (length !== entry.unpacked || crc !== entry.crc)
		throw new ReportFault("malformed", "an entry of the zip file does not have the size and checksum that its directory gives");
}

/** The end record: the last one whose comment goes to the end of the file. */
function directoryEnd(octets: Buffer): number {
	const last = Math.max(0, octets.length - endLength - 0xffff);
	for (let at = octets.length - endLength; at >= last; at--) {
		if (octets.readUInt32LE(at) === endSignature && at + endLength + octets.readUInt16LE(at + 20) <= octets.length) return at;
	}
	throw new ReportFault("malformed", "the zip file has no directory");
}
