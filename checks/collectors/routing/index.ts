import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { normalizeName, recordsOf } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { exchangesOf, zoneNames } from "../dns/mail-names.ts";

const kind = "routing.origin";
const source = { collector: "routing", version: "1", call: "read routing.tsv" };
/** Routes change by the hour: a table older than this says nothing of today. */
const maxAgeDays = 30;

/** routing.origin, id = an address of a name server or MX host: the origin validation state of its announced route, from the user's own table. */
const routing: Collector = {
	id: "routing",
	target: "domain",
	produces: [kind],
	iamActions: [],
	touches: () => [],
	async *collect(target, context) {
		const own = { ...source, target: target.id };
		const table = context.routing;
		if (table === undefined) {
			yield listing(target, context, 0, { code: "input_not_supplied", detail: "a routing data source", message: "no routing.tsv was given with --data" });
			return;
		}
		const age = (Date.parse(context.now()) - Date.parse(`${table.asOf}T00:00:00Z`)) / 86_400_000;
		const stale: EvidenceError | undefined =
			age > maxAgeDays
				? { code: "data_stale", detail: `routing.tsv of ${table.asOf}`, message: `the table of routes is ${Math.floor(age)} days old` }
				: undefined;
		let count = 0;
		for (const address of await routedAddresses(target.id, context)) {
			count += 1;
			const item = { kind, id: address, source: own, collectedAt: context.now() };
			const route = table.routeOf(address);
			if (stale !== undefined) yield { ...item, status: "error", error: stale };
			else if (route === undefined)
				yield {
					...item,
					status: "error",
					error: { code: "evidence_missing", detail: `a route for ${address}`, message: "the table holds no route for the address" },
				};
			else yield { ...item, status: "ok", values: { state: route.state, prefix: route.prefix, source: `${table.source}, ${table.asOf}` } };
		}
		yield listing(target, context, count);
	},
};

export default routing;

/** Addresses of the servers of the zone and of the MX hosts, from answers that the resolver has by now. What could not be looked up the judgement sees by itself. */
async function routedAddresses(domain: string, { resolver, signal }: CollectContext): Promise<string[]> {
	const hosts = new Set(exchangesOf(await resolver.resolve(domain, "MX", signal)));
	for (const zone of zoneNames(domain)) {
		const servers = recordsOf(await resolver.resolve(zone, "NS", signal), "NS");
		for (const record of servers) hosts.add(normalizeName(String(record.data)));
		if (servers.length > 0) break;
	}
	const addresses = new Set<string>();
	for (const host of hosts) {
		for (const type of ["A", "AAAA"] as const)
			for (const record of recordsOf(await resolver.resolve(host, type, signal), type)) addresses.add(String(record.data));
	}
	return [...addresses].sort();
}

function listing(target: Target, context: CollectContext, count: number, error?: EvidenceError): Evidence {
	const base = { kind: "listing", id: listingId(kind, target.id), source: { ...source, target: target.id }, collectedAt: context.now() };
	return error === undefined ? { ...base, status: "ok", values: { kind, target: target.id, count, complete: true } } : { ...base, status: "error", error };
}
