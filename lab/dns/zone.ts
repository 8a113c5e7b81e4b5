import { isIP } from "node:net";
import { reverseName } from "../address.ts";
import { wildcardBelow } from "../dnssec/names.ts";
import { createProofs, type Proofs } from "../dnssec/proofs.ts";
import { keyRecords, type Signer } from "../dnssec/signer.ts";
import { typeCode, typeCodes } from "./packet.ts";
import { canonicalName, encodeRdata, type LabRecord, type RecordValue } from "./records.ts";

/** Records of one name by type: one value, or a list of values. A list within a list is one TXT record with explicit strings. */
export type NameRecords = Readonly<Record<string, RecordValue | readonly RecordValue[]>>;

export interface Answer {
	rcode: "NOERROR" | "NXDOMAIN";
	answers: LabRecord[];
	/** The SOA of the zone in negative answers, and NSEC records with the DO bit. */
	authorities: LabRecord[];
	/** Every name that was looked at, the asked one first: faults of any of them apply. */
	visited: string[];
	/** The asked name exists only because a name below it does (RFC 8020). */
	emptyNonTerminal: boolean;
}

/** Zone data of one name server. The lab answers for every zone and for the root, as a resolver would. */
export interface Zone {
	lookup(name: string, type: number, withSignatures: boolean): Answer;
}

const { NS = 2, CNAME = 5, SOA = 6, RRSIG = 46, NSEC = 47, ANY = 255, DS = 43, DNSKEY = 48 } = typeCodes;
const maxChain = 16;
const defaultSoa = "ns.lab.invalid hostmaster.lab.invalid 1 3600 600 604800 300";

/**
 * Builds the zones of a name server, signed where the signer has a zone. Throws a RangeError that names the record when a value
 * cannot be encoded.
 */
export function buildZone(names: Readonly<Record<string, NameRecords>>, ttlSeconds: number, signer?: Signer): Zone {
	const records = new Map<string, Map<number, LabRecord[]>>();
	const existing = new Set<string>(["."]);
	const apexes = new Map<string, LabRecord>();
	for (const [given, types] of Object.entries(names)) {
		const name = isIP(given) ? reverseName(given) : canonicalName(given);
		const byType = records.get(name) ?? new Map<number, LabRecord[]>();
		records.set(name, byType);
		for (const [type, values] of Object.entries(types)) {
			const code = typeCode(type) ?? 0;
			const list = valuesOf(values).map((value): LabRecord => {
				const actual = type === "SOA" && value === true ? defaultSoa : value;
				const target = type === "CNAME" && typeof value === "string" ? { target: canonicalName(value) } : {};
				return { name, type: code, ttlSeconds, rdata: encodeRdata(type, actual), ...target };
			});
			byType.set(code, [...(byType.get(code) ?? []), ...list]);
		}
		for (const ancestor of withAncestors(name)) existing.add(ancestor);
	}
	if (signer) addKeys(records, existing, ttlSeconds, signer);
	for (const [name, byType] of records) {
		const soa = byType.get(SOA)?.[0];
		if (soa) apexes.set(name, soa);
	}
	const rootSoa: LabRecord = { name: ".", type: SOA, ttlSeconds, rdata: encodeRdata("SOA", defaultSoa) };
	const cuts = new Set([".", ...apexes.keys(), ...[...records].filter(([, byType]) => byType.has(NS)).map(([name]) => name)]);
	const proofs = signer && signer.zones.size > 0 ? createProofs({ records, existing, apexes: cuts, signer, ttlSeconds }) : undefined;

	const soaFor = (name: string): LabRecord => {
		for (const ancestor of withAncestors(name)) {
			const soa = apexes.get(ancestor);
			if (soa) return soa;
		}
		return rootSoa;
	};
	/** What stands at a name, and the name that it stands under. */
	const nodeOf = (name: string): { node: Map<number, LabRecord[]>; source: string } | undefined => {
		const exact = records.get(name);
		if (exact) return { node: exact, source: name };
		if (existing.has(name)) return undefined;
		// RFC 4592: only the wildcard right below the closest encloser counts.
		const source = wildcardBelow(withAncestors(name).find((ancestor) => existing.has(ancestor)) ?? ".");
		const node = records.get(source);
		return node && { node, source };
	};
	const negative = (name: string, type: number, withSignatures: boolean): LabRecord[] => {
		if (!proofs) return [soaFor(name)];
		const soa = soaFor(proofs.zoneFor(name, type));
		return withSignatures ? [soa, ...proofs.over(soa.name, [soa]), ...proofs.absence(name, type)] : [soa];
	};

	return {
		lookup(asked, type, withSignatures) {
			const answers: LabRecord[] = [];
			const authorities: LabRecord[] = [];
			const visited: string[] = [];
			let name = asked;
			for (let step = 0; step < maxChain; step += 1) {
				visited.push(name);
				const found = nodeOf(name);
				if (!found) {
					const exists = existing.has(name);
					authorities.push(...negative(name, type, withSignatures));
					return { rcode: exists ? "NOERROR" : "NXDOMAIN", answers, authorities, visited, emptyNonTerminal: exists && step === 0 };
				}
				const { node, source } = found;
				const signer = withSignatures ? proofs : undefined;
				const show = (set: readonly LabRecord[]): void => {
					const owned = set.map((record) => ({ ...record, name }));
					answers.push(...owned, ...(withSignatures ? givenSignatures(node, owned) : []), ...(signer?.over(source, owned) ?? []));
				};
				const alias = node.get(CNAME)?.[0];
				const followed = alias?.target !== undefined && type !== CNAME && type !== RRSIG && type !== NSEC && type !== ANY;
				const sets = followed ? [[alias]] : setsFor(type, name, source, node, proofs);
				if (sets.length === 0) {
					authorities.push(...negative(name, type, withSignatures));
					return { rcode: "NOERROR", answers, authorities, visited, emptyNonTerminal: false };
				}
				for (const set of sets) show(set);
				if (source !== name) authorities.push(...(signer?.expansion(name, type) ?? []));
				if (!followed || alias.target === undefined || visited.includes(alias.target)) break;
				name = alias.target;
			}
			return { rcode: "NOERROR", answers, authorities, visited, emptyNonTerminal: false };
		},
	};
}

type Node = ReadonlyMap<number, LabRecord[]>;

/** Sets that answer a question at a node. Signatures and NSEC records are made, so a question for them gathers what there would be. */
function setsFor(type: number, name: string, source: string, node: Node, proofs: Proofs | undefined): LabRecord[][] {
	const given = node.get(type) ?? [];
	const all = [...node.values()];
	if (type === ANY) return all;
	if (type === RRSIG && proofs) return [...given, ...all.flatMap((set) => proofs.over(source, set))].map((record) => [record]);
	const nsec = type === NSEC && source === name ? proofs?.nsecAt(name) : undefined;
	if (nsec && nsec.length > 0) return [nsec];
	return given.length === 0 ? [] : [given];
}

/** RRSIG records of the world's own that cover a set, for questions with the DO bit (RFC 4035 3.1.1). */
function givenSignatures(node: Node, owned: readonly LabRecord[]): LabRecord[] {
	const [first] = owned;
	if (first === undefined) return [];
	const covering = (node.get(RRSIG) ?? []).filter((record) => record.rdata.length > 2 && record.rdata.readUInt16BE(0) === first.type);
	return covering.map((record) => ({ ...record, name: first.name }));
}

/** Keys of each signed zone, DS records for those above it, and an SOA where there is none. DS records that the world gives stand instead. */
function addKeys(records: Map<string, Map<number, LabRecord[]>>, existing: Set<string>, ttlSeconds: number, signer: Signer): void {
	for (const zone of signer.zones) {
		const node = records.get(zone) ?? new Map<number, LabRecord[]>();
		records.set(zone, node);
		for (const ancestor of withAncestors(zone)) existing.add(ancestor);
		const { dnskeys, delegation } = keyRecords(signer, zone, ttlSeconds);
		if (!node.has(SOA)) node.set(SOA, [{ name: zone, type: SOA, ttlSeconds, rdata: encodeRdata("SOA", defaultSoa) }]);
		node.set(DNSKEY, [...(node.get(DNSKEY) ?? []), ...dnskeys]);
		if (delegation.length > 0 && !node.has(DS)) node.set(DS, delegation);
	}
}

/** A list is several values; anything else is one. */
export function valuesOf(values: RecordValue | readonly RecordValue[]): readonly RecordValue[] {
	return Array.isArray(values) ? (values as readonly RecordValue[]) : [values as RecordValue];
}

/** The name itself, then each name above it, the root last. */
export function withAncestors(name: string): string[] {
	if (name === ".") return ["."];
	const labels = name.split(".");
	return [...labels.map((_, index) => labels.slice(index).join(".")), "."];
}
