import type { Evidence, EvidenceError, Gap } from "../../../model/evidence.ts";
import { reasonCodeOf } from "../../collectors/dnssec/schema.ts";
import { matchTlsa, type TlsaRecord } from "../../protocols/dane/index.ts";
import type { HostSecurity, Outcome } from "../../protocols/dnssec/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";
import { dnssecKinds, type ReplayedSecurity, replaySecurity } from "../dnssec/replay.ts";
import { replayResolver } from "../replay-resolver.ts";
import { allowsRollover, type TlsaFacts, tlsaFacts, tlsaRecords } from "./facts.ts";

const produces = ["derived.dane", "derived.dane_path", "derived.dane_tlsa", "derived.dane_match"];

/**
 * DANE for SMTP (RFC 7672). derived.dane, one per domain: which MX hosts publish TLSA records. One per MX host: derived.dane_tlsa,
 * its records; derived.dane_path, whether MX, addresses and TLSA are secure. derived.dane_match, one per MX address: whether the
 * chain that was served matches.
 */
const derivation: Derivation = {
	id: "dane",
	target: "domain",
	needs: [...dnssecKinds, "dns.tlsa"],
	uses: ["tls.session"],
	produces,
	async derive(view): Promise<DerivedItem[]> {
		const replayed = await replaySecurity(view);
		const all = (error: EvidenceError, basis: Evidence[]): DerivedItem[] => produces.map((kind) => ({ kind, id: view.target, error, basis }));
		if (!replayed.ok) return all(replayed.error, replayed.basis);
		const { value } = replayed;
		if (!value.receives) return [];
		if (value.hostsUnknown !== undefined) return all(value.hostsUnknown, value.basisOf([view.target], value.seen.names.slice(0, 1)));
		const hosts = await Promise.all(value.seen.hosts.map((host) => lookAt(host, view, value)));
		if (hosts.length === 0) return [];
		return [domainItem(view.target, hosts), ...hosts.flatMap((host) => [pathItem(host), tlsaItem(host), ...matches(host, view)])];
	},
};

export default derivation;

interface DaneHost {
	name: string;
	/** Where the records are, or were looked for last. */
	base: string;
	records: TlsaRecord[];
	facts: TlsaFacts[];
	path: { mx: string; addresses: string; tlsa: string };
	secure: boolean;
	/** Why the TLSA records are not known. */
	gap: Gap | undefined;
	/** A TLSA question that ended in SERVFAIL, or an answer that does not validate: senders put the mail off (RFC 7672 2.1.2). */
	blocked: { reason: string; name: string } | undefined;
	/** Of the path. */
	gaps: Record<string, Gap>;
	pathBasis: Evidence[];
	tlsaBasis: Evidence[];
}

async function lookAt(host: HostSecurity, view: DerivationView, { seen, basisOf }: ReplayedSecurity): Promise<DaneHost> {
	const plain = replayResolver(view);
	const mx = seen.names.slice(0, 1);
	const found = await findRecords(host, plain.resolve);
	const path = { mx: worst(mx), addresses: worst(host.addresses), tlsa: found.outcome.security };
	const gaps: Record<string, Gap> = {};
	note(gaps, "path.mx", mx);
	note(gaps, "path.addresses", host.addresses);
	note(gaps, "path.tlsa", [found.outcome]);
	const names = [view.target, host.name];
	return {
		...found,
		name: host.name,
		base: found.outcome.name,
		facts: tlsaFacts(found.records),
		path,
		secure: path.mx === "secure" && path.addresses === "secure" && path.tlsa === "secure",
		gaps,
		pathBasis: [...basisOf(names, [...mx, ...host.addresses, ...found.walked]), ...plain.used],
		tlsaBasis: [...basisOf(names, [...mx, ...found.walked]), ...plain.used],
	};
}

interface FoundRecords {
	outcome: Outcome;
	/** Questions that the outcome rests on. */
	walked: Outcome[];
	records: TlsaRecord[];
	gap: Gap | undefined;
	blocked: { reason: string; name: string } | undefined;
}

/** As a client does: the first name that has records; a failure on the way ends the search (RFC 7672 2.2.2). */
async function findRecords(host: HostSecurity, resolve: ReturnType<typeof replayResolver>["resolve"]): Promise<FoundRecords> {
	const none: Outcome = { name: host.name, type: "TLSA", security: "indeterminate", reason: "not_collected", detail: null, answer: undefined };
	const found: FoundRecords = { outcome: host.tlsa[0] ?? none, walked: [], records: [], gap: undefined, blocked: undefined };
	// Whether the host is an alias, at whose end the records would be, shows in either family.
	const unseen = host.security === "secure" && host.addresses.every((one) => one.security === "indeterminate") ? host.addresses[0] : undefined;
	if (unseen !== undefined) return { ...found, outcome: { ...found.outcome, security: "indeterminate" }, gap: gapOf(unseen) };
	for (const one of host.tlsa) {
		found.outcome = one;
		found.walked.push(one);
		if (one.security === "bogus" || one.security === "indeterminate") {
			const stops = one.security === "bogus" || (one.reason === "servfail" && one.answer !== undefined);
			return { ...found, gap: gapOf(one), blocked: stops ? { reason: one.reason ?? "bogus", name: one.name } : undefined };
		}
		// In a zone that is not signed only the plain question was asked.
		const answer = one.answer ?? (await resolve(one.name, "TLSA"));
		if (answer.status === "error") return { ...found, gap: { code: answer.code ?? "malformed", detail: `TLSA ${one.name}` } };
		found.records = tlsaRecords(answer);
		if (found.records.length > 0) break;
	}
	return found;
}

function domainItem(domain: string, hosts: readonly DaneHost[]): DerivedItem {
	const own = { kind: "derived.dane", id: domain, basis: [...new Set(hosts.flatMap((host) => host.tlsaBasis))] };
	const unknown = hosts.filter((host) => host.gap !== undefined);
	const published = hosts.filter((host) => host.records.length > 0);
	const [first] = unknown;
	// Without a single record found, those that could not be looked for decide whether there is anything to judge at all.
	if (published.length === 0 && first?.gap !== undefined) return { ...own, error: { ...first.gap, message: "TLSA records could not be looked up" } };
	const gaps: Record<string, Gap> = first?.gap === undefined ? {} : { unknown: first.gap };
	const names = (list: readonly DaneHost[]): string[] => list.map((host) => host.name);
	const missing = hosts.filter((host) => host.records.length === 0 && host.gap === undefined);
	return { ...own, values: { hosts: names(hosts), published: names(published), missing: names(missing), unknown: names(unknown) }, gaps };
}

function pathItem(host: DaneHost): DerivedItem {
	const own = { kind: "derived.dane_path", id: host.name, basis: host.pathBasis };
	const { gap, blocked } = host;
	// SERVFAIL and bogus answers are themselves what is found; every other failure leaves it open whether there is anything to judge.
	if (gap !== undefined && blocked === undefined) return { ...own, error: { ...gap, message: "TLSA records could not be looked up" } };
	const values = { host: host.name, base: host.base, count: host.records.length, path: host.path, secure: host.secure, blocked: blocked ?? null };
	return { ...own, values, gaps: blocked === undefined ? host.gaps : {} };
}

function tlsaItem(host: DaneHost): DerivedItem {
	const own = { kind: "derived.dane_tlsa", id: host.name, basis: host.tlsaBasis };
	const { gap, facts } = host;
	if (gap !== undefined) return { ...own, error: { ...gap, message: "TLSA records could not be looked up" } };
	const usable = facts.filter((record) => record.fault === null).length;
	return { ...own, values: { host: host.name, base: host.base, count: facts.length, usable, records: facts, rollover: allowsRollover(facts) } };
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
		const match = matchTlsa({ records: host.records, chain, hostname: host.name, now: view.asOf });
		const { verdict, reason = null, depth = null } = match;
		return { ...own, values: { host: host.name, address: session.address, secure: host.secure, verdict, reason, depth } };
	});
	return fault === undefined ? made : [...made, { ...whole, error: fault }];
}

function worst(outcomes: readonly Outcome[]): string {
	for (const security of ["bogus", "indeterminate", "insecure"]) if (outcomes.some((one) => one.security === security)) return security;
	return outcomes.length === 0 ? "indeterminate" : "secure";
}

function gapOf(one: Outcome): Gap {
	return { code: one.security === "bogus" ? "bogus" : reasonCodeOf(one.reason), detail: one.detail ?? `${one.type} ${one.name}` };
}

function note(gaps: Record<string, Gap>, path: string, outcomes: readonly Outcome[]): void {
	const open = outcomes.find((one) => one.security === "indeterminate");
	if (open !== undefined) gaps[path] = gapOf(open);
}
