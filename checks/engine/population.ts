import { byCodeUnit } from "../../model/canonical.ts";
import type { Evidence, Target } from "../../model/evidence.ts";
import type { Registers } from "../../model/registers.ts";
import type { EvidenceStore } from "./evidence-store.ts";

type Seen = NonNullable<Registers["population"]>[number];

interface SeenValues {
	vendor?: string | null;
	outcome?: string | null;
	host?: string | null;
	service?: string;
	own?: boolean | null;
	covered?: boolean;
	rows?: { id: string }[];
	noPhi?: string[];
}

/** What the scan saw of vendors, hosts of messages and services of AWS, with where it was seen and who answers for it. It judges nothing. */
export function populationOf(store: EvidenceStore): Seen[] {
	const all = (kind: string, make: (values: SeenValues, item: Evidence, target: Target) => Seen | undefined): Seen[] =>
		store.targets.flatMap((target) =>
			store.items(target.id, kind).flatMap((item) => (item.status === "ok" ? (make(item.values as SeenValues, item, target) ?? []) : [])),
		);
	return [
		...all("derived.vendor", ({ vendor = null, outcome = null, rows = [] }, item, target) => ({
			...{ name: vendor ?? item.id, vendor, source: `DNS of ${target.id}`, outcome },
			rows: idsOf(rows),
		})),
		...all("derived.message_host", (values, item, target) => hostOf(values, item, `headers of messages of ${target.id}`)),
		...all("derived.link_host", (values, item, target) => hostOf(values, item, `links of ${target.id}`)),
		...all("derived.agreement_service", ({ service, rows = [] }, item, target) => ({
			...{ name: service ?? item.id, vendor: "Amazon Web Services", source: `${target.type} ${target.id}`, outcome: outcomeOf(item) },
			rows: idsOf(rows),
		})),
	];
}

function hostOf({ host, vendor = null, own, rows = [], noPhi = [] }: SeenValues, item: Evidence, source: string): Seen | undefined {
	if (typeof host !== "string" || own === true) return undefined;
	return { name: host, vendor, source, outcome: outcomeOf(item), rows: [...idsOf(rows), ...noPhi] };
}

function outcomeOf(item: Evidence): string | null {
	const { covered, rows = [] } = item.values as SeenValues;
	if (covered === true) return "covered";
	if (item.gaps?.covered !== undefined || item.gaps?.own !== undefined) return null;
	return rows.length === 0 ? "undeclared" : "not_covered";
}

function idsOf(rows: readonly { id: string }[]): string[] {
	return rows.map(({ id }) => id).sort(byCodeUnit);
}
