import { typeCodes } from "../dns/packet.ts";
import type { LabRecord } from "../dns/records.ts";
import { compareLabels, type Labels, labelsOf, parentOf, wildcardBelow } from "./names.ts";
import { nsecRdata } from "./rdata.ts";
import type { Signer } from "./signer.ts";

const { NS = 2, DS = 43, RRSIG = 46, NSEC = 47 } = typeCodes;

/** The zone data that is signed, by name and type. */
export interface SignedData {
	records: ReadonlyMap<string, ReadonlyMap<number, readonly LabRecord[]>>;
	/** Every name that exists, those without records included. */
	existing: ReadonlySet<string>;
	/** Names where a zone begins, the root among them. */
	apexes: ReadonlySet<string>;
	signer: Signer;
	ttlSeconds: number;
}

/** Signatures and proofs of absence for the zones of one name server. What lies in no signed zone has none. */
export interface Proofs {
	/** The zone that answers a question: for DS the one above (RFC 4035 3.1.4.1). */
	zoneFor(name: string, type: number): string;
	/** The RRSIG over a set that the zone holds at `source`. */
	over(source: string, set: readonly LabRecord[]): LabRecord[];
	/** NSEC records that show that the name, or the type at it, is not there (RFC 4035 3.1.3). */
	absence(name: string, type: number): LabRecord[];
	/** The NSEC record that shows that a name has nothing of its own, so that a wildcard speaks for it (RFC 4035 3.1.3.3). */
	expansion(name: string, type: number): LabRecord[];
	/** The NSEC record at a name, without its signature. */
	nsecAt(name: string): LabRecord[];
}

interface ChainLink {
	name: string;
	labels: Labels;
}

export function createProofs(data: SignedData): Proofs {
	const { records, existing, apexes, signer, ttlSeconds } = data;
	const chains = new Map<string, ChainLink[]>();

	const zoneOf = (name: string): string => {
		let at = name;
		while (!apexes.has(at)) at = parentOf(at);
		return at;
	};
	const zoneFor = (name: string, type: number): string => zoneOf(type === DS && name !== "." && apexes.has(name) ? parentOf(name) : name);
	/** Names that a zone has an NSEC record for, in canonical order: its own and its delegations. */
	const chainOf = (zone: string): ChainLink[] => {
		const known = chains.get(zone);
		if (known) return known;
		const own = [...records.keys()].filter((name) => zoneOf(name) === zone || (name !== "." && apexes.has(name) && zoneOf(parentOf(name)) === zone));
		const chain = own.map((name) => ({ name, labels: labelsOf(name) })).toSorted((left, right) => compareLabels(left.labels, right.labels));
		chains.set(zone, chain);
		return chain;
	};
	const typesAt = (zone: string, name: string): number[] => {
		const types = [...(records.get(name)?.keys() ?? [])];
		if (name === zone) return [...types.filter((type) => type !== DS), RRSIG, NSEC];
		// A delegation is one whether or not the world writes its NS records down. They are not signed, and nothing else of the child is here.
		if (apexes.has(name)) return [NS, ...(types.includes(DS) ? [DS] : []), RRSIG, NSEC];
		return [...types, RRSIG, NSEC];
	};
	const signed = (zone: string, source: string, set: readonly LabRecord[]): LabRecord[] => (signer.shows(zone) ? signer.signature(zone, source, set) : []);
	const nsec = (zone: string, place: number): LabRecord[] => {
		const chain = chainOf(zone);
		const at = chain[place];
		if (at === undefined) return [];
		const next = chain[(place + 1) % chain.length]?.name ?? zone;
		return [{ name: at.name, type: NSEC, ttlSeconds, rdata: nsecRdata(next, typesAt(zone, at.name)) }];
	};
	const proof = (zone: string, place: number): LabRecord[] => {
		const set = nsec(zone, place);
		return [...set, ...signed(zone, set[0]?.name ?? zone, set)];
	};
	/** Place of the last name of a zone that is not after `name`. */
	const placeOf = (zone: string, name: string): number => {
		const chain = chainOf(zone);
		const wanted = labelsOf(name);
		let [low, high] = [0, chain.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (compareLabels(chain[middle]?.labels ?? [], wanted) <= 0) low = middle + 1;
			else high = middle;
		}
		return low === 0 ? chain.length - 1 : low - 1;
	};
	const closestEncloser = (name: string): string => {
		let at = name;
		while (!existing.has(at)) at = parentOf(at);
		return at;
	};

	return {
		zoneFor,
		over(source, set) {
			const [first] = set;
			// Signatures are not signed (RFC 4035 2.2).
			return first === undefined || first.type === RRSIG ? [] : signed(zoneFor(source, first.type), source, set);
		},
		absence(name, type) {
			const zone = zoneFor(name, type);
			if (!signer.shows(zone)) return [];
			const places = new Set([placeOf(zone, name)]);
			if (!existing.has(name)) places.add(placeOf(zone, wildcardBelow(closestEncloser(name))));
			return [...places].flatMap((place) => proof(zone, place));
		},
		expansion(name, type) {
			const zone = zoneFor(name, type);
			return signer.shows(zone) ? proof(zone, placeOf(zone, name)) : [];
		},
		nsecAt(name) {
			const zone = zoneFor(name, NSEC);
			if (!signer.shows(zone)) return [];
			const place = placeOf(zone, name);
			return chainOf(zone)[place]?.name === name ? nsec(zone, place) : [];
		},
	};
}
