/** Lines and columns of a source, both from 1, found by its offsets in UTF-16 units. */
export class Places {
	readonly #starts: number[] = [0];

	constructor(source: string) {
		for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) this.#starts.push(at + 1);
	}

	/** Null for what has no place of its own: text that was decoded. */
	of(offset: number): { line: number | null; column: number | null } {
		if (offset < 0) return { line: null, column: null };
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if ((this.#starts[middle] ?? 0) <= offset) low = middle;
			else high = middle - 1;
		}
		return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
	}
}
