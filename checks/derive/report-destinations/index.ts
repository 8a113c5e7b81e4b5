import type { Evidence, Gap } from "../../../model/evidence.ts";
import { sameOwner } from "../../collectors/dns/mail-names.ts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { checkReportDestinations, discoverDmarc, type ReportDestination, type ReportUri } from "../../protocols/dmarc/index.ts";
import { normalizeName, type Resolver, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { crossRegister, matchVendors } from "../../protocols/vendors/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { type Register, registerOf, rowsForHost } from "../register.ts";
import { replayResolver } from "../replay-resolver.ts";

interface Named {
	record: "dmarc" | "tls_rpt";
	tag: "rua" | "ruf";
	host: string;
	addresses: string[];
	destination: ReportDestination | undefined;
	scheme: string | null;
}

/**
 * derived.report_destination, one per host that DMARC (rua, ruf) or TLS-RPT (rua) names, id <domain>/<record> <tag> <host>:
 * whether it is the domain's own, whether it agreed (RFC 9990 section 4), can take mail, and stands in the register.
 */
const derivation: Derivation = {
	id: "report-destinations",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx", "dns.a", "dns.aaaa"],
	uses: ["record.baa"],
	produces: ["derived.report_destination"],
	async derive(view): Promise<DerivedItem[]> {
		const { item: declaration } = domainDeclaration(view);
		const register = registerOf(view);
		const items: DerivedItem[] = [];
		const base = declaration === undefined ? [] : [declaration];
		const shared = replayResolver(view);
		const named = new Map<string, Named>();

		const discovery = await discoverDmarc({ domain: view.target, resolver: shared });
		if (discovery.status === "error") {
			const detail = discovery.queries.at(-1) ?? view.target;
			items.push(failed(`${view.target}/dmarc`, discovery.code ?? "malformed", `TXT ${detail}`, [...base, ...shared.used]));
		}
		if (discovery.parsed !== undefined) {
			const policyDomain = discovery.policyDomain ?? view.target;
			for (const destination of await checkReportDestinations({ policyDomain, record: discovery.parsed, resolver: shared })) {
				add(named, "dmarc", destination.tag, destination.uri, destination);
			}
		}
		const tlsName = `_smtp._tls.${view.target}`;
		const tlsAnswer = await shared.resolve(tlsName, "TXT");
		if (tlsAnswer.status === "error") items.push(failed(`${view.target}/tls_rpt`, tlsAnswer.code ?? "malformed", `TXT ${tlsName}`, [...base, ...shared.used]));
		for (const uri of parseTlsRpt(txtStrings(tlsAnswer)).uris) add(named, "tls_rpt", "rua", uri, undefined);
		for (const one of named.values()) items.push(await itemOf(one, view, register, [...base, ...shared.used]));
		return items;
	},
};

export default derivation;

/** Addresses at one host are one destination; what is no valid URI has none. */
function add(named: Map<string, Named>, record: Named["record"], tag: Named["tag"], uri: ReportUri, destination: ReportDestination | undefined): void {
	if (!uri.valid || uri.host === undefined) return;
	const key = `${record} ${tag} ${uri.host}`;
	const known = named.get(key);
	if (known === undefined) named.set(key, { record, tag, host: uri.host, addresses: [uri.text], destination, scheme: uri.scheme ?? null });
	else known.addresses.push(uri.text);
}

async function itemOf(one: Named, view: DerivationView, register: Register, basis: Evidence[]): Promise<DerivedItem> {
	const { host, destination } = one;
	const resolver = replayResolver(view);
	const gaps: Record<string, Gap> = {};
	const mailbox = one.scheme === "mailto" ? await mailboxOf(host, resolver) : undefined;
	if (mailbox?.gap !== undefined) gaps.accepts = mailbox.gap;
	if (destination?.status === "error") gaps.relation = { code: destination.code ?? "malformed", detail: destination.authorization?.name ?? host };
	// For TLS reports no agreement is asked for; whose the host is shows by its registrable domain.
	const own = destination?.status === "internal" || sameOwner(host, view.target);
	const table = loadVendors();
	const matches = matchVendors({ mx: [], spfIncludes: [], dkimCnames: [], txt: [], mtaStsMx: [], reportHosts: [host] }, table);
	const crossed = crossRegister(
		matches,
		register.rows.map(({ row }) => row),
		table,
		view.today,
	).vendors[0];
	const rows = [...rowsForHost(register, host), ...(crossed?.rows ?? []).map(({ id, standing }) => ({ id, standing }))];
	if (register.fault !== undefined) gaps.rows = register.fault;
	// Without the organizational domains of both sides it cannot be told whether the host is the client's own.
	if (destination?.status === "error" && destination.authorization === undefined && !own && gaps.relation !== undefined) gaps.rows ??= gaps.relation;
	// Whether a mailbox redacts what it gets is a person's word.
	gaps.restricted = { code: "manual", detail: one.addresses.join(", ") };
	return {
		kind: "derived.report_destination",
		id: `${view.target}/${one.record} ${one.tag} ${host}`,
		values: {
			domain: view.target,
			record: one.record,
			tag: one.tag,
			host,
			addresses: one.addresses,
			relation: destination === undefined ? null : destination.status,
			authorizationName: destination?.authorization?.name ?? null,
			accepts: mailbox?.accepts ?? null,
			mailbox: mailbox !== undefined,
			own,
			vendor: crossed?.vendor ?? null,
			rows: [...new Map(rows.map((row) => [row.id, row])).values()],
		},
		gaps,
		basis: [...basis, ...resolver.used, ...register.items],
	};
}

/** RFC 5321 5.1: an MX that is no null MX, or without any MX an address. */
async function mailboxOf(host: string, resolver: Resolver): Promise<{ accepts: boolean | null; gap?: Gap }> {
	const mx = await resolver.resolve(host, "MX");
	if (mx.status === "error") return { accepts: null, gap: { code: mx.code ?? "malformed", detail: `MX ${host}` } };
	const targets = recordsOf(mx, "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
	if (targets.length > 0) return { accepts: targets.some((target) => target !== "." && target !== "") };
	if (mx.cnameLoop === true) return { accepts: false };
	let gap: Gap | undefined;
	for (const type of ["A", "AAAA"] as const) {
		const answer = await resolver.resolve(host, type);
		if (recordsOf(answer, type).length > 0) return { accepts: true };
		if (answer.status === "error") gap ??= { code: answer.code ?? "malformed", detail: `${type} ${host}` };
	}
	return gap === undefined ? { accepts: false } : { accepts: null, gap };
}

function failed(id: string, code: Gap["code"], detail: string, basis: Evidence[]): DerivedItem {
	return { kind: "derived.report_destination", id, error: { code, detail, message: `${detail} could not be looked up` }, basis };
}
