import type { Evidence, Target } from "../../../model/evidence.ts";
import { normalizeName } from "../../protocols/resolver.ts";
import type { DnsValues, StoredRecord } from "./record-data.ts";

const addressKinds = [
	["dns.a", "A"],
	["dns.aaaa", "AAAA"],
] as const;

type Find = (kind: string, id: string) => Evidence | undefined;

/** Addresses of one domain that are probed; beyond that a zone only wants to keep us busy. */
const maxTargets = 256;

/**
 * The MX addresses of a domain out of its dns.* items, by preference, host and address. A null MX gives none (RFC 7505); no MX
 * at all makes the domain its own host (RFC 5321 5.1); MX that could not be asked gives none.
 */
export function discoverMx(domain: string, items: readonly Evidence[], port: number): Target[] {
	const name = normalizeName(domain);
	const find: Find = (kind, id) => items.find((item) => item.kind === kind && item.id === id);
	const targets = new Map<string, Target>();
	for (const host of hostsOf(name, find("dns.mx", name))) {
		for (const [kind, type] of addressKinds) {
			const addresses = recordsIn(find(kind, host), type).map((record) => String(record.data));
			for (const address of addresses.sort()) {
				const id = `${host}|${address}|${port}`;
				if (targets.size < maxTargets) targets.set(id, { id, type: "mx", domains: [domain] });
			}
		}
	}
	return [...targets.values()];
}

/** Hosts whose addresses could not be asked for, each with the answer that is wanting; the domain itself where its MX could not. */
export function unopenedMx(domain: string, find: Find): Map<string, Evidence> {
	const name = normalizeName(domain);
	const mx = find("dns.mx", name);
	if (mx?.status === "error") return new Map([[name, mx]]);
	const unopened = new Map<string, Evidence>();
	for (const host of hostsOf(name, mx)) {
		const wanting = addressKinds.map(([kind]) => find(kind, host)).find((item) => item?.status === "error");
		if (wanting !== undefined) unopened.set(host, wanting);
	}
	return unopened;
}

function hostsOf(domain: string, mx: Evidence | undefined): string[] {
	if (mx?.status === "absent") return [domain];
	const records = recordsIn(mx, "MX").map((record) => record.data as { preference: number; exchange: string });
	records.sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1));
	return [...new Set(records.map((record) => normalizeName(record.exchange)))].filter((host) => host !== "." && host !== "");
}

function recordsIn(item: Evidence | undefined, type: string): StoredRecord[] {
	if (item?.status !== "ok") return [];
	return (item.values as DnsValues).records.filter((record) => record.type === type);
}
