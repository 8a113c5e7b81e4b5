import { type Evidence, type ListingValues, listingId, type Target } from "../../../model/evidence.ts";
import { formatEndpoint } from "../../network/address.ts";
import { nameServers } from "../../network/name-servers.ts";
import { defaultSelectors } from "../../protocols/dkim/index.ts";
import { normalizeName, type RecordType } from "../../protocols/resolver.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { askAuthorities } from "./authorities.ts";
import { discoverMx } from "./discover-mx.ts";
import { kindOf, Recorder } from "./recorder.ts";
import { walkMailDns } from "./walk-mail-dns.ts";

const types: readonly RecordType[] = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SPF", "TLSA", "TXT"];
const source = { collector: "dns", version: "1" };

/** Every DNS record that the mail checks of a domain rest on, one item per question. */
const dns: Collector = {
	id: "dns",
	target: "domain",
	produces: ["config.domain", "dns.authority", ...types.map(kindOf)],
	iamActions: [],
	touches(target, { config }) {
		const resolvers = nameServers(config.network).map((server) => `udp and tcp ${formatEndpoint(server)} (DNS for ${target.id})`);
		return [...resolvers, `udp and tcp port ${config.network.ports.authority} of the name servers of ${target.id}`];
	},
	async *collect(target, context) {
		const domain = normalizeName(target.id);
		yield declaration(target, context);
		const recorder = new Recorder(context, target.id);
		const wants = (kind: string): boolean => context.wants?.(kind) ?? true;
		const { network } = context.config;
		const selectors = [...new Set([...(context.domain(target.id)?.dkimSelectors ?? []), ...defaultSelectors.slice(0, network.dkimGuesses)])];
		const whole = await walkMailDns({
			domain,
			selectors,
			resolver: recorder,
			signal: context.signal,
			blocklists: network.blocklists,
			smtpPort: network.ports.smtp,
			linked: context.linkedHosts ?? [],
			wants,
		});
		const authorities = wants("dns.authority") ? await askAuthorities(domain, recorder, selectors, context) : [];
		const denied = await recorder.deniesAll();
		const items = [...authorities, ...recorder.items()].map((item) => (denied ? asDenied(item) : item));
		yield* items;
		const counts = new Map<string, number>(["dns.authority", ...types.map(kindOf)].map((kind) => [kind, 0]));
		for (const item of items) counts.set(item.kind, (counts.get(item.kind) ?? 0) + 1);
		for (const [kind, count] of [["config.domain", 1] as const, ...counts]) {
			yield listing(target, context, kind, count, kind === "config.domain" || (whole && !recorder.overflowed));
		}
	},
	discover(target, items) {
		const declared = items.find((item) => item.kind === "config.domain")?.values as { smtpPort?: number } | undefined;
		return discoverMx(target.id, items, declared?.smtpPort ?? 25);
	},
};

export default dns;

function declaration(target: Target, context: CollectContext): Evidence {
	const declared = context.domain(target.id);
	const { dkimGuesses } = context.config.network;
	return {
		kind: "config.domain",
		id: target.id,
		status: "ok",
		values: {
			name: normalizeName(target.id),
			sends: declared?.sends ?? true,
			receives: declared?.receives ?? true,
			dkimSelectors: declared?.dkimSelectors ?? [],
			...(dkimGuesses === undefined ? {} : { dkimGuesses }),
			// Where its MX hosts are probed: discover() works from evidence alone.
			smtpPort: context.config.network.ports.smtp,
			// Without any, a name that is on no list says nothing.
			blocklists: context.config.network.blocklists.map((list) => normalizeName(list)),
		},
		source: { ...source, call: "domains[] of the configuration", target: target.id },
		collectedAt: context.now(),
	};
}

/** An answer of a resolver that denies everything: what it says is no more than that it says it. */
function asDenied({ values: _, ...item }: Evidence): Evidence {
	const message = `${item.source.call}: the resolver denies this name and the top-level domain above it`;
	return { ...item, status: "error", error: { code: "tampered", detail: "resolver_denies_all", message } };
}

function listing(target: Target, context: CollectContext, kind: string, count: number, complete: boolean): Evidence {
	const values: ListingValues = { kind, target: target.id, count, complete: complete && !context.signal.aborted };
	const base = {
		kind: "listing",
		id: listingId(kind, target.id),
		values,
		source: { ...source, call: `every ${kind} question for ${target.id}`, target: target.id },
		collectedAt: context.now(),
	};
	if (values.complete) return { ...base, status: "ok" };
	const error = context.signal.aborted
		? ({ code: "interrupted", message: "the run was stopped before every question was asked" } as const)
		: ({ code: "too_large", message: "the domain holds more hosts or names than are looked at" } as const);
	return { ...base, status: "error", error };
}
