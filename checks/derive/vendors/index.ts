import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { defaultSelectors } from "../../protocols/dkim/index.ts";
import { isDmarcText, parseDmarc } from "../../protocols/dmarc/index.ts";
import { judgeMtaStsFetch, type MtaStsFetch } from "../../protocols/mta-sts/index.ts";
import { normalizeName, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { crossRegister, matchVendors, type RegisterRow, type VendorFacts, type VendorSignal } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration, errorOf } from "../derivation.ts";
import { dkimOf, spfOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";
import { trustRoots } from "../trust.ts";

/**
 * derived.vendor, one per vendor that a domain's names reveal, crossed with the BAA register; id is <domain>/<vendor>.
 * Vendors may hide behind a name that could not be read: derived.vendor_scan says how far the look went, and vendors.all_seen tells it.
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
				values: {
					domain: view.target,
					vendor,
					vendorKind: kind,
					outcome: registerFault === undefined ? outcome : null,
					match,
					rows: answering,
					verdict,
					askAbout,
					unanswered,
				},
				gaps: gapsOf(registerFault, verdict.confidence === "confirmed", verdict.edition?.confidence === "confirmed"),
				basis: [...new Set([...seen.declaration, ...match.signals.flatMap(seen.behind), ...register])],
			}),
		);
		const [fault] = seen.faults;
		if (fault !== undefined) {
			const error = { code: fault.code, detail: fault.detail, message: "a name that may reveal a vendor could not be looked up" };
			// Not under the domain's own name, which every vendor holds: what was seen of them stays judged.
			items.push({ kind: "derived.vendor", id: `${view.target}/*`, error, basis });
		}
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

function gapsOf(registerFault: EvidenceError | undefined, confirmed: boolean, editionConfirmed: boolean): Record<string, Gap> {
	// A vendor verdict that is unconfirmed or old lets nothing pass or fail (checks/data/vendors).
	const gaps: Record<string, Gap> = {
		"verdict.conclusive": { code: confirmed ? "data_stale" : "vendor_unknown", detail: "vendor data" },
		"verdict.baa": { code: "vendor_unknown", detail: "vendor data" },
		"verdict.edition": { code: editionConfirmed ? "data_stale" : "vendor_unknown", detail: "vendor data on the edition" },
	};
	if (registerFault !== undefined) gaps.outcome = { code: registerFault.code, detail: registerFault.detail };
	return gaps;
}

/** Nothing is crossed with a register that was not given or could not be read whole. */
function registerError(view: DerivationView, register: readonly Evidence[]): EvidenceError | undefined {
	if (!view.supplied("record.baa")) return { code: "input_not_supplied", detail: "record.baa", message: "no BAA register was given" };
	return view.listingError("record.baa") ?? register.find((item) => item.status === "error")?.error;
}

interface Seen {
	facts: VendorFacts;
	declaration: Evidence[];
	/** Everything that was looked at. */
	basis: Evidence[];
	/** The items that a signal stands in. */
	behind(signal: VendorSignal): Evidence[];
	/** What could not be looked at: vendors may hide there. */
	faults: { code: EvidenceError["code"]; detail?: string | undefined }[];
}

/** What the names of a domain say of its vendors, and what could not be read. */
export async function factsOf(view: DerivationView): Promise<Seen> {
	const { values: domain, item } = domainDeclaration(view);
	const resolver = replayResolver(view);
	const faults: Seen["faults"] = [];
	const ask = async (name: string, type: "MX" | "TXT") => {
		const answer = await resolver.resolve(name, type);
		if (answer.status === "error") faults.push({ code: answer.code ?? "malformed", detail: `${type} ${name}` });
		return answer;
	};
	const mx = recordsOf(await ask(view.target, "MX"), "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
	const txt = txtStrings(await ask(view.target, "TXT"));
	const spf = await spfOf(view, resolver);
	for (const unknown of spf.lookups.unknown) faults.push({ code: unknown.code, detail: `${unknown.type} ${unknown.name}` });
	const dmarc = txtStrings(await ask(`_dmarc.${view.target}`, "TXT"))
		.filter(isDmarcText)
		.map(parseDmarc);
	const tlsRpt = parseTlsRpt(txtStrings(await ask(`_smtp._tls.${view.target}`, "TXT")));
	const dkimCnames: { selector: string; target: string; live: boolean }[] = [];
	for (const selector of new Set([...domain.dkimSelectors, ...defaultSelectors.slice(0, domain.dkimGuesses)])) {
		const lookup = await dkimOf(view, selector, resolver);
		const target = lookup.chain.at(-1);
		if (lookup.status === "error") faults.push({ code: lookup.code ?? "malformed", detail: `TXT ${lookup.name}` });
		else if (target !== undefined) dkimCnames.push({ selector, target, live: lookup.status === "found" });
	}
	const fetched = view.item("https.mta_sts_policy", view.target);
	const trust = trustRoots(view);
	const unread = view.listingError("https.mta_sts_policy") ?? errorOf(fetched, "https.mta_sts_policy");
	// Without a record there is no policy to list; with one that cannot be trusted there is none to read.
	if (unread !== undefined) faults.push({ code: unread.code, detail: unread.detail ?? "https.mta_sts_policy" });
	else if (trust.error !== undefined) faults.push({ code: trust.error.code, detail: trust.error.detail });
	const policy = fetched?.status === "ok" ? judgeMtaStsFetch(fetched.values as MtaStsFetch, { roots: trust.roots, now: view.asOf }).policy : undefined;
	const declaration = item === undefined ? [] : [item];
	const policyItems = [...(fetched === undefined ? [] : [fetched]), ...trust.items];
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
		declaration,
		basis: [...declaration, ...resolver.used, ...policyItems],
		behind: (signal) => behind(signal).filter((one) => one !== undefined),
		faults,
	};

	function behind({ signal, record }: VendorSignal): (Evidence | undefined)[] {
		if (signal === "mx") return [view.item("dns.mx", view.target)];
		if (signal === "mtaStsMx") return policyItems;
		if (signal === "dkimCname") return [view.item("dns.txt", `${record.split("._domainkey CNAME ")[0]?.toLowerCase()}._domainkey.${view.target}`)];
		if (signal === "reportHost") return [view.item("dns.txt", `_dmarc.${view.target}`), view.item("dns.txt", `_smtp._tls.${view.target}`)];
		// An include stands in the record that names it, down from the domain's own.
		const holders = new Set([view.target]);
		if (signal === "spfNested") for (const include of spf.includes) if (include.name === record) holders.add(normalizeName(include.at));
		return [...holders].map((name) => view.item("dns.txt", name));
	}
}
