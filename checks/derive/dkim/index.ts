import type { Evidence, Gap } from "../../../model/evidence.ts";
import { defaultSelectors, wildcardProbeSelector } from "../../protocols/dkim/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { dkimOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";

/**
 * derived.dkim_selector for every selector that answers or was declared, and derived.dkim for the domain as a whole.
 * Selectors cannot be listed: finding none is a gap (selector_unknown), never "no DKIM".
 */
const derivation: Derivation = {
	id: "dkim",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	produces: ["derived.dkim", "derived.dkim_selector"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const declared = new Set(domain.dkimSelectors.map((selector) => selector.toLowerCase()));
		const items: DerivedItem[] = [];
		const basis = new Set<Evidence>(declaration === undefined ? [] : [declaration]);
		const usable: string[] = [];
		const missing: string[] = [];
		let fault: Gap | undefined;
		let unseen: DerivedItem | undefined;
		let asked = 0;
		// Under a wildcard every guess answers: then, and where that is not known, only declared selectors tell anything.
		const probe = replayResolver(view);
		const wildcard = await dkimOf(view, wildcardProbeSelector, probe);
		for (const used of probe.used) basis.add(used);
		const guesses = wildcard.status === "absent" && !wildcard.dangling ? defaultSelectors : [];
		if (wildcard.status === "error") {
			fault = { code: wildcard.code ?? "malformed", detail: `TXT ${wildcard.name}` };
			const error = { ...fault, message: "whether every selector answers could not be looked up, so that the keys at guessed names show nothing" };
			items.push({ kind: "derived.dkim_selector", id: wildcard.name, error, basis: probe.used });
		}
		for (const selector of [...new Set([...declared, ...guesses])].sort()) {
			const resolver = replayResolver(view);
			const lookup = await dkimOf(view, selector, resolver);
			for (const used of resolver.used) basis.add(used);
			const own = { kind: "derived.dkim_selector", id: lookup.name, basis: [...(declaration === undefined ? [] : [declaration]), ...resolver.used] };
			if (lookup.status === "error") {
				// A guess that was not asked says nothing. A declared selector that was not answered is a gap of its own; the guesses share
				// one, for a zone that is down fails them all alike.
				if (lookup.code === "not_collected" && !declared.has(selector)) continue;
				fault ??= { code: lookup.code ?? "malformed", detail: `TXT ${lookup.name}` };
				const error = { code: lookup.code ?? ("malformed" as const), detail: `TXT ${lookup.name}`, message: `the selector ${selector} could not be looked up` };
				if (declared.has(selector)) items.push({ ...own, error });
				else unseen ??= { ...own, id: `${view.target}/usual selectors`, error };
				continue;
			}
			asked += 1;
			if (lookup.status === "absent" && !declared.has(selector) && !lookup.dangling) continue;
			const key = lookup.key;
			const works = key?.valid === true && !key.revoked;
			if (works) usable.push(selector);
			if (lookup.status === "absent" && declared.has(selector)) missing.push(selector);
			items.push({
				...own,
				values: {
					domain: view.target,
					sends: domain.sends,
					selector,
					declared: declared.has(selector),
					found: lookup.status === "found",
					dangling: lookup.dangling,
					chain: lookup.chain,
					recordCount: lookup.recordCount,
					keyCount: lookup.keys.length,
					key: key === undefined ? null : { ...key, publicKey: undefined },
					usable: works,
				},
			});
		}
		if (unseen !== undefined) items.push(unseen);
		const gaps: Record<string, Gap> = {};
		if (usable.length === 0 && fault !== undefined) gaps.usable = fault;
		else if (usable.length === 0 && declared.size === 0 && items.length === 0) gaps.usable = { code: "selector_unknown", detail: `${asked} selectors asked` };
		items.push({
			kind: "derived.dkim",
			id: view.target,
			values: { sends: domain.sends, usable, missing, declared: [...declared].sort(), asked },
			gaps,
			basis: [...basis],
		});
		return items;
	},
};

export default derivation;
