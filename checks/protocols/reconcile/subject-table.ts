/** Characters of a subjectRef behind `sub_`. */
const [least, most] = [26, 52];
const prefix = "sub_".length;

/**
 * A hash table from subjectRefs to the numbers of rows, in typed arrays: a million rows take about 50 MB, 75 MB from the first reference
 * on that is longer than the least, where a Map of strings takes 200 MB. References are compared whole; base32 knows no case. Several rows
 * of one subject hang together in a chain.
 */
export class SubjectTable {
	#width = least;
	#keys = new Uint8Array(least * 1024);
	#next = new Int32Array(1024);
	#slots = new Int32Array(4096).fill(-1);
	readonly #probe = new Uint8Array(most);
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** Adds a row for a subject and returns its number, counted from 0. */
	add(subject: string): number {
		if (subject.length - prefix > this.#width) this.#resize(this.#next.length, most);
		if (this.#size === this.#next.length) this.#resize(this.#next.length * 2, this.#width);
		this.#read(subject);
		const slot = this.#slotOf(this.#probe, 0);
		const row = this.#size;
		this.#size += 1;
		this.#keys.set(this.#probe.subarray(0, this.#width), row * this.#width);
		this.#next[row] = this.#slots[slot] ?? -1;
		this.#slots[slot] = row;
		return row;
	}

	/** The newest row of a subject, or -1. */
	first(subject: string): number {
		if (subject.length - prefix > this.#width) return -1;
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
		for (let index = 0; index < this.#width; index++) hash = Math.imul(hash ^ (keys[offset + index] ?? 0), 0x01000193);
		const mask = this.#slots.length - 1;
		for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
			const row = this.#slots[slot] ?? -1;
			if (row < 0 || this.#sameKey(row, keys, offset)) return slot;
		}
	}

	#sameKey(row: number, keys: Uint8Array, offset: number): boolean {
		const own = row * this.#width;
		for (let index = 0; index < this.#width; index++) if (this.#keys[own + index] !== keys[offset + index]) return false;
		return true;
	}

	/** Room for more rows or wider keys, and the heads of all chains put into their new slots. */
	#resize(rows: number, width: number): void {
		const heads = this.#slots.filter((row) => row >= 0);
		const [keys, old] = [new Uint8Array(rows * width), this.#width];
		if (width === old) keys.set(this.#keys);
		else for (let row = 0; row < this.#size; row++) keys.set(this.#keys.subarray(row * old, (row + 1) * old), row * width);
		[this.#keys, this.#width] = [keys, width];
		const next = new Int32Array(rows);
		next.set(this.#next);
		this.#next = next;
		this.#slots = new Int32Array(rows * 4).fill(-1);
		for (const row of heads) this.#slots[this.#slotOf(this.#keys, row * width)] = row;
	}
}
