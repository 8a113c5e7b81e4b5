import { withAncestors } from "./zone.ts";

export const dnsFaultKinds = [
	"servfail",
	"refused",
	"formerr",
	"notimp",
	"nxdomain",
	"nodata",
	"drop",
	"truncate",
	"truncate-without-tcp",
	"forged-id-first",
	"forged-id-only",
	"wrong-question-first",
	"other-port-first",
	"malformed",
	"pointer-loop",
	"nxdomain-for-empty-nonterminal",
	"cname-loop",
] as const;
export type DnsFaultKind = (typeof dnsFaultKinds)[number];

export interface DnsFault {
	kind?: DnsFaultKind | undefined;
	/** Wait before the answer. */
	delayMs?: number | undefined;
	/** Only the first so many questions meet the fault. */
	times?: number | undefined;
}

/** Faults by "name" or "name/TYPE"; "*.name" means every name below it. The most specific wins. */
export interface FaultTable {
	/** The fault for a question, counted; `visited` are the names that its answer rests on. */
	take(visited: readonly string[], type: string): DnsFault | undefined;
}

export function buildFaults(faults: Readonly<Record<string, DnsFaultKind | DnsFault>>): FaultTable {
	const table = new Map<string, { fault: DnsFault; met: number }>();
	for (const [key, value] of Object.entries(faults)) {
		const [name = "", type] = key.split("/");
		const canonical = name.toLowerCase().replace(/(.)\.$/, "$1");
		table.set(type === undefined ? canonical : `${canonical}/${type.toUpperCase()}`, { fault: typeof value === "string" ? { kind: value } : value, met: 0 });
	}
	const entryFor = (name: string, type: string): { fault: DnsFault; met: number } | undefined => {
		const exact = table.get(`${name}/${type}`) ?? table.get(name);
		if (exact) return exact;
		for (const ancestor of withAncestors(name).slice(1)) {
			const wildcard = ancestor === "." ? "*" : `*.${ancestor}`;
			const entry = table.get(`${wildcard}/${type}`) ?? table.get(wildcard);
			if (entry) return entry;
		}
		return undefined;
	};
	return {
		take(visited, type) {
			if (table.size === 0) return undefined;
			for (const name of visited) {
				const entry = entryFor(name, type);
				if (!entry || (entry.fault.times !== undefined && entry.met >= entry.fault.times)) continue;
				entry.met += 1;
				return entry.fault;
			}
			return undefined;
		},
	};
}
