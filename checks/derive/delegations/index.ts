import type { Evidence, Gap } from "../../../model/evidence.ts";
import { sameOwner, trackingLabels, wildcardProbeLabel } from "../../collectors/dns/mail-names.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { defaultSelectors, wildcardProbeSelector } from "../../protocols/dkim/index.ts";
import { normalizeName, type Resolver, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { matchVendors, vendorOfHost } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { dkimOf } from "../looks.ts";
import { registerOf, rowsForHost } from "../register.ts";
import { replayResolver } from "../replay-resolver.ts";
import { messageHosts } from "./message-hosts.ts";

/**
 * derived.delegation, one per mail name of the domain that is an alias into somebody else's zone, id the name: where it leads and
 * whether anything is there. derived.tracking, one per tracking name, per host that links and images of the sample messages lead to, and per
 * advertising token at the domain, id <domain>/<it>.
 */
const derivation: Derivation = {
	id: "delegations",
	target: "domain",
	needs: ["config.domain", "dns.cname", "dns.a", "dns.aaaa", "dns.txt"],
	uses: ["record.baa", "content.message", "content.document"],
	produces: ["derived.delegation", "derived.tracking"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const base = declaration === undefined ? [] : [declaration];
		const items: DerivedItem[] = [];
		let unseen: DerivedItem | undefined;
		for (const selector of await selectorsOf(view, domain.dkimSelectors)) {
			const resolver = replayResolver(view);
			const lookup = await dkimOf(view, selector, resolver);
			const target = lookup.chain.at(-1);
			if (target === undefined) {
				if (lookup.status !== "error") continue;
				const isDeclared = domain.dkimSelectors.some((declared) => declared.toLowerCase() === selector);
				const item = unread(isDeclared ? lookup.name : `${view.target}/usual selectors`, lookup.code ?? "malformed", `TXT ${lookup.name}`, [
					...base,
					...resolver.used,
				]);
				if (isDeclared) items.push(item);
				// A guess that was not asked says nothing.
				else if (lookup.code !== "not_collected") unseen ??= item;
				continue;
			}
			const gap =
				lookup.status === "error" && lookup.code !== "cname_loop" ? { code: lookup.code ?? ("malformed" as const), detail: `TXT ${target}` } : undefined;
			items.push(delegation(lookup.name, "dkim", target, lookup.status === "found", gap, view, [...base, ...resolver.used]));
		}
		if (unseen !== undefined) items.push(unseen);
		for (const [name, role] of [
			[`mta-sts.${view.target}`, "mta_sts"],
			[`_mta-sts.${view.target}`, "mta_sts"],
			[`autodiscover.${view.target}`, "autodiscover"],
		] as const) {
			const item = await aliasOf(name, role, view, base);
			if (item !== undefined) items.push(item);
		}
		items.push(...(await trackingOf(view, domain.sends, base)));
		return items;
	},
};

export default derivation;

async function selectorsOf(view: DerivationView, declared: readonly string[]): Promise<string[]> {
	const probe = await dkimOf(view, wildcardProbeSelector, replayResolver(view));
	const guesses = probe.status === "found" || probe.chain.length > 0 ? [] : defaultSelectors;
	return [...new Set([...declared.map((selector) => selector.toLowerCase()), ...guesses])].sort();
}

/** An alias whose target is asked for addresses, or for TXT where the name is a record's. */
async function aliasOf(name: string, role: string, view: DerivationView, base: Evidence[]): Promise<DerivedItem | undefined> {
	const resolver = replayResolver(view);
	const types = name.startsWith("_") ? (["TXT"] as const) : (["A", "AAAA"] as const);
	let target: string | undefined;
	let live = false;
	let gap: Gap | undefined;
	for (const type of types) {
		const answer = await resolver.resolve(name, type);
		target =
			recordsOf(answer, "CNAME")
				.map((record) => normalizeName(String(record.data)))
				.at(-1) ?? target;
		if (recordsOf(answer, type).length > 0) live = true;
		if (answer.status === "error") gap ??= { code: answer.code ?? "malformed", detail: `${type} ${name}` };
	}
	const alias = types[0] === "TXT" ? undefined : await resolver.resolve(name, "CNAME");
	target ??= alias === undefined ? undefined : recordsOf(alias, "CNAME").map((record) => normalizeName(String(record.data)))[0];
	if (target === undefined) {
		if (gap === undefined || gap.code === "not_collected" || live) return undefined;
		return unread(name, gap.code, gap.detail, [...base, ...resolver.used]);
	}
	return delegation(name, role, target, live, live ? undefined : gap, view, [...base, ...resolver.used]);
}

/** Whether the name is an alias at all could not be seen. */
function unread(name: string, code: Gap["code"], detail: string | undefined, basis: Evidence[]): DerivedItem {
	return { kind: "derived.delegation", id: name, error: { code, detail, message: `${name} could not be looked up` }, basis };
}

function delegation(name: string, role: string, target: string, live: boolean, gap: Gap | undefined, view: DerivationView, basis: Evidence[]): DerivedItem {
	return {
		kind: "derived.delegation",
		id: name,
		values: { domain: view.target, name, role, target, live, foreign: !sameOwner(target, view.target) },
		gaps: gap === undefined ? {} : { live: gap },
		basis,
	};
}

async function trackingOf(view: DerivationView, sends: boolean, base: Evidence[]): Promise<DerivedItem[]> {
	const items: DerivedItem[] = [];
	const linked = messageHosts(view);
	const probe = replayResolver(view);
	const wildcard = recordsOf(await probe.resolve(`${wildcardProbeLabel}.${view.target}`, "CNAME"), "CNAME").length > 0;
	let lost: (Gap & { used: Evidence[] }) | undefined;
	for (const label of wildcard ? [] : trackingLabels) {
		const name = `${label}.${view.target}`;
		const resolver = replayResolver(view);
		const answer = await resolver.resolve(name, "CNAME");
		if (answer.status === "error") {
			if (answer.code !== "not_collected") lost ??= { code: answer.code ?? "malformed", detail: `CNAME ${name}`, used: resolver.used };
			continue;
		}
		const target = recordsOf(answer, "CNAME").map((record) => normalizeName(String(record.data)))[0];
		if (target === undefined) continue;
		const alias = await aliasOf(name, "tracking", view, base);
		if (alias !== undefined) items.push(alias);
		items.push(tracking({ name, target }, sends, view, [...base, ...resolver.used, ...(linked.hosts.get(name) ?? [])]));
	}
	const known = new Set(items.map(({ id }) => id));
	for (const [host, documents] of linked.hosts) {
		if (known.has(`${view.target}/${host}`)) continue;
		const resolver = replayResolver(view);
		items.push(tracking(await ownerOf(host, view, resolver), sends, view, [...base, ...documents, ...resolver.used]));
	}
	const txtResolver = replayResolver(view);
	const txt = txtStrings(await txtResolver.resolve(view.target, "TXT"));
	for (const match of matchVendors({ mx: [], spfIncludes: [], dkimCnames: [], txt, mtaStsMx: [], reportHosts: [] }, loadVendors())) {
		if (match.kind !== "ads") continue;
		items.push({
			kind: "derived.tracking",
			id: `${view.target}/${match.vendor}`,
			values: {
				domain: view.target,
				sends,
				name: null,
				target: null,
				own: false,
				vendor: match.vendor,
				rows: [],
				covered: false,
				token: match.signals[0]?.record ?? null,
			},
			basis: [...base, ...txtResolver.used],
		});
	}
	if (lost !== undefined) {
		// One for all: a zone that is down fails every name alike.
		const error = { code: lost.code, detail: lost.detail, message: `${lost.detail ?? view.target} could not be looked up` };
		for (const kind of ["derived.tracking", "derived.delegation"])
			items.push({ kind, id: `${view.target}/tracking names`, error, basis: [...base, ...lost.used] });
	}
	const none = linked.gap?.code === "input_not_supplied" || linked.gap?.code === "no_sample_message";
	if (linked.gap !== undefined && !none) {
		const error = { ...linked.gap, message: "where a sample message leads could not be told" };
		items.push({ kind: "derived.tracking", id: `${view.target}/sample messages`, error, basis: [...base, ...linked.items] });
	}
	if (items.some((item) => item.kind === "derived.tracking")) return items;
	// Without a tracking name in DNS only messages show whose hosts their links lead to; those that lead nowhere else track nobody.
	const own = linked.gap === undefined;
	items.push({
		kind: "derived.tracking",
		id: view.target,
		values: { domain: view.target, sends, name: null, target: null, own, vendor: null, rows: [], covered: null, token: null },
		gaps: linked.gap === undefined ? {} : { covered: linked.gap },
		basis: [...base, ...probe.used, ...linked.items],
	});
	return items;
}

interface TrackingHost {
	/** The domain's own name that leads there; null for a host that is linked by its own. */
	name: string | null;
	target: string;
	/** Why it could not be seen whether the host is an alias. */
	unseen?: Gap;
}

/** Whose host a link leads to: a name below the domain may be an alias for somebody else's. */
async function ownerOf(host: string, view: DerivationView, resolver: Resolver): Promise<TrackingHost> {
	// A domain that sends has records of its own beside which no alias can stand (RFC 1034 3.6.2).
	if (host === view.target || !sameOwner(host, view.target)) return { name: null, target: host };
	const answer = await resolver.resolve(host, "CNAME");
	if (answer.status === "error") return { name: null, target: host, unseen: { code: answer.code ?? "malformed", detail: `CNAME ${host}` } };
	const alias = recordsOf(answer, "CNAME").at(-1);
	return alias === undefined ? { name: null, target: host } : { name: host, target: normalizeName(String(alias.data)) };
}

/** A host by which clicks and openings may be counted: the domain's own, or whether an agreement stands behind it. */
function tracking({ name, target, unseen }: TrackingHost, sends: boolean, view: DerivationView, basis: readonly Evidence[]): DerivedItem {
	const register = registerOf(view);
	const vendor = vendorOfHost(target, loadVendors());
	const rows = rowsForHost(register, target);
	const own = unseen === undefined && sameOwner(target, view.target);
	const gaps: Record<string, Gap> = {};
	if (unseen !== undefined) gaps.covered = unseen;
	else if (register.fault !== undefined) gaps.covered = register.fault;
	else if (vendor === undefined && rows.length === 0) gaps.covered = { code: "vendor_unknown", detail: target };
	const covered = rows.some((row) => row.standing === "in_force");
	return {
		kind: "derived.tracking",
		id: `${view.target}/${name ?? target}`,
		values: { domain: view.target, sends, name, target, own, vendor: vendor ?? null, rows, covered, token: null },
		gaps,
		basis: [...basis, ...register.items],
	};
}
