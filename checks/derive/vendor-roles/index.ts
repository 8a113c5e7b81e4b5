import type { Evidence, Gap } from "../../../model/evidence.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { normalizeName, recordsOf } from "../../protocols/resolver.ts";
import { type CrossResult, crossRegister, matchVendors, type VendorRow } from "../../protocols/vendors/index.ts";
import { foldName } from "../../protocols/vendors/names.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { type Register, registerOf } from "../register.ts";
import { replayResolver } from "../replay-resolver.ts";
import { factsOf } from "../vendors/index.ts";

/** Targets of autodiscover aliases by the mailbox service that has them set up. */
const autodiscoverHosts: readonly { suffix: string; vendor: string }[] = [
	{ suffix: "autodiscover.outlook.com", vendor: "Microsoft 365 (Exchange Online)" },
	{ suffix: "autodiscover-s.outlook.com", vendor: "Microsoft 365 (Exchange Online)" },
	{ suffix: "autodiscover.office365.us", vendor: "Microsoft 365 (Exchange Online)" },
];

/**
 * What role a vendor plays for a domain. derived.mail_path, one per domain: who filters and who hosts the mailboxes behind.
 * derived.carrier, one per network that other products send through, and derived.vendor_unseen, one per register row without a
 * trace in DNS; ids <domain>/<vendor or row>.
 */
const derivation: Derivation = {
	id: "vendor-roles",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx", "dns.cname"],
	uses: ["record.baa", "https.mta_sts_policy", "config.trust_anchor"],
	produces: ["derived.carrier", "derived.mail_path", "derived.vendor_unseen"],
	async derive(view): Promise<DerivedItem[]> {
		const { values: domain, item: declaration } = domainDeclaration(view);
		const register = registerOf(view);
		const seen = await factsOf(view);
		const table = loadVendors();
		const rows = register.rows.map(({ row }) => row);
		const crossed = crossRegister(matchVendors(seen.facts, table), rows, table, view.today);
		const basis = [...new Set([...(declaration === undefined ? [] : [declaration]), ...seen.basis, ...register.items])];
		const resolver = replayResolver(view);
		const name = `autodiscover.${view.target}`;
		const autodiscover = await resolver.resolve(name, "CNAME");
		const faults = [...seen.faults];
		if (autodiscover.status === "error") faults.push({ code: autodiscover.code ?? "malformed", detail: `CNAME ${name}` });
		const target = recordsOf(autodiscover, "CNAME").map((record) => normalizeName(String(record.data)))[0];
		const items: DerivedItem[] = [mailPath(view.target, domain.receives, crossed.vendors, target, register, faults, [...basis, ...resolver.used])];
		const [fault] = seen.faults;
		if (fault !== undefined) {
			const error = { code: fault.code, detail: fault.detail, message: "a name that may reveal a network could not be looked up" };
			items.push({ kind: "derived.carrier", id: `${view.target}/*`, error, basis });
		}
		for (const vendor of crossed.vendors)
			if (vendor.match.carrier && vendor.match.shows === "mail_flow") items.push(carrier(view.target, domain.sends, vendor, register, basis));
		if (register.fault !== undefined && register.fault.code !== "input_not_supplied") {
			const error = { ...register.fault, message: "a row of the register could not be read" };
			items.push({ kind: "derived.vendor_unseen", id: `${view.target}/*`, error, basis });
		}
		for (const row of crossed.notSeen) items.push(unseen(view.target, row, register, table.vendors, seen.faults[0], basis));
		return items;
	},
};

export default derivation;

function mailPath(
	domain: string,
	receives: boolean,
	vendors: readonly CrossResult[],
	autodiscover: string | undefined,
	register: Register,
	faults: readonly Gap[],
	basis: Evidence[],
): DerivedItem {
	const filters = vendors.filter(
		({ kind, match }) => kind === "gateway" && match.signals.some((signal) => signal.signal === "mx" || signal.signal === "mtaStsMx"),
	);
	const hosted = vendors.filter(
		({ kind, match }) => kind === "mailbox" && match.signals.some((signal) => signal.signal !== "txtToken" && signal.signal !== "reportHost"),
	);
	const named = autodiscoverHosts.find(({ suffix }) => autodiscover === suffix || autodiscover?.endsWith(`.${suffix}`) === true)?.vendor;
	const mailboxes = new Map<string, string[]>(hosted.map((one) => [one.vendor, one.rows.map((row) => row.id)]));
	if (named !== undefined && !mailboxes.has(named)) {
		const answering = register.rows.filter(({ row }) => row.party.legalName === named || (row.coveredServices ?? []).some(({ service }) => service === named));
		mailboxes.set(named, [...(vendors.find((one) => one.vendor === named)?.rows.map((row) => row.id) ?? []), ...answering.map(({ row }) => row.id)]);
	}
	const gaps: Record<string, Gap> = {};
	if (register.fault !== undefined) gaps.rows = register.fault;
	if (mailboxes.size === 0) gaps.mailboxes = faults[0] ?? { code: "vendor_unknown", detail: "the mailbox host behind the filter" };
	return {
		kind: "derived.mail_path",
		id: domain,
		values: {
			domain,
			receives,
			filters: filters.map((one) => one.vendor),
			autodiscover: autodiscover ?? null,
			mailboxes: [...mailboxes.keys()],
			withoutRow: [...mailboxes].filter(([, rows]) => rows.length === 0).map(([vendor]) => vendor),
			filtersWithoutRow: filters.filter((one) => one.rows.length === 0).map((one) => one.vendor),
		},
		gaps,
		basis,
	};
}

/** The register answers the question by naming the network itself among the covered services, or a product that rides on it. */
function carrier(domain: string, sends: boolean, { vendor, match, rows }: CrossResult, register: Register, basis: Evidence[]): DerivedItem {
	const names = (wanted: string, row: Register["rows"][number]): boolean => {
		const name = foldName(wanted);
		return foldName(row.row.party.legalName) === name || (row.row.coveredServices ?? []).some(({ service }) => foldName(service) === name);
	};
	const direct =
		rows.some((row) => row.namesService && row.standing === "in_force") || register.rows.some((row) => row.standing === "in_force" && names(vendor, row));
	const products = match.possible
		.map((product) => ({ product, rows: register.rows.filter((row) => names(product, row)) }))
		.filter((one) => one.rows.length > 0)
		.map((one) => ({ product: one.product, covered: one.rows.some((row) => row.standing === "in_force") }));
	const gaps: Record<string, Gap> = {};
	if (register.fault !== undefined) for (const path of ["declared", "uncovered"]) gaps[path] = register.fault;
	else if (!direct && products.length === 0)
		gaps.declared = { code: "record_incomplete", detail: `${vendor}: used directly, or through ${match.possible.join(", ")}` };
	return {
		kind: "derived.carrier",
		id: `${domain}/${vendor}`,
		values: {
			domain,
			sends,
			carrier: vendor,
			possible: match.possible,
			direct,
			products: products.map((one) => one.product),
			declared: direct || products.length > 0,
			uncovered: products.filter((one) => !one.covered).map((one) => one.product),
			registerRead: register.fault === undefined,
		},
		gaps,
		basis,
	};
}

function unseen(
	domain: string,
	row: { id: string; legalName: string; standing: string },
	register: Register,
	vendors: readonly VendorRow[],
	fault: Gap | undefined,
	basis: Evidence[],
): DerivedItem {
	const own = register.rows.find((one) => one.row.id === row.id);
	const fingerprints = (own?.row.hosts?.length ?? 0) + (own?.row.spfIncludes?.length ?? 0) + (own?.row.dkimSelectors?.length ?? 0);
	const known = vendors.some(
		(vendor) => vendor.vendor === row.legalName && vendor.spfIncludes.length + vendor.mxSuffixes.length + vendor.dkimCnameSuffixes.length > 0,
	);
	const gaps: Record<string, Gap> = {};
	if (fault !== undefined) gaps.note = fault;
	else if (fingerprints === 0 && !known) gaps.note = { code: "vendor_unknown", detail: `${row.legalName} has no known public names` };
	return {
		kind: "derived.vendor_unseen",
		id: `${domain}/${row.id}`,
		values: { domain, row: row.id, party: row.legalName, standing: row.standing, note: own?.notes ?? null },
		gaps,
		basis,
	};
}
