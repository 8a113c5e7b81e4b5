import { getDomain } from "tldts";
import { loadVendors } from "../../data/vendors/load-vendors.ts";
import { type DnsAnswer, normalizeName, recordsOf } from "../../protocols/resolver.ts";
import type { SpfAnalysis } from "../../protocols/spf/index.ts";
import { matchVendors } from "../../protocols/vendors/index.ts";

/** Labels under which senders have links and open counters served on the client's own domain. */
export const trackingLabels: readonly string[] = ["click", "clicks", "link", "links", "track", "tracking", "trk", "url", "email", "go", "e", "r"];

/** A label that nobody publishes: a zone that answers it has a wildcard, and the answers for guessed names show nothing. */
export const wildcardProbeLabel = "mailward-no-such-name";

/** Own addresses of an SPF record that are looked at: single hosts, not ranges. */
const maxSenders = 16;

/** Addresses that the domain's own SPF record names one by one: its dedicated senders. */
export function dedicatedSenders(spf: Pick<SpfAnalysis, "flattening">): string[] {
	const single = spf.flattening.ownRanges.filter((range) => range.endsWith(range.includes(":") ? "/128" : "/32"));
	return single.slice(0, maxSenders).map((range) => range.slice(0, range.lastIndexOf("/")));
}

/** What an SPF record may be a flattened copy of: SPF names of vendors that the domain uses by its MX and does not include. */
export function providerIncludes(mx: readonly string[], spf: Pick<SpfAnalysis, "includes">): { vendor: string; include: string }[] {
	const table = loadVendors();
	const none = { spfIncludes: [], dkimCnames: [], txt: [], mtaStsMx: [], reportHosts: [] };
	const used = matchVendors({ ...none, mx }, table).map((match) => match.vendor);
	const found: { vendor: string; include: string }[] = [];
	if (used.length === 0) return found;
	for (const row of table.vendors) {
		if (!used.includes(row.vendor)) continue;
		if (row.spfIncludes.some((suffix) => spf.includes.some((one) => one.suffix === suffix || one.suffix.endsWith(`.${suffix}`)))) continue;
		for (const include of row.spfIncludes) if (!include.includes("*")) found.push({ vendor: row.vendor, include });
	}
	return found.slice(0, 4);
}

/** Names of the MX hosts; none for a null MX. */
export function exchangesOf(mx: DnsAnswer): string[] {
	const names = recordsOf(mx, "MX").map((record) => normalizeName((record.data as { exchange: string }).exchange));
	return [...new Set(names)].filter((host) => host !== "." && host !== "");
}

/** Whether two names are under one registrable domain, private suffixes included: names below a hosting suffix have owners of their own. */
export function sameOwner(a: string, b: string): boolean {
	const own = getDomain(b, { validateHostname: false, allowPrivateDomains: true }) ?? b;
	return a === own || a.endsWith(`.${own}`);
}

/** Names at which a zone of the domain may begin, the domain first, its registrable domain last. */
export function zoneNames(domain: string): string[] {
	const top = getDomain(domain, { validateHostname: false, allowPrivateDomains: false }) ?? domain;
	const names = [domain];
	for (let name = domain; name !== top && name.includes("."); ) {
		name = name.slice(name.indexOf(".") + 1);
		names.push(name);
	}
	return names;
}
