import { sha256Hex } from "../../../model/canonical.ts";
import type { Evidence, Gap } from "../../../model/evidence.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { type DkimSelectorLookup, defaultSelectors, wildcardProbeSelector } from "../../protocols/dkim/index.ts";
import { matchVendors } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { dkimOf } from "../looks.ts";
import { sampleMessages } from "../messages/sample-message.ts";
import { replayResolver } from "../replay-resolver.ts";

/**
 * derived.dkim_keys, one per domain: what only shows over all its selectors. derived.dkim_delegation, one per selector that is
 * an alias, id its name: where it ends and whose name that is.
 */
const derivation: Derivation = {
	id: "dkim-keys",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	uses: ["content.message", "dkim.shared_key"],
	produces: ["derived.dkim_delegation", "derived.dkim_keys"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const samples = sampleMessages(view);
		const signatures = samples.messages.flatMap(({ message }) => message.dkim.filter((one) => one.domain.toLowerCase() === view.target));
		const listed = new Set(domain.dkimSelectors.map((selector) => selector.toLowerCase()));
		// A selector that a message of the domain is signed under is in use, as one that is declared.
		const declared = [...new Set([...listed, ...signatures.map(({ selector }) => selector.toLowerCase())])];
		const base: Evidence[] = declaration === undefined ? [] : [declaration];
		const basis = new Set<Evidence>(base);
		const probe = replayResolver(view);
		const wildcard = await dkimOf(view, wildcardProbeSelector, probe);
		for (const item of probe.used) basis.add(item);
		// Under a wildcard every guess answers: then only declared selectors tell anything.
		const guesses = wildcard.status === "found" || wildcard.dangling || wildcard.chain.length > 0 ? [] : defaultSelectors;
		const found: { selector: string; lookup: DkimSelectorLookup }[] = [];
		const items: DerivedItem[] = [];
		let fault: Gap | undefined;
		let unseen: DerivedItem | undefined;
		for (const selector of [...new Set([...declared, ...guesses])].sort()) {
			const resolver = replayResolver(view);
			const lookup = await dkimOf(view, selector, resolver);
			for (const item of resolver.used) basis.add(item);
			if (lookup.chain.length > 0) items.push(delegation(view.target, domain.sends, selector, lookup, [...base, ...resolver.used]));
			// A selector that gave no answer may be an alias: that stays open, it is not told that there is none. A guess that was not asked says nothing.
			else if (lookup.status === "error") {
				const error = { code: lookup.code ?? ("malformed" as const), detail: `TXT ${lookup.name}`, message: `the selector ${selector} could not be looked up` };
				const item = { kind: "derived.dkim_delegation", id: lookup.name, error, basis: [...base, ...resolver.used] };
				if (declared.includes(selector)) items.push(item);
				else if (lookup.code !== "not_collected") unseen ??= { ...item, id: `${view.target}/usual selectors` };
			}
			if (lookup.status === "found") found.push({ selector, lookup });
			if (lookup.status === "error" && (declared.includes(selector) || lookup.code !== "not_collected"))
				fault ??= { code: lookup.code ?? "malformed", detail: `TXT ${lookup.name}` };
		}
		if (unseen !== undefined) items.push(unseen);
		const keys = found.flatMap(({ selector, lookup }) => (lookup.key === undefined ? [] : [{ selector, key: lookup.key, delegated: lookup.chain.length > 0 }]));
		const live = keys.filter(({ key }) => key.wellFormed && !key.revoked);
		const ed25519 = live.filter(({ key }) => key.keyType === "ed25519").map(({ selector }) => selector);
		const rsa = live.filter(({ key }) => key.keyType === "rsa" && key.valid).map(({ selector }) => selector);
		const byValue = Map.groupBy(live, ({ key }) => key.publicKey ?? "");
		const shared = [...byValue]
			.filter(([value, list]) => value !== "" && list.length > 1 && !list.every((one) => one.delegated))
			.map(([, list]) => list.map((one) => one.selector));
		const gaps: Record<string, Gap> = {};
		if (rsa.length === 0) gaps.rsa = fault ?? { code: "selector_unknown", detail: "an RSA key may stand under a selector that is not declared" };
		// The user's list is what the domain signs with: then there is no other selector to wait for.
		if (rsa.length === 0 && fault === undefined && listed.size > 1) delete gaps.rsa;
		if (shared.length === 0 && live.length < 2) gaps.shared = fault ?? { code: "selector_unknown", detail: `${live.length} selectors known` };
		else if (shared.length === 0 && fault !== undefined) gaps.shared = fault;
		// Keys of other domains of the same run; under two aliases into one zone they are not among them.
		const own = new Set(live.flatMap(({ key }) => (key.publicKey === undefined ? [] : [sha256Hex(key.publicKey)])));
		const elsewhere = view.items("dkim.shared_key").filter((item) => own.has((item.values as { publicKeySha256: string }).publicKeySha256));
		const revokedCurrent = keys.filter(({ selector, key }) => key.revoked && declared.includes(selector)).map(({ selector }) => selector);
		// Messages without a signature of the domain show no selector in use.
		if (declared.length === 0) gaps.revokedCurrent = { code: "selector_unknown", detail: "no selector is declared as current" };
		else if (fault !== undefined && revokedCurrent.length === 0) gaps.revokedCurrent = fault;
		const ed25519Faults = keys
			.filter(({ key }) => key.keyType === "ed25519" && !key.revoked && !key.wellFormed)
			.map(({ selector, key }) => ({ selector, error: key.error ?? null }));
		if (ed25519.length + ed25519Faults.length === 0 && fault !== undefined) gaps.ed25519 = fault;
		items.push({
			kind: "derived.dkim_keys",
			id: view.target,
			values: {
				domain: view.target,
				sends: domain.sends,
				selectors: live.map(({ selector }) => selector),
				rsa,
				ed25519,
				ed25519Faults,
				ed25519Known: gaps.ed25519 === undefined,
				shared,
				sharedWith: elsewhere.map((item) => item.id),
				sharedKnown: gaps.shared === undefined,
				revokedCurrent,
				currentKnown: gaps.revokedCurrent === undefined,
			},
			gaps,
			basis: [...basis, ...elsewhere, ...samples.messages.map(({ item }) => item)],
		});
		return items;
	},
};

export default derivation;

function delegation(domain: string, sends: boolean, selector: string, lookup: DkimSelectorLookup, basis: Evidence[]): DerivedItem {
	const target = lookup.chain.at(-1) ?? "";
	const vendor = matchVendors(
		{ mx: [], spfIncludes: [], dkimCnames: [{ selector, target, live: lookup.status === "found" }], txt: [], mtaStsMx: [], reportHosts: [] },
		loadVendors(),
	)[0]?.vendor;
	const gaps: Record<string, Gap> = {};
	if (lookup.status === "error") gaps.keys = { code: lookup.code ?? "malformed", detail: `TXT ${target}` };
	return {
		kind: "derived.dkim_delegation",
		id: lookup.name,
		values: { domain, sends, selector, target, chain: lookup.chain, keys: lookup.keys.length, missing: lookup.rcode === "NXDOMAIN", service: vendor ?? null },
		gaps,
		basis,
	};
}
