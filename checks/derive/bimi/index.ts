import type { Gap } from "../../../model/evidence.ts";
import { parseBimi } from "../../protocols/bimi/index.ts";
import { parseCertificate } from "../../protocols/certificate/index.ts";
import { discoverDmarc, effectivePolicies, organizationalDomain } from "../../protocols/dmarc/index.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { type LogoFetch, logoFaults } from "./logo.ts";

/** values of an https.bimi item, id = the domain: what stands behind l= and a=. `chain` is base64 DER, the mark certificate first. */
interface BimiFetch {
	logo: LogoFetch;
	certificate: { httpStatus: number; chain: string[] } | null;
}

/**
 * derived.bimi, one per domain with a BIMI record that takes part: its syntax, the policies it rests on, and where
 * https.bimi items are among the evidence, the logo and the dates of its certificate.
 */
const derivation: Derivation = {
	id: "bimi",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	uses: ["https.bimi"],
	produces: ["derived.bimi"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const resolver = replayResolver(view);
		const name = `default._bimi.${view.target}`;
		const answer = await resolver.resolve(name, "TXT");
		const basis = () => [...(declaration === undefined ? [] : [declaration]), ...resolver.used];
		if (answer.status === "error") {
			const error = { code: answer.code ?? ("malformed" as const), detail: `TXT ${name}`, message: `${name} could not be looked up` };
			return [{ kind: "derived.bimi", id: view.target, error, basis: basis() }];
		}
		const record = parseBimi(txtStrings(answer));
		if (record.candidates === 0 || record.declined) return [];
		const gaps: Record<string, Gap> = {};
		const own = await discoverDmarc({ domain: view.target, resolver });
		const organizational = await organizationalDomain({ domain: view.target, resolver });
		const above = await discoverDmarc({ domain: organizational.domain, resolver });
		const lost = own.status === "error" ? own.code : (organizational.code ?? (above.status === "error" ? above.code : undefined));
		if (lost !== undefined || own.status === "error") gaps.policies = { code: lost ?? "malformed", detail: own.queries.at(-1) ?? view.target };
		const policies = above.parsed === undefined ? undefined : effectivePolicies(above.parsed);
		const fetched = view.item("https.bimi", view.target);
		const seen = fetched?.status === "ok" ? (fetched.values as BimiFetch) : undefined;
		const fault = fetched?.status === "error" ? fetched.error : undefined;
		if (record.logo !== undefined && seen === undefined)
			gaps.logo = { code: fault?.code ?? "input_not_supplied", detail: fault?.detail ?? `https.bimi: ${record.logo}` };
		const certificate = seen?.certificate ?? null;
		// Whose mark it is stands in a logotype extension under roots of their own, which are not at hand.
		if (record.evidence !== undefined) gaps["certificate.trusted"] = { code: "input_not_supplied", detail: "mark certificate roots" };
		return [
			{
				kind: "derived.bimi",
				id: view.target,
				values: {
					domain: view.target,
					sends: domain.sends,
					valid: record.valid,
					error: record.error ?? null,
					logoUri: record.logo ?? null,
					evidenceUri: record.evidence ?? null,
					policies: { own: own.effectivePolicy ?? null, organizational: policies?.domain.effective ?? null, subdomain: policies?.subdomain.effective ?? null },
					logo: seen === undefined ? null : { faults: logoFaults(seen.logo), bytes: seen.logo.bytes },
					certificate: record.evidence === undefined ? null : { seen: certificate !== null, inDate: inDate(certificate?.chain[0], view.asOf), trusted: null },
				},
				gaps,
				basis: [...basis(), ...(fetched === undefined ? [] : [fetched])],
			},
		];
	},
};

export default derivation;

function inDate(leaf: string | undefined, now: Date): boolean | null {
	if (leaf === undefined) return null;
	const parsed = parseCertificate(Buffer.from(leaf, "base64"));
	return parsed.ok ? parsed.certificate.notBefore <= now && now <= parsed.certificate.notAfter : false;
}
