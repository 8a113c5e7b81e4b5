import { isIP } from "node:net";
import { reverseName } from "../address.ts";
import { typeCode, typeCodes } from "./packet.ts";
import { canonicalName, encodeRdata, type LabRecord, type RecordValue } from "./records.ts";

/** Records of one name by type: one value, or a list of values. A list within a list is one TXT record with explicit strings. */
export type NameRecords = Readonly<Record<string, RecordValue | readonly RecordValue[]>>;

export interface Answer {
	rcode: "NOERROR" | "NXDOMAIN";
	answers: LabRecord[];
	/** The SOA of the zone, in negative answers. */
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

const maxChain = 16;
const defaultSoa = "ns.lab.invalid hostmaster.lab.invalid 1 3600 600 604800 300";

/** Builds a zone. Throws a RangeError that names the record when a value cannot be encoded. */
export function buildZone(names: Readonly<Record<string, NameRecords>>, ttlSeconds: number): Zone {
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
		const soa = byType.get(typeCodes.SOA ?? 6)?.[0];
		if (soa) apexes.set(name, soa);
	}
	const rootSoa: LabRecord = { name: ".", type: 6, ttlSeconds, rdata: encodeRdata("SOA", defaultSoa) };

	const soaFor = (name: string): LabRecord => {
		for (const ancestor of withAncestors(name)) {
			const soa = apexes.get(ancestor);
			if (soa) return soa;
		}
		return rootSoa;
	};
	const nodeOf = (name: string): Map<number, LabRecord[]> | undefined => {
		const exact = records.get(name);
		if (exact) return exact;
		if (existing.has(name)) return undefined;
		// RFC 4592: only the wildcard right below the closest encloser counts.
		const encloser = withAncestors(name).find((ancestor) => existing.has(ancestor)) ?? ".";
		return records.get(encloser === "." ? "*" : `*.${encloser}`);
	};

	return {
		lookup(asked, type, withSignatures) {
			const answers: LabRecord[] = [];
			const visited: string[] = [];
			let name = asked;
			for (let step = 0; step < maxChain; step += 1) {
				visited.push(name);
				const node = nodeOf(name);
				if (!node) {
					const exists = existing.has(name);
					const emptyNonTerminal = exists && step === 0;
					return { rcode: exists ? "NOERROR" : "NXDOMAIN", answers, authorities: [soaFor(name)], visited, emptyNonTerminal };
				}
				const owned = (list: readonly LabRecord[]): LabRecord[] => list.map((record) => ({ ...record, name }));
				const alias = node.get(5)?.[0];
				if (alias?.target !== undefined && type !== 5 && type !== 255) {
					answers.push(...owned([alias]), ...(withSignatures ? signaturesOf(node, 5, owned) : []));
					if (visited.includes(alias.target)) return { rcode: "NOERROR", answers, authorities: [], visited, emptyNonTerminal: false };
					name = alias.target;
					continue;
				}
				const found = type === 255 ? [...node.values()].flat() : (node.get(type) ?? []);
				if (found.length === 0) return { rcode: "NOERROR", answers, authorities: [soaFor(name)], visited, emptyNonTerminal: false };
				answers.push(...owned(found), ...(withSignatures && type !== 255 ? signaturesOf(node, type, owned) : []));
				return { rcode: "NOERROR", answers, authorities: [], visited, emptyNonTerminal: false };
			}
			return { rcode: "NOERROR", answers, authorities: [], visited, emptyNonTerminal: false };
		},
	};
}

/** RRSIG records that cover a type, for questions with the DO bit (RFC 4035 3.1.1). */
function signaturesOf(node: ReadonlyMap<number, LabRecord[]>, type: number, owned: (list: readonly LabRecord[]) => LabRecord[]): LabRecord[] {
	return owned((node.get(46) ?? []).filter((record) => record.rdata.length > 2 && record.rdata.readUInt16BE(0) === type));
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
