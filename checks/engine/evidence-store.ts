import { byCodeUnit, evidenceLine } from "../../model/canonical.ts";
import { type Evidence, type ListingValues, listingId, type Target } from "../../model/evidence.ts";

/** What is known of one target: its items, and what derivations made of them. */
interface TargetItems {
	kinds: Map<string, KindItems>;
	made: Map<string, unknown>;
}

interface KindItems {
	list: Evidence[];
	/** The first item of each id. */
	byId: Map<string, Evidence>;
	/** Whether the list is in order, since the last item came. */
	sorted: boolean;
}

/** Evidence by target and kind, with each item's hash. Items keep the order of their ids whatever order they came in. */
export class EvidenceStore {
	readonly targets: readonly Target[];
	readonly #byTarget = new Map<string, TargetItems>();
	readonly #hashes = new Map<Evidence, string>();
	readonly #byHash = new Map<string, Evidence>();

	constructor(targets: readonly Target[]) {
		this.targets = targets;
	}

	add(item: Evidence, sha256?: string): void {
		const { kinds } = this.#of(item.source.target);
		let known = kinds.get(item.kind);
		if (known === undefined) {
			known = { list: [], byId: new Map(), sorted: true };
			kinds.set(item.kind, known);
		}
		known.list.push(item);
		known.sorted = known.list.length === 1;
		if (!known.byId.has(item.id)) known.byId.set(item.id, item);
		if (sha256 !== undefined) this.#remember(item, sha256);
	}

	/** Items of a kind on one target, by id. */
	items(target: string, kind: string): readonly Evidence[] {
		const known = this.#byTarget.get(target)?.kinds.get(kind);
		if (known === undefined) return [];
		if (!known.sorted) known.list.sort((a, b) => byCodeUnit(a.id, b.id));
		known.sorted = true;
		return known.list;
	}

	item(target: string, kind: string, id: string): Evidence | undefined {
		return this.#byTarget.get(target)?.kinds.get(kind)?.byId.get(id);
	}

	kinds(target: string): string[] {
		return [...(this.#byTarget.get(target)?.kinds.keys() ?? [])].sort(byCodeUnit);
	}

	/** The listing of a kind on a target: whether all were seen. */
	listing(target: string, kind: string): Evidence | undefined {
		return this.item(target, "listing", listingId(kind, target));
	}

	/** SHA-256 of the item's canonical line: its name in results. */
	sha256(item: Evidence): string {
		let hash = this.#hashes.get(item);
		if (hash === undefined) {
			hash = evidenceLine(item).sha256;
			this.#remember(item, hash);
		}
		return hash;
	}

	/** The item that a hash given out by sha256() names. */
	byHash(hash: string): Evidence | undefined {
		return this.#byHash.get(hash);
	}

	/** A kind's items as policies see them, as JSON: written once however many checks read the kind. */
	policyItems(target: string, kind: string): string {
		return this.remember(target, `policy ${kind}`, () =>
			JSON.stringify(
				this.items(target, kind)
					.filter((item) => item.status !== "error")
					.map(policyItem),
			),
		);
	}

	/** What derivations of one target make once and share. The raw evidence is complete before they run. */
	remember<T>(target: string, key: string, make: () => T): T {
		const { made } = this.#of(target);
		if (!made.has(key)) made.set(key, make());
		return made.get(key) as T;
	}

	#of(target: string): TargetItems {
		let known = this.#byTarget.get(target);
		if (known === undefined) {
			known = { kinds: new Map(), made: new Map() };
			this.#byTarget.set(target, known);
		}
		return known;
	}

	#remember(item: Evidence, hash: string): void {
		this.#hashes.set(item, hash);
		this.#byHash.set(hash, item);
	}
}

export function listingOf(values: ListingValues, source: Evidence["source"], collectedAt: string): Evidence {
	return { kind: "listing", id: listingId(values.kind, values.target), status: "ok", values, source, collectedAt };
}

/** Values with _id, _kind, _status and, where there are any, _references and _unknown: see checks/policies/lib/evidence.rego. */
function policyItem(item: Evidence): Record<string, unknown> {
	const values = item.values !== null && typeof item.values === "object" && !Array.isArray(item.values) ? item.values : {};
	const more = {
		...(item.references === undefined ? {} : { _references: item.references }),
		...(item.unknown === undefined ? {} : { _unknown: item.unknown }),
	};
	return { ...values, _id: item.id, _kind: item.kind, _status: item.status, ...more };
}
