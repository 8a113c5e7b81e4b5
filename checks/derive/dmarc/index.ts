import { discoverDmarc, effectivePolicies } from "../../protocols/dmarc/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";

/** derived.dmarc, one per domain: which record applies, what it says and what it amounts to (RFC 9989). */
const derivation: Derivation = {
	id: "dmarc",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	produces: ["derived.dmarc"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const discovery = await discoverDmarc({ domain: view.target, resolver });
		const basis = [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used];
		const item = { kind: "derived.dmarc", id: view.target, basis };
		if (discovery.status === "error") {
			const code = discovery.code ?? "malformed";
			return [
				{
					...item,
					error: {
						code,
						detail: discovery.queries.at(-1) ?? view.target,
						message: `the DMARC record could not be looked up at ${discovery.queries.at(-1) ?? view.target}`,
					},
				},
			];
		}
		const { parsed } = discovery;
		const policies = parsed === undefined ? undefined : effectivePolicies(parsed);
		const { sends, receives } = declaration.values;
		return [
			{
				...item,
				values: {
					domain: view.target,
					sends,
					receives,
					found: discovery.status === "found",
					record: discovery.record ?? null,
					policyDomain: discovery.policyDomain ?? null,
					inherited: discovery.policyDomain !== undefined && discovery.policyDomain !== view.target,
					policy: discovery.policy ?? null,
					effectivePolicy: discovery.effectivePolicy ?? null,
					subdomainPolicy: policies?.subdomain.effective ?? null,
					nonexistentPolicy: policies?.nonexistent.effective ?? null,
					domainPolicy: policies?.domain.effective ?? null,
					testing: parsed?.testing ?? false,
					tags: parsed?.tags ?? {},
					issues: parsed?.issues ?? [],
					discarded: discovery.discarded,
					rua: parsed?.rua.map((uri) => ({ uri: uri.text, valid: uri.valid, scheme: uri.scheme ?? null, host: uri.host ?? null })) ?? [],
					ruf: parsed?.ruf.map((uri) => ({ uri: uri.text, valid: uri.valid, scheme: uri.scheme ?? null, host: uri.host ?? null })) ?? [],
					queries: discovery.queries,
				},
			},
		];
	},
};

export default derivation;
