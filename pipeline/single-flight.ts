/** Runs work once per key, however many ask; keeps the latest outcomes so that neighbours in a list find them. */
export class SingleFlight<T> {
	readonly #entries = new Map<string, Promise<T>>();
	readonly #capacity: number;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	run(key: string, work: () => Promise<T>): Promise<T> {
		const known = this.#entries.get(key);
		if (known !== undefined) {
			this.#entries.delete(key);
			this.#entries.set(key, known);
			return known;
		}
		const started = work();
		this.#entries.set(key, started);
		if (this.#entries.size > this.#capacity) {
			const oldest = this.#entries.keys().next().value;
			if (oldest !== undefined) this.#entries.delete(oldest);
		}
		return started;
	}
}
