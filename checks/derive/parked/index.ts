import type { Gap } from "../../../model/evidence.ts";
import { discoverDmarc, effectivePolicies } from "../../protocols/dmarc/index.ts";
import { normalizeName, recordsOf } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { spfOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";

/** derived.parked, for a domain that is declared to neither send nor receive: what SPF, DMARC and MX say to that. */
const derivation: Derivation = {
	id: "parked",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx", "dns.a", "dns.aaaa"],
	produces: ["derived.parked"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		if (domain.sends || domain.receives) return [];
		const resolver = replayResolver(view);
		const gaps: Record<string, Gap> = {};
		const spf = await spfOf(view, resolver);
		const open = [...spf.published.unknown, ...spf.terminal.unknown, ...spf.addresses.unknown][0];
		const nobody = spf.addresses.ipv4.total === 0 && spf.addresses.ipv6.total === "0" && spf.addresses.notCounted.length === 0;
		const refuses = spf.published.count === 1 && spf.terminal.policy === "fail" && nobody;
		// What is already seen to let mail through stays so whatever else could not be read.
		if (open !== undefined && spf.published.count !== 0 && (nobody || spf.published.count === null))
			gaps["spf.refuses"] = { code: open.code, detail: `${open.type} ${open.name}` };

		const dmarc = await discoverDmarc({ domain: view.target, resolver });
		if (dmarc.status === "error") gaps.dmarc = { code: dmarc.code ?? "malformed", detail: dmarc.queries.at(-1) ?? view.target };
		const policies = dmarc.parsed === undefined ? undefined : effectivePolicies(dmarc.parsed);
		const inherited = dmarc.policyDomain !== undefined && dmarc.policyDomain !== view.target;

		const mx = await resolver.resolve(view.target, "MX");
		const targets = recordsOf(mx, "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
		if (mx.status === "error") gaps["mx.refuses"] = { code: mx.code ?? "malformed", detail: `MX ${view.target}` };
		const nullMx = targets.length === 1 && (targets[0] === "." || targets[0] === "");
		let addresses = 0;
		if (targets.length === 0) {
			for (const type of ["A", "AAAA"] as const) {
				const answer = await resolver.resolve(view.target, type);
				addresses += recordsOf(answer, type).length;
				if (answer.status === "error") gaps["mx.refuses"] ??= { code: answer.code ?? "malformed", detail: `${type} ${view.target}` };
			}
			if (addresses > 0) delete gaps["mx.refuses"];
		}
		return [
			{
				kind: "derived.parked",
				id: view.target,
				values: {
					domain: view.target,
					spf: { refuses: refuses && gaps["spf.refuses"] === undefined, record: spf.published.records[0] ?? null },
					dmarc: {
						found: dmarc.status === "found",
						effective: dmarc.effectivePolicy ?? null,
						// Only at the record of the organizational domain are there names below it to speak of.
						subdomain: inherited ? (dmarc.effectivePolicy ?? null) : (policies?.subdomain.effective ?? null),
						nonexistent: inherited ? (dmarc.effectivePolicy ?? null) : (policies?.nonexistent.effective ?? null),
					},
					mx: {
						refuses: nullMx || (mx.status === "ok" && targets.length === 0 && addresses === 0 && gaps["mx.refuses"] === undefined),
						nullMx,
						targets,
						addresses,
					},
				},
				gaps,
				basis: [...(declaration === undefined ? [] : [declaration]), ...resolver.used],
			},
		];
	},
};

export default derivation;
