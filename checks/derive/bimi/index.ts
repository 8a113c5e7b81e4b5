import type { Evidence, Gap } from "../../../model/evidence.ts";
import { bimiFetchSchema, type ServedFile } from "../../collectors/bimi/schema.ts";
import { parseBimi } from "../../protocols/bimi/index.ts";
import { judgeChain } from "../../protocols/certificate/index.ts";
import { discoverDmarc, effectivePolicies, organizationalDomain } from "../../protocols/dmarc/index.ts";
import { txtStrings } from "../../protocols/resolver.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { anchorsOf, trustRoots } from "../trust.ts";
import { logoFaults, logoOctets } from "./logo.ts";
import { markFacts } from "./mark.ts";

/**
 * derived.bimi, one per domain with a BIMI record that takes part: its syntax, the policies it rests on, why its logo would not be
 * shown, and what its mark certificate says.
 */
const derivation: Derivation = {
	id: "bimi",
	target: "domain",
	needs: ["config.domain", "dns.txt"],
	uses: ["https.bimi", "config.trust_anchor", "config.mark_anchor"],
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
		const files = filesOf(view, record.logo !== undefined, record.evidence !== undefined, organizational.domain);
		Object.assign(gaps, files.gaps);
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
					logo: files.logo,
					certificate: files.certificate,
				},
				gaps,
				basis: [...basis(), ...files.basis],
			},
		];
	},
};

export default derivation;

interface Files {
	logo: { faults: string[]; bytes: number } | null;
	certificate: { served: string[]; seen: boolean; inDate: boolean; namesDomain: boolean; sameLogo: boolean | null; trusted: boolean | null } | null;
	gaps: Record<string, Gap>;
	basis: Evidence[];
}

/** What was served behind l= and a=, at the clock of the run and under the anchors that the evidence carries. */
function filesOf(view: DerivationView, hasLogo: boolean, hasMark: boolean, organizationalDomain: string): Files {
	const files: Files = { logo: null, certificate: null, gaps: {}, basis: [] };
	if (!hasLogo) return files;
	const item = view.item("https.bimi", view.target);
	if (item !== undefined) files.basis.push(item);
	const parsed = item === undefined ? undefined : bimiFetchSchema.safeParse(item.values);
	const fault = (item?.status === "error" ? item.error : undefined) ?? view.listingError("https.bimi");
	if (parsed?.success !== true) {
		files.gaps.logo = { code: fault?.code ?? (item === undefined ? "not_collected" : "malformed"), detail: fault?.detail ?? `https.bimi ${view.target}` };
		return files;
	}
	const { logo, mark } = parsed.data;
	const servedFaults = (file: ServedFile, path: string): string[] => {
		const { faults, gap, basis } = hostFaults(file, view);
		files.basis.push(...basis);
		if (gap !== undefined) files.gaps[path] = gap;
		return faults;
	};
	const logoBody = Buffer.from(logo.body ?? "", "latin1");
	const drawn = logo.outcome === "answered" ? logoFaults({ httpStatus: logo.httpStatus, body: logoBody, truncated: logo.truncated }) : [];
	if (fault === undefined) files.logo = { faults: [...servedFaults(logo, "logo"), ...drawn], bytes: logo.bytes };
	else files.gaps.logo = { code: fault.code, detail: fault.detail };
	if (!hasMark) return files;
	// Whose mark it is stands under roots of their own, which only the user can give.
	const anchors = anchorsOf(view, "config.mark_anchor");
	files.basis.push(...anchors.items);
	const unread: Gap | undefined = anchors.error === undefined ? undefined : { code: anchors.error.code, detail: anchors.error.detail };
	if (anchors.ders.length === 0) files.gaps["certificate.trusted"] = unread ?? { code: "input_not_supplied", detail: "network.markAnchors" };
	if (mark === null || mark.error !== null) {
		files.gaps.certificate = mark?.error ? { code: mark.error.code, detail: mark.error.detail } : { code: "not_collected", detail: "the mark certificate" };
		files.certificate = { served: [], seen: false, inDate: false, namesDomain: false, sameLogo: null, trusted: null };
		return files;
	}
	const facts = markFacts(Buffer.from(mark.body ?? "", "latin1"), {
		domain: view.target,
		organizationalDomain,
		logo: logo.body === null ? undefined : logoOctets(logoBody),
		roots: anchors.ders,
		now: view.asOf,
	});
	// It may lead to the one that could not be read.
	if (facts.trusted === false && unread !== undefined) files.gaps["certificate.trusted"] = unread;
	if (facts.seen && facts.sameLogo === null)
		files.gaps["certificate.sameLogo"] = { code: "malformed", detail: "the mark certificate holds no logo that could be compared" };
	const served = servedFaults(mark, "certificate.served");
	files.certificate = { served: [...served, ...(mark.httpStatus === 200 || served.length > 0 ? [] : ["http_status"])], ...facts };
	return files;
}

/** Faults of the host that a file was to come from. */
function hostFaults(file: ServedFile, view: DerivationView): { faults: string[]; gap: Gap | undefined; basis: Evidence[] } {
	const none = { gap: undefined, basis: [] };
	if (file.outcome === "no_host" || file.outcome === "cname_loop") return { ...none, faults: ["host_not_found"] };
	if (file.outcome === "refused_redirect") return { ...none, faults: ["redirect"] };
	if (file.chain.length === 0) return { ...none, faults: [] };
	const { roots, items, error } = trustRoots(view);
	const chain = file.chain.map((der) => Buffer.from(der, "base64"));
	const judged = judgeChain({ chain, hostname: file.host, roots, now: view.asOf });
	if (judged.acceptable) return { faults: [], gap: undefined, basis: [...items] };
	return { faults: ["certificate"], gap: error === undefined ? undefined : { code: error.code, detail: error.detail }, basis: [...items] };
}
