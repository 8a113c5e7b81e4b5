/** Characters of a subjectRef behind `sub_`, at most. */
const width = 52;
const prefix = "sub_".length;

/**
 * A hash table from subjectRefs to the numbers of rows, in typed arrays: a million rows take about 70 MB, where a Map of strings takes
 * three times that. References are compared whole; base32 knows no case. Several rows of one subject hang together in a chain.
 */
export class SubjectTable {
	#keys = new Uint8Array(width * 1024);
	#next = new Int32Array(1024);
	#slots = new Int32Array(4096).fill(-1);
	readonly #probe = new Uint8Array(width);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** Adds a row for a subject and returns its number, counted from 0. */
	add(subject: string): number {
		if (this.#size === this.#next.length) this.#grow();
		this.#read(subject);
		const slot = this.#slotOf(this.#probe, 0);
		const row = this.#size;
		this.#size += 1;
		this.#keys.set(this.#probe, row * width);
		this.#next[row] = this.#slots[slot] ?? -1;
		this.#slots[slot] = row;
		return row;
	}

	/** The newest row of a subject, or -1. */
	first(subject: string): number {
		this.#read(subject);
		return this.#slots[this.#slotOf(this.#probe, 0)] ?? -1;
	}

	/** The row of the same subject before this one, or -1. */
	after(row: number): number {
		return this.#next[row] ?? -1;
	}

	#read(subject: string): void {
		this.#probe.fill(0);
		for (let index = prefix; index < subject.length; index++) {
			const code = subject.charCodeAt(index);
			this.#probe[index - prefix] = code >= 65 && code <= 90 ? code + 32 : code;
		}
	}

	/** The slot that holds the key at an offset, or the empty one where it belongs. FNV-1a, linear probing. */
	#slotOf(keys: Uint8Array, offset: number): number {
		let hash = 0x811c9dc5;
		for (let index = 0; index < width; index++) hash = Math.imul(hash ^ (keys[offset + index] ?? 0), 0x01000193);
		const mask = this.#slots.length - 1;
		for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
			const row = this.#slots[slot] ?? -1;
			if (row < 0 || this.#sameKey(row, keys, offset)) return slot;
		}
	}

	#sameKey(row: number, keys: Uint8Array, offset: number): boolean {
		const own = row * width;
		for (let index = 0; index < width; index++) if (this.#keys[own + index] !== keys[offset + index]) return false;
		return true;
	}

	/** Twice the room, and the heads of all chains put into their new slots. */
	#grow(): void {
		const heads = this.#slots.filter((row) => row >= 0);
		this.#keys = resized(this.#keys, this.#keys.length * 2);
		const next = new Int32Array(this.#next.length * 2);
		next.set(this.#next);
		this.#next = next;
		this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
		for (const row of heads) this.#slots[this.#slotOf(this.#keys, row * width)] = row;
	}
}

function resized(octets: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
	const larger = new Uint8Array(length);
	larger.set(octets);
	return larger;
}
