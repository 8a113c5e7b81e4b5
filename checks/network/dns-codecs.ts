import { createRequire } from "node:module";

/** The part of dns-packet that is used here. The package ships no types. */
interface DnsPacket {
	/** The codec of a record type's data; `decode` wants the offset of RDLENGTH and leaves the octets it took in `decode.bytes`. */
	record(type: string): { decode: { (octets: Buffer, offset: number): unknown; bytes: number } };
}

interface DnsPacketTypes {
	toString(type: number): string;
}

const packet = createRequire(import.meta.url)("dns-packet") as DnsPacket;
const types = createRequire(import.meta.url)("dns-packet/types") as DnsPacketTypes;

/** Mnemonic of a record type, UNKNOWN_<number> when there is none. */
export function typeName(type: number): string {
	return types.toString(type);
}

/**
 * Data of one record as dns-packet decodes it. `octets` ends where the data ends, so that no codec can read into the next
 * record. Throws on data that is cut or longer than it says.
 */
export function decodeData(type: string, octets: Buffer, rdlengthOffset: number): unknown {
	const { decode } = packet.record(type);
	const data = decode(octets, rdlengthOffset);
	if (rdlengthOffset + decode.bytes !== octets.length) throw new RangeError(`${type} data does not fill its length`);
	return data;
}
