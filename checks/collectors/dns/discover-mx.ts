import type { Evidence, EvidenceError, Target } from "../../../model/evidence.ts";
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
	const find: Find = (kind, id) => items.find((item) => item.kind === kind && item.id === id);
	const ids = addressesOf(normalizeName(domain), find).map(([host, address]) => `${host}|${address}|${port}`);
	return [...new Set(ids)].slice(0, maxTargets).map((id) => ({ id, type: "mx", domains: [domain] }));
}

/** A host whose addresses are not all looked at, and why. */
export interface UnopenedHost {
	host: string;
	error: EvidenceError;
	/** The answer that says so; undefined where none is stored. */
	item: Evidence | undefined;
}

/**
 * What discoverMx cannot give: the hosts whose addresses could not be asked for, the domain itself where its MX could not, and the hosts
 * whose addresses are beyond the most that are probed.
 */
export function unopenedMx(domain: string, find: Find): UnopenedHost[] {
	const name = normalizeName(domain);
	const mx = find("dns.mx", name);
	if (mx === undefined || mx.status === "error") return [wanting(name, "MX", mx)];
	const unopened = hostsOf(name, mx).flatMap((host) => {
		const lost = addressKinds.find(([kind]) => (find(kind, host)?.status ?? "error") === "error");
		return lost === undefined ? [] : [wanting(host, lost[1], find(lost[0], host))];
	});
	const beyond = new Set(
		addressesOf(name, find)
			.slice(maxTargets)
			.map(([host]) => host),
	);
	const message = `the domain has more than ${maxTargets} MX addresses; the rest is not probed`;
	return [...unopened, ...[...beyond].map((host) => ({ host, error: { code: "too_large" as const, detail: `MX ${name}`, message }, item: mx }))];
}

function wanting(host: string, type: string, item: Evidence | undefined): UnopenedHost {
	const detail = `${type} ${host}`;
	return { host, error: item?.error ?? { code: "not_collected", detail, message: `the evidence holds no answer to ${detail}` }, item };
}

/** Host and address of every exchange that is known, by preference. */
function addressesOf(domain: string, find: Find): [host: string, address: string][] {
	return hostsOf(domain, find("dns.mx", domain)).flatMap((host) =>
		addressKinds.flatMap(([kind, type]) =>
			recordsIn(find(kind, host), type)
				.map((record) => String(record.data))
				.sort()
				.map((address): [string, string] => [host, address]),
		),
	);
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
