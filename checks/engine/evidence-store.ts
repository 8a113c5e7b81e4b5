import { byCodeUnit, evidenceLine } from "../../model/canonical.ts";
import { type Evidence, type ListingValues, listingId, type Target } from "../../model/evidence.ts";

/** Evidence by target and kind, with each item's hash. Items keep the order of their ids whatever order they came in. */
export class EvidenceStore {
	readonly targets: readonly Target[];
	readonly #byTarget = new Map<string, Map<string, Evidence[]>>();
	readonly #hashes = new Map<Evidence, string>();
	readonly #byHash = new Map<string, Evidence>();
	readonly #made = new Map<string, unknown>();
	readonly #byId = new Map<string, Evidence>();
	/** Lists that got an item since they were last put in order. */
	readonly #unsorted = new Set<Evidence[]>();

	constructor(targets: readonly Target[]) {
		this.targets = targets;
	}

	add(item: Evidence, sha256?: string): void {
		const target = item.source.target;
		let kinds = this.#byTarget.get(target);
		if (kinds === undefined) {
			kinds = new Map();
			this.#byTarget.set(target, kinds);
		}
		let list = kinds.get(item.kind);
		if (list === undefined) {
			list = [];
			kinds.set(item.kind, list);
		}
		list.push(item);
		if (list.length > 1) this.#unsorted.add(list);
		const key = `${target}\n${item.kind}\n${item.id}`;
		if (!this.#byId.has(key)) this.#byId.set(key, item);
		if (sha256 !== undefined) this.#remember(item, sha256);
	}

	/** Items of a kind on one target, by id. */
	items(target: string, kind: string): readonly Evidence[] {
		const list = this.#byTarget.get(target)?.get(kind);
		if (list === undefined) return [];
		if (this.#unsorted.delete(list)) list.sort((a, b) => byCodeUnit(a.id, b.id));
		return list;
	}

	item(target: string, kind: string, id: string): Evidence | undefined {
		return this.#byId.get(`${target}\n${kind}\n${id}`);
	}

	kinds(target: string): string[] {
		return [...(this.#byTarget.get(target)?.keys() ?? [])].sort(byCodeUnit);
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
		const at = `${target}\n${key}`;
		if (!this.#made.has(at)) this.#made.set(at, make());
		return this.#made.get(at) as T;
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
