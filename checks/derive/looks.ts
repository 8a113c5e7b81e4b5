import type { Evidence } from "../../model/evidence.ts";
import { type DkimSelectorLookup, lookupDkimSelector } from "../protocols/dkim/index.ts";
import { analyzeSpf, type SpfAnalysis } from "../protocols/spf/index.ts";
import type { DerivationView } from "./derivation.ts";
import { type ReplayResolver, replayResolver } from "./replay-resolver.ts";

/** The SPF analysis of a domain over the stored answers, made once per target however many derivations ask. `resolver` notes what it rests on. */
export async function spfOf(view: DerivationView, resolver: ReplayResolver, domain: string = view.target): Promise<SpfAnalysis> {
	return remembered(view, `spf ${domain}`, resolver, (own) => analyzeSpf({ domain, resolver: own }));
}

/** One DKIM selector of the target over the stored answers, looked up once per target. `resolver` notes what it rests on. */
export async function dkimOf(view: DerivationView, selector: string, resolver: ReplayResolver): Promise<DkimSelectorLookup> {
	return remembered(view, `dkim ${selector}`, resolver, (own) => lookupDkimSelector({ domain: view.target, selector, resolver: own }));
}

async function remembered<T>(view: DerivationView, key: string, resolver: ReplayResolver, look: (own: ReplayResolver) => Promise<T>): Promise<T> {
	const { value, used } = await view.remember(key, async (): Promise<{ value: T; used: Evidence[] }> => {
		const own = replayResolver(view);
		return { value: await look(own), used: own.used };
	});
	resolver.restOn(used);
	return value;
}
