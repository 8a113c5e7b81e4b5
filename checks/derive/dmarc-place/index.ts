import { getDomain } from "tldts";
import type { Gap } from "../../../model/evidence.ts";
import { discoverDmarc, isDmarcText, organizationalDomain, parseDmarc } from "../../protocols/dmarc/index.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

/** derived.dmarc_place, one per domain: where the tree walk ends (RFC 9989 4.10.2), and DMARC records at names where nobody looks. */
const derivation: Derivation = {
	id: "dmarc-place",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	produces: ["derived.dmarc_place"],
	async derive(view): Promise<DerivedItem[]> {
		const { item: declaration } = domainDeclaration(view);
		const resolver = replayResolver(view);
		const gaps: Record<string, Gap> = {};
		const walked = await organizationalDomain({ domain: view.target, resolver });
		const discovery = await discoverDmarc({ domain: view.target, resolver });
		const lost = walked.code ?? (discovery.status === "error" ? (discovery.code ?? "malformed") : undefined);
		if (lost !== undefined) gaps.organizationalDomain = { code: lost, detail: walked.queries.at(-1) ?? view.target };
		const at = txtStrings(await resolver.resolve(`_dmarc.${walked.domain}`, "TXT")).filter(isDmarcText);
		const psd = at.length === 1 ? parseDmarc(at[0] ?? "").psd : null;
		const strays: string[] = [];
		for (const name of [view.target, `_dmarc._dmarc.${view.target}`]) {
			const answer = await resolver.resolve(name, "TXT");
			if (answer.status === "error") gaps.strays ??= { code: answer.code ?? "malformed", detail: `TXT ${name}` };
			if (txtStrings(answer).some(isDmarcText)) strays.push(name);
		}
		if (strays.length > 0) delete gaps.strays;
		const registrable = getDomain(view.target, { validateHostname: false, allowPrivateDomains: false }) ?? view.target;
		const organizational = walked.domain;
		return [
			{
				kind: "derived.dmarc_place",
				id: view.target,
				values: {
					domain: view.target,
					found: discovery.status === "found",
					organizationalDomain: lost === undefined ? organizational : null,
					publicSuffix: psd === "y",
					// Above the registrable domain the name is a registry's, not the client's.
					ownName: lost === undefined && (organizational === registrable || organizational.endsWith(`.${registrable}`)),
					walked: walked.queries,
					strays,
					looked: gaps.strays === undefined,
				},
				gaps,
				basis: [...(declaration === undefined ? [] : [declaration]), ...resolver.used],
			},
		];
	},
};

export default derivation;
