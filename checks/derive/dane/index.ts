import type { Evidence, Gap } from "../../../model/evidence.ts";
import { matchTlsa } from "../../protocols/dane/index.ts";
import type { HostSecurity, Outcome } from "../../protocols/dnssec/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";
import { signedKinds } from "../dnssec/replay.ts";
import { replayResolver } from "../replay-resolver.ts";
import { allowsRollover, type TlsaFacts, tlsaFacts } from "./facts.ts";
import { type FoundRecords, findRecords } from "./find-records.ts";
import { gapOf, type MailHosts, mailHosts } from "./hosts.ts";

const produces = ["derived.dane", "derived.dane_path", "derived.dane_tlsa", "derived.dane_match"];

/**
 * DANE for SMTP (RFC 7672). derived.dane, one per domain: which MX hosts publish TLSA records. One per MX host: derived.dane_tlsa,
 * its records; derived.dane_path, whether MX, addresses and TLSA are secure. derived.dane_match, one per MX address: whether the
 * chain that was served matches. `open` on an item: what was found could not be validated, and is not to be relied on.
 */
const derivation: Derivation = {
	id: "dane",
	target: "domain",
	needs: ["config.domain", "dns.mx", "dns.a", "dns.aaaa", "dns.tlsa"],
	uses: [...signedKinds, "tls.session"],
	produces,
	async derive(view): Promise<DerivedItem[]> {
		const found = await mailHosts(view);
		if (!found.ok) return produces.map((kind) => ({ kind, id: view.target, error: found.error, basis: found.basis }));
		if (found.value === undefined) return [];
		const { value } = found;
		const hosts = await Promise.all(value.hosts.map((host) => lookAt(host, view, value)));
		if (hosts.length === 0) return [];
		return [domainItem(view.target, hosts), ...hosts.flatMap((host) => [pathItem(host), tlsaItem(host), ...matches(host, view)])];
	},
};

export default derivation;

interface DaneHost extends FoundRecords {
	name: string;
	facts: TlsaFacts[];
	path: { mx: string; addresses: string; tlsa: string };
	secure: boolean;
	/** Of the path. */
	gaps: Record<string, Gap>;
	pathBasis: Evidence[];
	tlsaBasis: Evidence[];
}

async function lookAt(host: HostSecurity, view: DerivationView, { mx, basisOf }: MailHosts): Promise<DaneHost> {
	const plain = replayResolver(view);
	const found = await findRecords(host, plain);
	// Without validation of the MX records nobody knows that these are the hosts.
	const open = found.open ?? (mx.security === "indeterminate" && found.records.length > 0 ? gapOf(mx) : undefined);
	const path = { mx: mx.security, addresses: worst(host.addresses), tlsa: found.outcome.security };
	const gaps: Record<string, Gap> = {};
	note(gaps, "path.mx", [mx]);
	note(gaps, "path.addresses", host.addresses);
	note(gaps, "path.tlsa", [found.outcome]);
	const names = [view.target, host.name];
	return {
		...found,
		open,
		name: host.name,
		facts: tlsaFacts(found.records),
		path,
		secure: path.mx === "secure" && path.addresses === "secure" && path.tlsa === "secure",
		gaps,
		pathBasis: [...basisOf(names, [mx, ...host.addresses, ...found.walked]), ...plain.used],
		tlsaBasis: [...basisOf(names, [mx, ...found.walked]), ...plain.used],
	};
}

function openOf(host: DaneHost): { values: { open: boolean }; gaps: Record<string, Gap> } {
	return { values: { open: host.open !== undefined }, gaps: host.open === undefined ? {} : { open: host.open } };
}

function domainItem(domain: string, hosts: readonly DaneHost[]): DerivedItem {
	const own = { kind: "derived.dane", id: domain, basis: [...new Set(hosts.flatMap((host) => host.tlsaBasis))] };
	const unknown = hosts.filter((host) => host.gap !== undefined);
	const published = hosts.filter((host) => host.records.length > 0);
	const [first] = unknown;
	// Without a single record found, those that could not be looked for decide whether there is anything to judge at all.
	if (published.length === 0 && first?.gap !== undefined) return { ...own, error: { ...first.gap, message: "TLSA records could not be looked up" } };
	const open = published.find((host) => host.open !== undefined)?.open;
	const gaps: Record<string, Gap> = { ...(first?.gap === undefined ? {} : { unknown: first.gap }), ...(open === undefined ? {} : { open }) };
	const names = (list: readonly DaneHost[]): string[] => list.map((host) => host.name);
	const missing = hosts.filter((host) => host.records.length === 0 && host.gap === undefined);
	return {
		...own,
		values: { hosts: names(hosts), published: names(published), missing: names(missing), unknown: names(unknown), open: open !== undefined },
		gaps,
	};
}

function pathItem(host: DaneHost): DerivedItem {
	const own = { kind: "derived.dane_path", id: host.name, basis: host.pathBasis };
	const { gap, blocked } = host;
	// SERVFAIL and bogus answers are themselves what is found; every other failure leaves it open whether there is anything to judge.
	if (gap !== undefined && blocked === undefined) return { ...own, error: { ...gap, message: "TLSA records could not be looked up" } };
	const values = { host: host.name, base: host.outcome.name, count: host.records.length, path: host.path, secure: host.secure, blocked: blocked ?? null };
	return { ...own, values, gaps: blocked === undefined ? host.gaps : {} };
}

function tlsaItem(host: DaneHost): DerivedItem {
	const own = { kind: "derived.dane_tlsa", id: host.name, basis: host.tlsaBasis };
	const { gap, facts } = host;
	if (gap !== undefined) return { ...own, error: { ...gap, message: "TLSA records could not be looked up" } };
	const usable = facts.filter((record) => record.fault === null).length;
	const { values, gaps } = openOf(host);
	return {
		...own,
		values: { host: host.name, base: host.outcome.name, count: facts.length, usable, records: facts, rollover: allowsRollover(facts), ...values },
		gaps,
	};
}

interface TlsSession {
	address: string;
	chain: string[];
}

/** One per address of a host with usable records. */
function matches(host: DaneHost, view: DerivationView): DerivedItem[] {
	const whole = { kind: "derived.dane_match", id: host.name, basis: host.tlsaBasis };
	if (host.gap !== undefined) return [{ ...whole, error: { ...host.gap, message: "TLSA records could not be looked up" } }];
	if (!host.facts.some((record) => record.fault === null)) return [];
	const sessions = view.items("tls.session").filter((item) => item.id.startsWith(`${host.name}|`));
	const none = { code: "not_collected" as const, detail: "tls.session", message: `no address of ${host.name} was looked at` };
	const fault = view.listingError("tls.session") ?? (sessions.length === 0 ? none : undefined);
	const made = sessions.map((item): DerivedItem => {
		const own = { kind: "derived.dane_match", id: item.id, basis: [...host.tlsaBasis, item] };
		const error = errorOf(item, "tls.session") ?? fault;
		if (error !== undefined) return { ...own, error };
		const session = item.values as TlsSession;
		const chain = session.chain.map((der) => Buffer.from(der, "base64"));
		const base = host.outcome.name.replace(/^_\d+\._tcp\./, "");
		const match = matchTlsa({ records: host.records, chain, hostname: base, otherNames: [host.name, view.target], now: view.asOf });
		const { verdict, reason = null, depth = null } = match;
		const { values, gaps } = openOf(host);
		return { ...own, values: { host: host.name, address: session.address, secure: host.secure, verdict, reason, depth, ...values }, gaps };
	});
	return fault === undefined ? made : [...made, { ...whole, error: fault }];
}

function worst(outcomes: readonly Outcome[]): string {
	for (const security of ["bogus", "indeterminate", "insecure"]) if (outcomes.some((one) => one.security === security)) return security;
	return outcomes.length === 0 ? "indeterminate" : "secure";
}

function note(gaps: Record<string, Gap>, path: string, outcomes: readonly Outcome[]): void {
	const open = outcomes.find((one) => one.security === "indeterminate");
	if (open !== undefined) gaps[path] = gapOf(open);
}
