/** Numbers and length-prefixed vectors as TLS writes them (RFC 8446 3.4), most significant octet first. */

export function uint8(value: number): Uint8Array {
	return Uint8Array.of(value & 0xff);
}

export function uint16(value: number): Uint8Array {
	return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}

export function uint24(value: number): Uint8Array {
	return Uint8Array.of((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(parts));
}

/** Content behind its length in 1, 2 or 3 octets. Throws RangeError when it does not fit: a defect of the caller. */
export function vector(lengthOctets: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
	const content = concat(...parts);
	if (content.length >= 256 ** lengthOctets) throw new RangeError(`${content.length} octets do not fit a length of ${lengthOctets} octets`);
	const length = lengthOctets === 1 ? uint8(content.length) : lengthOctets === 2 ? uint16(content.length) : uint24(content.length);
	return concat(length, content);
}

export function uint16List(values: readonly number[]): Uint8Array {
	return concat(...values.map(uint16));
}
