import type { Resolved } from "./resolver.ts";
import { EvaluationError, unknown, type Value } from "./values.ts";

/** Beyond a bound of ours: no `try` may take that for an error of Terraform's. */
class LimitError extends Error {}

const maxDepth = 1200;
const maxSteps = 20_000_000;
const maxChain = 150;

/** The evaluating of one configuration, whatever its expressions say: bounded, each value once, with the addresses that it was made from. */
export class Evaluation {
	/** How many expressions stand inside each other; whoever catches an error puts it back. */
	depth = 0;
	private steps = 0;
	/** How often a bound cut an evaluation short. */
	private cuts = 0;
	/** Addresses seen by the value that is being evaluated; the innermost one's set. */
	private seen = new Set<string>();
	private readonly cache = new Map<string, Resolved>();
	private readonly running = new Set<string>();

	/** One step down; whoever takes it comes back up. */
	down(): void {
		this.steps += 1;
		this.depth += 1;
		if (this.steps > maxSteps || this.depth > maxDepth) throw new LimitError();
	}

	up(): void {
		this.depth -= 1;
	}

	/** Counts an address for the value that is being evaluated. */
	note(address: string): void {
		this.seen.add(address);
	}

	noteAll(addresses: Iterable<string>): void {
		for (const address of addresses) this.seen.add(address);
	}

	/** A value with its references, which do not count for whoever asks; unknown where it cannot be evaluated. */
	recorded(work: () => Value): Resolved {
		const outer = this.seen;
		const depth = this.depth;
		const references = new Set<string>();
		this.seen = references;
		try {
			return { value: work(), references };
		} catch (error) {
			// RangeError: values nested beyond the engine's stack, which only a hostile configuration builds.
			if (!(error instanceof EvaluationError || error instanceof LimitError || error instanceof RangeError)) throw error;
			if (!(error instanceof EvaluationError)) this.cuts += 1;
			return { value: unknown, references };
		} finally {
			this.seen = outer;
			this.depth = depth;
		}
	}

	/** Evaluates once. With `through`, what the value is made from counts for whoever reads it. */
	cached(id: string, through: boolean, work: () => Value): Value {
		let entry = this.cache.get(id);
		if (entry === undefined) {
			if (this.running.has(id)) return unknown;
			if (this.running.size > maxChain) {
				this.cuts += 1;
				return unknown;
			}
			const cuts = this.cuts;
			this.running.add(id);
			entry = this.recorded(work);
			this.running.delete(id);
			// Deep in a chain the value may be cut short by a bound; from nearer by it may be had another time.
			if (this.cuts === cuts || this.running.size === 0) this.cache.set(id, entry);
		}
		if (through) this.noteAll(entry.references);
		return entry.value;
	}
}
