import type { Evidence } from "../../model/evidence.ts";

interface Ranked {
	readonly item: Evidence;
	readonly rank: number;
}

/** Items by the names that they are asked for by: a large plan has too many to look through for each that asks. */
export class ByName {
	readonly #ranked = new Map<string, Ranked[]>();

	constructor(items: readonly Evidence[], namesOf: (item: Evidence) => Iterable<string | undefined>) {
		for (const [rank, item] of items.entries()) {
			for (const name of new Set(namesOf(item))) {
				if (name === undefined) continue;
				const list = this.#ranked.get(name);
				if (list === undefined) this.#ranked.set(name, [{ item, rank }]);
				else list.push({ item, rank });
			}
		}
	}

	/** Those of any of the names, each once, in the order of all. */
	of(...names: readonly (string | undefined)[]): Evidence[] {
		const lists = [...new Set(names)].flatMap((name) => (name === undefined ? [] : [this.#ranked.get(name) ?? []])).filter((list) => list.length > 0);
		const [only] = lists;
		if (only !== undefined && lists.length === 1) return only.map(({ item }) => item);
		const ranked = lists.flat().sort((a, b) => a.rank - b.rank);
		return [...new Set(ranked.map(({ item }) => item))];
	}
}
