import { isIPv4 } from "node:net";
import { getDomain } from "tldts";
import { lookupDkimSelector, wildcardProbeSelector } from "../../protocols/dkim/index.ts";
import { checkReportDestinations, discoverDmarc, organizationalDomain, parseDmarc, type ReportUri } from "../../protocols/dmarc/index.ts";
import { type DnsAnswer, normalizeName, type RecordType, type Resolver, recordsOf, txtStrings } from "../../protocols/resolver.ts";
import { analyzeSpf } from "../../protocols/spf/index.ts";
import { parseTlsRpt } from "../../protocols/tls-rpt/index.ts";
import { dedicatedSenders, exchangesOf, providerIncludes, sameOwner, trackingLabels, wildcardProbeLabel, zoneNames } from "./mail-names.ts";
import { arpaName, blocklistName } from "./reverse-name.ts";

/** Domains with more MX hosts than this are looked at in part, and the listings say so. */
const maxHosts = 64;
const maxAddresses = 256;

export interface WalkOptions {
	domain: string;
	/** Those that the user named, then the usual ones. */
	selectors: readonly string[];
	resolver: Resolver;
	signal: AbortSignal;
	/** DNS block lists, network.blocklists. */
	blocklists: readonly string[];
	/** False for a kind that no check of the run reads. */
	wants(kind: string): boolean;
	/** network.ports.smtp. TLSA is asked for at _25._tcp, and at this port when it is another. */
	smtpPort: number;
	/** Hosts that sample messages lead to. */
	linked: readonly string[];
}

/**
 * Asks everything that the mail checks of a domain need. What the answers mean is not its business: it drives the
 * protocol functions so that each of their questions goes through the recording resolver. Returns false when a limit cut it short.
 */
export async function walkMailDns(o: WalkOptions): Promise<boolean> {
	const domain = normalizeName(o.domain);
	const whole = await Promise.all([
		walkAddresses(o, domain),
		walkSpf(o, domain),
		walkDmarc(o, domain),
		walkDkim(o, domain),
		walkMtaStsAndTlsRpt(o, domain),
		walkZone(o, domain),
		ask(o, `default._bimi.${domain}`, "TXT"),
		...(o.wants("dns.cname") ? [ask(o, `autodiscover.${domain}`, "CNAME", "A", "AAAA"), walkTracking(o, domain)] : []),
	]);
	return !whole.includes(false);
}

/** MX, and of every MX host: addresses, alias, TLSA, CAA, reverse names, block lists. Without MX the domain itself is the host. */
async function walkAddresses(o: WalkOptions, domain: string): Promise<boolean> {
	const [mx] = await Promise.all([o.resolver.resolve(domain, "MX"), ask(o, domain, "A", "AAAA")]);
	const hosts = mailHosts(domain, mx);
	const kept = hosts.slice(0, maxHosts);
	const perHost = await Promise.all(kept.map((host) => walkHost(o, host)));
	const addresses = [...new Set(perHost.flat())].sort();
	const looked = addresses.slice(0, maxAddresses);
	await Promise.all(looked.map((address) => walkAddress(o, address)));
	return hosts.length === kept.length && addresses.length === looked.length;
}

/** Names that mail for a domain goes to, by preference; none for a null MX (RFC 7505) or when MX could not be asked. */
function mailHosts(domain: string, mx: DnsAnswer): string[] {
	const records = recordsOf(mx, "MX").map((record) => record.data as { preference: number; exchange: string });
	if (records.length === 0) return mx.status === "ok" && mx.cnameLoop !== true ? [domain] : [];
	records.sort((a, b) => a.preference - b.preference);
	return [...new Set(records.map((record) => normalizeName(record.exchange)))].filter((host) => host !== "." && host !== "");
}

async function walkHost(o: WalkOptions, host: string): Promise<string[]> {
	const [a, aaaa] = await Promise.all([
		o.resolver.resolve(host, "A"),
		o.resolver.resolve(host, "AAAA"),
		...(o.wants("dns.cname") ? [ask(o, host, "CNAME")] : []),
		askTlsa(o, host),
		climbCaa(o, host),
	]);
	// An alias: TLSA is looked for at its target first (RFC 7672 2.2.2).
	const alias = recordsOf(a, "CNAME").at(-1)?.data;
	if (typeof alias === "string") await askTlsa(o, normalizeName(alias));
	return [...recordsOf(a, "A"), ...recordsOf(aaaa, "AAAA")].map((record) => String(record.data));
}

async function askTlsa(o: WalkOptions, host: string): Promise<void> {
	if (!o.wants("dns.tlsa")) return;
	await Promise.all([...new Set([25, o.smtpPort])].map((port) => o.resolver.resolve(`_${port}._tcp.${host}`, "TLSA")));
}

/** PTR and the way back from its names (RFC 8601 3); the configured block lists (RFC 5782 2.1). */
async function walkAddress(o: WalkOptions, address: string): Promise<void> {
	const reverse = arpaName(address);
	if (reverse === undefined || !o.wants("dns.ptr")) return;
	const type = isIPv4(address) ? "A" : "AAAA";
	const names = async (): Promise<void> => {
		const pointers = recordsOf(await o.resolver.resolve(reverse, "PTR"), "PTR").slice(0, 10);
		await Promise.all(pointers.map((record) => o.resolver.resolve(String(record.data), type)));
	};
	const lists = o.blocklists.map((list) => blocklistName(address, list)).filter((name) => name !== undefined);
	await Promise.all([names(), ...lists.map((name) => o.resolver.resolve(name, "A"))]);
}

/** The record and its tree; of single addresses in it what is asked of MX addresses; of providers that it may copy, their own records. */
async function walkSpf(o: WalkOptions, domain: string): Promise<true> {
	const [, spf, mx] = await Promise.all([
		ask(o, domain, "TXT", ...(o.wants("dns.spf") ? (["SPF"] as const) : [])),
		analyzeSpf({ domain, resolver: o.resolver }),
		o.resolver.resolve(domain, "MX"),
		// Which customers of MailChannels may send as the domain (docs.mailchannels.com, Domain Lockdown).
		ask(o, `_mailchannels.${domain}`, "TXT"),
	]);
	await Promise.all(dedicatedSenders(spf).map((address) => walkAddress(o, address)));
	if (spf.flattening.ownRanges.length === 0) return true;
	await Promise.all(providerIncludes(exchangesOf(mx), spf).map(({ include }) => analyzeSpf({ domain: include, resolver: o.resolver })));
	return true;
}

/**
 * Aliases under names that senders use for links and counters, or that sample messages lead to; their targets' addresses tell whether they
 * lead anywhere. A host beyond the limit is not asked, and its check is not assessed.
 */
async function walkTracking(o: WalkOptions, domain: string): Promise<true> {
	const names = [wildcardProbeLabel, ...trackingLabels].map((label) => `${label}.${domain}`);
	const linked = o.linked.filter((host) => host !== domain && sameOwner(host, domain)).slice(0, maxHosts);
	await Promise.all(
		[...new Set([...names, ...linked])].map(async (name) => {
			const answer = await o.resolver.resolve(name, "CNAME");
			if (recordsOf(answer, "CNAME").length > 0) await ask(o, name, "A", "AAAA");
		}),
	);
	return true;
}

async function walkDmarc(o: WalkOptions, domain: string): Promise<true> {
	const options = { domain, resolver: o.resolver, signal: o.signal };
	const [discovery] = await Promise.all([discoverDmarc(options), organizationalDomain(options), ask(o, `_dmarc._dmarc.${domain}`, "TXT")]);
	if (discovery.status !== "found" || discovery.record === undefined) return true;
	const policyDomain = discovery.policyDomain ?? domain;
	const destinations = await checkReportDestinations({ policyDomain, record: parseDmarc(discovery.record), resolver: o.resolver, signal: o.signal });
	await askMailboxes(
		o,
		destinations.map((destination) => destination.uri),
	);
	return true;
}

/** The selectors, and of aliases that lead nowhere the zone they lead to. */
async function walkDkim(o: WalkOptions, domain: string): Promise<true> {
	// Without the probe a wildcard under _domainkey cannot be told from keys that somebody published.
	const selectors = [...o.selectors, wildcardProbeSelector];
	const lookups = await Promise.all(selectors.map((selector) => lookupDkimSelector({ domain, selector, resolver: o.resolver, signal: o.signal })));
	await askRegistrable(
		o,
		lookups.filter((lookup) => lookup.dangling).flatMap((lookup) => lookup.chain.slice(-1)),
	);
	return true;
}

async function walkMtaStsAndTlsRpt(o: WalkOptions, domain: string): Promise<true> {
	const tlsRpt = async (): Promise<void> => {
		const answer = await o.resolver.resolve(`_smtp._tls.${domain}`, "TXT");
		await askMailboxes(o, parseTlsRpt(txtStrings(answer)).uris);
	};
	await Promise.all([ask(o, `_mta-sts.${domain}`, "TXT"), ask(o, `mta-sts.${domain}`, "A", "AAAA"), climbCaa(o, `mta-sts.${domain}`), tlsRpt()]);
	return true;
}

async function walkZone(o: WalkOptions, domain: string): Promise<true> {
	await climbCaa(o, domain);
	if (!o.wants("dns.ns")) return true;
	let ns = await o.resolver.resolve(domain, "NS");
	// The domain may be a name inside a zone: its servers are those of the zone.
	for (const zone of zoneNames(domain).slice(1)) {
		if (ns.status === "error" || recordsOf(ns, "NS").length > 0) break;
		ns = await o.resolver.resolve(zone, "NS");
	}
	const servers = recordsOf(ns, "NS").slice(0, maxHosts);
	await Promise.all(servers.map((record) => ask(o, String(record.data), "A", "AAAA")));
	return true;
}

/** RFC 8659 3: from the name upwards to the first CAA record set; a name that gave no answer ends the climb, nothing above it counts. */
async function climbCaa(o: WalkOptions, start: string): Promise<void> {
	if (!o.wants("dns.caa")) return;
	for (let name = start; name !== ""; name = name.includes(".") ? name.slice(name.indexOf(".") + 1) : "") {
		const answer = await o.resolver.resolve(name, "CAA");
		if (answer.status === "error" || answer.cnameLoop === true || recordsOf(answer, "CAA").length > 0) return;
	}
}

/** Whether the hosts of mailto: report addresses can take mail. */
async function askMailboxes(o: WalkOptions, uris: readonly ReportUri[]): Promise<void> {
	const hosts = uris.filter((uri) => uri.valid && uri.scheme === "mailto").map((uri) => uri.host);
	const names = [...new Set(hosts.filter((host) => host !== undefined))].slice(0, maxHosts);
	await Promise.all(
		names.map(async (host) => {
			const mx = await o.resolver.resolve(host, "MX");
			if (mx.status === "ok" && recordsOf(mx, "MX").length === 0) await ask(o, host, "A", "AAAA");
		}),
	);
}

async function askRegistrable(o: WalkOptions, names: readonly string[]): Promise<void> {
	const zones = new Set<string>();
	for (const name of names) {
		const zone = getDomain(name, { allowPrivateDomains: false });
		if (zone !== null) zones.add(zone);
	}
	await Promise.all([...zones].slice(0, maxHosts).map((zone) => o.resolver.resolve(zone, "NS")));
}

async function ask(o: WalkOptions, name: string, ...types: RecordType[]): Promise<true> {
	await Promise.all(types.map((type) => o.resolver.resolve(name, type)));
	return true;
}
