/** The octets are not what the structure says. Thrown and caught inside this folder. */
export class OctetError extends Error {
	override readonly name = "OctetError";
}

/** Reads numbers and length-prefixed vectors (RFC 8446 3.4) out of octets that may be anything. */
export class OctetReader {
	private readonly octets: Uint8Array;
	private at = 0;

	constructor(octets: Uint8Array) {
		this.octets = octets;
	}

	get left(): number {
		return this.octets.length - this.at;
	}

	uint(octets: 1 | 2 | 3): number {
		let value = 0;
		for (const octet of this.take(octets)) value = value * 256 + octet;
		return value;
	}

	take(count: number): Uint8Array {
		if (count > this.left) throw new OctetError(`${count} octets wanted, ${this.left} left`);
		const part = this.octets.subarray(this.at, this.at + count);
		this.at += count;
		return part;
	}

	vector(lengthOctets: 1 | 2 | 3): Uint8Array {
		return this.take(this.uint(lengthOctets));
	}
}
