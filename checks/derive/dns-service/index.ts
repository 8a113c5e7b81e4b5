import type { Evidence, Gap } from "../../../model/evidence.ts";
import { exchangesOf, zoneNames } from "../../collectors/dns/mail-names.ts";
import { normalizeName, type Resolver, recordsOf } from "../../protocols/resolver.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { authorityAnswers, compareServers } from "./compare-servers.ts";

/** values of routing.origin, id = an address: the origin validation state (RFC 6811) of its announced route, as a routing data source gave it. */
interface OriginValidation {
	state: "valid" | "invalid" | "not_found";
	prefix: string;
	source: string;
}

/**
 * derived.dns_ipv6 and derived.zone_servers, one per domain: IPv6 of name servers and MX hosts, and whether all authoritative
 * servers say the same. derived.route, one per address of both, id <domain>/<address>: its RPKI state.
 */
const derivation: Derivation = {
	id: "dns-service",
	target: "domain",
	needs: ["config.domain", "dns.ns", "dns.mx", "dns.a", "dns.aaaa"],
	uses: ["dns.authority", "smtp.starttls", "routing.origin"],
	produces: ["derived.dns_ipv6", "derived.route", "derived.zone_servers"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const resolver = replayResolver(view);
		const gaps: Record<string, Gap> = {};
		const servers = await serverHosts(view.target, resolver, gaps);
		const mx = await resolver.resolve(view.target, "MX");
		if (mx.status === "error") gaps.mx = { code: mx.code ?? "malformed", detail: `MX ${view.target}` };
		const addresses = new Map<string, { a: string[]; aaaa: string[] }>();
		for (const host of new Set([...servers, ...exchangesOf(mx)]))
			addresses.set(host, await addressesOf(host, resolver, gaps, servers.includes(host) ? "servers" : "mx"));
		const base = [...(declaration === undefined ? [] : [declaration]), ...resolver.used];
		const authority = view.items("dns.authority");
		const answers = authorityAnswers(authority);
		const smtp = view.items("smtp.starttls");
		const ipv6Of = (host: string): string[] => addresses.get(host)?.aaaa ?? [];

		const reach: Record<string, Gap> = {};
		const lame: string[] = [];
		for (const host of servers) {
			for (const address of ipv6Of(host)) {
				const own = answers.filter((answer) => answer.address === address);
				if (own.some((answer) => answer.rcode === "REFUSED")) lame.push(`${host} ${address}`);
				else if (!own.some((answer) => answer.data !== undefined)) reach.answered ??= own[0]?.gap ?? { code: "not_collected", detail: `${host} ${address}` };
			}
		}
		for (const host of exchangesOf(mx)) {
			for (const address of ipv6Of(host)) {
				const seen = smtp.find((item) => item.id.startsWith(`${host}|${address}|`));
				if (seen?.status !== "ok") reach.answered ??= { code: seen?.error?.code ?? "not_collected", detail: `${host} ${address}` };
			}
		}
		const hosts = exchangesOf(mx);
		const items: DerivedItem[] = [
			{
				kind: "derived.dns_ipv6",
				id: view.target,
				values: {
					domain: view.target,
					receives: domain.receives,
					servers: servers.filter((host) => ipv6Of(host).length > 0),
					mx: hosts.filter((host) => ipv6Of(host).length > 0),
					offered: servers.filter((host) => ipv6Of(host).length > 0).length >= 2 && hosts.length > 0 && hosts.every((host) => ipv6Of(host).length > 0),
					lame,
					answered: reach.answered === undefined,
					read: gaps.servers === undefined && gaps.mx === undefined,
				},
				gaps: { ...(gaps.servers === undefined ? {} : { offered: gaps.servers }), ...(gaps.mx === undefined ? {} : { offered: gaps.mx }), ...reach },
				basis: [...base, ...authority, ...smtp],
			},
			{ kind: "derived.zone_servers", id: view.target, ...compareServers(view, answers, servers, gaps.servers), basis: [...base, ...authority] },
		];
		for (const [path, gap] of Object.entries(gaps)) {
			// Addresses that could not be looked up have routes too.
			const error = { code: gap.code, detail: gap.detail, message: `${gap.detail ?? path} could not be looked up` };
			items.push({ kind: "derived.route", id: `${view.target}/${path}`, error, basis: base });
		}
		for (const address of [...new Set([...addresses.values()].flatMap(({ a, aaaa }) => [...a, ...aaaa]))].sort()) items.push(routeOf(address, view, base));
		return items;
	},
};

export default derivation;

/** Names of the servers of the zone that the domain stands in. */
async function serverHosts(domain: string, resolver: Resolver, gaps: Record<string, Gap>): Promise<string[]> {
	for (const zone of zoneNames(domain)) {
		const answer = await resolver.resolve(zone, "NS");
		if (answer.status === "error") {
			gaps.servers = { code: answer.code ?? "malformed", detail: `NS ${zone}` };
			return [];
		}
		const hosts = recordsOf(answer, "NS").map((record) => normalizeName(String(record.data)));
		if (hosts.length > 0) return [...new Set(hosts)].sort();
	}
	return [];
}

async function addressesOf(host: string, resolver: Resolver, gaps: Record<string, Gap>, path: string): Promise<{ a: string[]; aaaa: string[] }> {
	const a = await resolver.resolve(host, "A");
	const aaaa = await resolver.resolve(host, "AAAA");
	if (aaaa.status === "error") gaps[path] ??= { code: aaaa.code ?? "malformed", detail: `AAAA ${host}` };
	else if (a.status === "error") gaps[path] ??= { code: a.code ?? "malformed", detail: `A ${host}` };
	return { a: recordsOf(a, "A").map((record) => String(record.data)), aaaa: recordsOf(aaaa, "AAAA").map((record) => String(record.data)) };
}

function routeOf(address: string, view: DerivationView, base: Evidence[]): DerivedItem {
	const item = view.item("routing.origin", address);
	const values = item?.status === "ok" ? (item.values as OriginValidation) : undefined;
	const gaps: Record<string, Gap> =
		values === undefined ? { state: { code: item?.error?.code ?? "input_not_supplied", detail: item?.error?.detail ?? "a routing data source" } } : {};
	return {
		kind: "derived.route",
		id: `${view.target}/${address}`,
		values: { domain: view.target, address, state: values?.state ?? null, prefix: values?.prefix ?? null, source: values?.source ?? null },
		gaps,
		basis: [...base, ...(item === undefined ? [] : [item])],
	};
}
