import { loadVendors } from "../../data/vendors/load-vendors.ts";
import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { parseDmarc, isDmarcText } from "../../protocols/dmarc/index.ts";
import { defaultSelectors, lookupDkimSelector } from "../../protocols/dkim/index.ts";
import { judgeMtaStsFetch, type MtaStsFetch } from "../../protocols/mta-sts/index.ts";
import { normalizeName, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { analyzeSpf } from "../../protocols/spf/index.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { crossRegister, matchVendors, type RegisterRow, type VendorFacts } from "../../protocols/vendors/index.ts";
import { type DerivedItem, type Derivation, type DerivationView, domainDeclaration } from "../derivation.ts";
import { replayResolver } from "../replay-resolver.ts";
import { trustRoots } from "../trust.ts";

/**
 * derived.vendor, one per vendor that a domain's names reveal, crossed with the BAA register; id is <domain>/<vendor>.
 * A name that could not be read is an item in error: vendors may hide behind it. derived.vendor_scan says how far the look went.
 */
const derivation: Derivation = {
	id: "vendors",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx"],
	uses: ["record.baa", "https.mta_sts_policy", "config.trust_anchor"],
	produces: ["derived.vendor", "derived.vendor_scan"],
	async derive(view): Promise<DerivedItem[]> {
		const seen = await factsOf(view);
		const register = view.items("record.baa");
		const registerFault = registerError(view, register);
		const rows = register.filter((item) => item.status === "ok").map((item) => item.values as RegisterRow);
		const table = loadVendors();
		const crossed = crossRegister(matchVendors(seen.facts, table), rows, table, view.today);
		const basis = [...seen.basis, ...register];
		const items = crossed.vendors.map(
			({ vendor, kind, outcome, match, rows: answering, verdict, askAbout, unanswered }): DerivedItem => ({
				kind: "derived.vendor",
				id: `${view.target}/${vendor}`,
				values: { domain: view.target, vendor, vendorKind: kind, outcome: registerFault === undefined ? outcome : null, match, rows: answering, verdict, askAbout, unanswered },
				gaps: gapsOf(registerFault, verdict.confidence === "confirmed"),
				basis,
			}),
		);
		items.push({
			kind: "derived.vendor_scan",
			id: view.target,
			values: { domain: view.target, vendors: crossed.vendors.map((one) => one.vendor), complete: seen.faults.length === 0, notSeen: crossed.notSeen },
			gaps: seen.faults[0] === undefined ? {} : { complete: { code: seen.faults[0].code, detail: seen.faults[0].detail } },
			basis,
		});
		return items;
	},
};

export default derivation;

function gapsOf(registerFault: EvidenceError | undefined, confirmed: boolean): Record<string, Gap> {
	// A vendor verdict that is unconfirmed or old lets nothing pass or fail (checks/data/vendors).
	const gaps: Record<string, Gap> = { "verdict.conclusive": { code: confirmed ? "data_stale" : "vendor_unknown", detail: "vendor data" }, "verdict.baa": { code: "vendor_unknown", detail: "vendor data" } };
	if (registerFault !== undefined) gaps.outcome = { code: registerFault.code, detail: registerFault.detail };
	return gaps;
}

/** Nothing is crossed with a register that was not given or could not be read whole. */
function registerError(view: DerivationView, register: readonly Evidence[]): EvidenceError | undefined {
	if (!view.supplied("record.baa")) return { code: "input_not_supplied", detail: "record.baa", message: "no BAA register was given" };
	return view.listingError("record.baa") ?? register.find((item) => item.status === "error")?.error;
}

async function factsOf(view: DerivationView): Promise<{ facts: VendorFacts; basis: Evidence[]; faults: { code: EvidenceError["code"]; detail: string }[] }> {
	const { values: domain, item } = domainDeclaration(view);
	const resolver = replayResolver(view);
	const faults: { code: EvidenceError["code"]; detail: string }[] = [];
	const ask = async (name: string, type: "MX" | "TXT") => {
		const answer = await resolver.resolve(name, type);
		if (answer.status === "error") faults.push({ code: answer.code ?? "malformed", detail: `${type} ${name}` });
		return answer;
	};
	const mx = recordsOf(await ask(view.target, "MX"), "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
	const txt = txtStrings(await ask(view.target, "TXT"));
	const spf = await analyzeSpf({ domain: view.target, resolver });
	for (const unknown of spf.lookups.unknown) faults.push({ code: unknown.code, detail: `${unknown.type} ${unknown.name}` });
	const dmarc = txtStrings(await ask(`_dmarc.${view.target}`, "TXT")).filter(isDmarcText).map(parseDmarc);
	const tlsRpt = parseTlsRpt(txtStrings(await ask(`_smtp._tls.${view.target}`, "TXT")));
	const dkimCnames: { selector: string; target: string; live: boolean }[] = [];
	for (const selector of new Set([...domain.dkimSelectors, ...defaultSelectors])) {
		const lookup = await lookupDkimSelector({ domain: view.target, selector, resolver });
		const target = lookup.chain.at(-1);
		if (lookup.status !== "error" && target !== undefined) dkimCnames.push({ selector, target, live: lookup.status === "found" });
	}
	const fetched = view.item("https.mta_sts_policy", view.target);
	const policy = fetched?.status === "ok" ? judgeMtaStsFetch(fetched.values as MtaStsFetch, { roots: trustRoots(view).roots, now: view.asOf }).policy : undefined;
	const hosts = [...dmarc.flatMap((record) => [...record.rua, ...record.ruf]), ...tlsRpt.uris].map((uri) => uri.host).filter((host) => host !== undefined);
	return {
		facts: {
			mx: mx.filter((host) => host !== "" && host !== "."),
			spfIncludes: spf.includes.map((include) => ({ name: include.name, depth: include.depth, direct: include.depth === 1, via: include.at })),
			dkimCnames,
			txt,
			mtaStsMx: policy?.mx ?? [],
			reportHosts: [...new Set(hosts)],
		},
		basis: [...(item === undefined ? [] : [item]), ...resolver.used, ...(fetched === undefined ? [] : [fetched])],
		faults,
	};
}
