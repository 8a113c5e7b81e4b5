import type { ErrorCode } from "../../../model/reasons.ts";
import { toQueryName } from "../dmarc/domain-name.ts";
import { failureOf } from "../dmarc/tree-walk.ts";
import { type DnsAnswer, normalizeName, type Rcode, type Resolver, recordsOf, txtStrings } from "../resolver.ts";
import { type DkimKey, looksLikeDkimKey, parseDkimKey } from "./parse-dkim-key.ts";

export interface DkimSelectorLookup {
	/**
	 * found: at least one TXT record here is meant as a key, however broken.
	 * absent: a server answered that there is none (NXDOMAIN, NODATA, or only TXT that is no key, as under a wildcard).
	 * error: nobody answered, or the aliases run in a circle (code cname_loop): never to be read as absent.
	 */
	status: "found" | "absent" | "error";
	/** The name asked: <selector>._domainkey.<domain>. */
	name: string;
	code?: ErrorCode;
	/** With status "absent". */
	rcode?: Rcode;
	/** Targets of the CNAMEs followed, in order. */
	chain: string[];
	/** Absent although the selector is delegated: the last target does not exist or holds no TXT record. */
	dangling: boolean;
	/** Every TXT text at the end of the chain. RFC 6376 section 3.6.2.2: with more than one, results are undefined. */
	records: string[];
	recordCount: number;
	/** The texts that are meant as keys, parsed. */
	keys: DkimKey[];
	/** The key, when exactly one text is meant as one. */
	key?: DkimKey;
}

/** Looks one selector up, RFC 6376 section 3.6.2. Never throws for what DNS answers. */
export async function lookupDkimSelector(options: { domain: string; selector: string; resolver: Resolver; signal?: AbortSignal }): Promise<DkimSelectorLookup> {
	const asked = `${normalizeName(options.selector)}._domainkey.${normalizeName(options.domain)}`;
	const name = toQueryName(asked);
	const blank = { chain: [], dangling: false, records: [], recordCount: 0, keys: [] };
	if (name === undefined) return { status: "error", code: "malformed", name: asked, ...blank };
	const answer = await options.resolver.resolve(name, "TXT", options.signal);
	const chain = chainOf(answer, name);
	const code = failureOf(answer);
	if (code !== undefined) return { ...blank, status: "error", code, name, chain };
	const records = txtStrings(answer);
	const keys = records.filter(looksLikeDkimKey).map((text) => parseDkimKey(text));
	const common = { name, chain, records, recordCount: records.length, keys };
	if (keys.length === 0) {
		const lookup: DkimSelectorLookup = { status: "absent", dangling: chain.length > 0 && records.length === 0, ...common };
		if (answer.rcode !== undefined) lookup.rcode = answer.rcode;
		return lookup;
	}
	const [key] = keys;
	return key !== undefined && keys.length === 1 ? { status: "found", dangling: false, ...common, key } : { status: "found", dangling: false, ...common };
}

/** Follows the CNAME records of an answer from the asked name; each name once, so that a loop ends. */
function chainOf(answer: DnsAnswer, name: string): string[] {
	const aliases = recordsOf(answer, "CNAME");
	if (aliases.length === 0) return [];
	const targets = new Map<string, string>();
	for (const record of aliases) {
		if (typeof record.data === "string") targets.set(normalizeName(record.name), normalizeName(record.data));
	}
	const chain: string[] = [];
	const seen = new Set<string>([name]);
	for (let target = targets.get(name); target !== undefined; target = targets.get(target)) {
		chain.push(target);
		if (seen.has(target)) break;
		seen.add(target);
	}
	return chain;
}
