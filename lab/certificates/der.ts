/** The few DER forms (ITU-T X.690) that a certificate needs. Every function returns one whole tag-length-value. */
function wrap(tag: number, content: Buffer): Buffer {
	const length = content.length;
	if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
	const octets: number[] = [];
	for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
	return Buffer.concat([Buffer.from([tag, 0x80 | octets.length, ...octets]), content]);
}

export function sequence(...items: readonly Buffer[]): Buffer {
	return wrap(0x30, Buffer.concat(items));
}

export function set(...items: readonly Buffer[]): Buffer {
	return wrap(0x31, Buffer.concat(items));
}

/** An INTEGER that is not negative, from its big-endian octets. */
export function unsignedInteger(octets: Uint8Array): Buffer {
	let start = 0;
	while (start < octets.length - 1 && octets[start] === 0) start += 1;
	const trimmed = octets.length === 0 ? Buffer.from([0]) : Buffer.from(octets.subarray(start));
	// A leading one bit would make it negative (X.690 8.3.3).
	return wrap(0x02, (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

export function smallInteger(value: number): Buffer {
	return unsignedInteger(Buffer.from([value]));
}

/** Dotted form, such as "2.5.29.17". */
export function objectIdentifier(dotted: string): Buffer {
	const arcs = dotted.split(".").map(Number);
	const [first = 0, second = 0, ...rest] = arcs;
	const octets: number[] = [first * 40 + second];
	for (const arc of rest) {
		const groups = [arc % 128];
		for (let value = Math.floor(arc / 128); value > 0; value = Math.floor(value / 128)) groups.unshift((value % 128) | 0x80);
		octets.push(...groups);
	}
	return wrap(0x06, Buffer.from(octets));
}

export function bitString(octets: Uint8Array, unusedBits = 0): Buffer {
	return wrap(0x03, Buffer.concat([Buffer.from([unusedBits]), octets]));
}

export function octetString(octets: Uint8Array): Buffer {
	return wrap(0x04, Buffer.from(octets));
}

export function utf8String(text: string): Buffer {
	return wrap(0x0c, Buffer.from(text, "utf8"));
}

export function booleanTrue(): Buffer {
	return wrap(0x01, Buffer.from([0xff]));
}

export function nullValue(): Buffer {
	return wrap(0x05, Buffer.alloc(0));
}

/** Context-specific, constructed: explicit tagging. */
export function explicit(number: number, content: Buffer): Buffer {
	return wrap(0xa0 | number, content);
}

/** Context-specific, primitive: implicit tagging. */
export function implicit(number: number, octets: Uint8Array): Buffer {
	return wrap(0x80 | number, Buffer.from(octets));
}

/** UTCTime up to 2049, GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). Whole seconds. */
export function time(date: Date): Buffer {
	const digits = date.toISOString().replace(/[-:T]/g, "").slice(0, 14);
	const year = date.getUTCFullYear();
	if (year >= 1950 && year < 2050) return wrap(0x17, Buffer.from(`${digits.slice(2)}Z`, "latin1"));
	return wrap(0x18, Buffer.from(`${digits}Z`, "latin1"));
}
