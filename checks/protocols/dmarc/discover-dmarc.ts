import type { ErrorCode } from "../../../model/reasons.ts";
import type { Resolver } from "../resolver.ts";
import { toQueryName } from "./domain-name.ts";
import { effectivePolicies } from "./effective-policies.ts";
import type { DmarcPolicy, DmarcRecord } from "./parse-dmarc.ts";
import { chooseOrganizational, type DiscardedRecords, type FoundRecord, failureOf, recordAt, walk, walkNames } from "./tree-walk.ts";

export interface DiscoverDmarcOptions {
	/** The author domain (RFC5322.From). */
	domain: string;
	resolver: Resolver;
	/** Whether the author domain exists (is not NXDOMAIN). Omitted: asked when the choice between sp and np depends on it. */
	exists?: boolean;
	signal?: AbortSignal;
}

export interface DmarcDiscovery {
	/** none: every question was answered and no record applies. error: a question was not answered, nothing is known. */
	status: "found" | "none" | "error";
	/** With status "error". */
	code?: ErrorCode;
	/** The text that applies. */
	record?: string;
	/** The same, parsed. */
	parsed?: DmarcRecord;
	/** The name whose record applies. */
	policyDomain?: string;
	/** Whose record it is. */
	source?: "author" | "organizational" | "public_suffix";
	/** Only when the walk above the author domain was made; see organizationalDomain(). */
	organizationalDomain?: string;
	/** p, sp or np, whichever applies to the author domain. */
	policy?: DmarcPolicy;
	/** The same after t=y. */
	effectivePolicy?: DmarcPolicy;
	/** The _dmarc names asked, in order; at most 8. */
	queries: string[];
	/** Records with v=DMARC1 that do not count, and why. */
	discarded: DiscardedRecords[];
}

/** DMARC policy discovery, RFC 9989 section 4.10.1. Never throws for what DNS answers. */
export async function discoverDmarc(options: DiscoverDmarcOptions): Promise<DmarcDiscovery> {
	const queries: string[] = [];
	const author = toQueryName(options.domain);
	if (author === undefined) return { status: "error", code: "malformed", queries, discarded: [] };

	const own = await recordAt(author, options.resolver, queries, options.signal);
	if (own.kind === "error") return { status: "error", code: own.code, queries, discarded: [] };
	if (own.kind === "found") return apply(own.found, "author", "domain", { queries, discarded: [] });

	const discarded = own.discarded === undefined ? [] : [own.discarded];
	const above = await walk(walkNames(author).slice(1), options.resolver, queries, options.signal);
	discarded.push(...above.discarded);
	// A name in between stayed unknown: its record could be the one that applies, so that nothing can be said.
	if (above.code !== undefined) return { status: "error", code: above.code, queries, discarded };

	const organizational = chooseOrganizational(author, above.found);
	const base = { queries, discarded, organizationalDomain: organizational };
	const publicSuffix = above.found.find((candidate) => candidate.record.psd === "y");
	const found = above.found.find((candidate) => candidate.domain === organizational) ?? publicSuffix;
	if (found === undefined) return { status: "none", ...base };
	const source = found.domain === organizational ? "organizational" : "public_suffix";

	const policies = effectivePolicies(found.record);
	if (policies === undefined || policies.subdomain.policy === policies.nonexistent.policy) return apply(found, source, "subdomain", base);
	const exists = options.exists ?? (await askExistence(author, options.resolver, options.signal));
	if (typeof exists !== "boolean") return { status: "error", code: exists.code, ...base };
	return apply(found, source, exists ? "subdomain" : "nonexistent", base);
}

function apply(
	found: FoundRecord,
	source: "author" | "organizational" | "public_suffix",
	which: "domain" | "subdomain" | "nonexistent",
	base: Pick<DmarcDiscovery, "queries" | "discarded" | "organizationalDomain">,
): DmarcDiscovery {
	const pair = effectivePolicies(found.record)?.[which];
	// Section 4.10.1: a record without a usable policy and without a report address switches DMARC off; the search does not go on.
	if (pair === undefined)
		return { status: "none", ...base, discarded: [...base.discarded, { domain: found.domain, texts: [found.text], reason: "no_policy" }] };
	return {
		status: "found",
		record: found.text,
		parsed: found.record,
		policyDomain: found.domain,
		source,
		policy: pair.policy,
		effectivePolicy: pair.effective,
		...base,
	};
}

/**
 * A name exists unless the answer is NXDOMAIN, whatever the type (RFC 8020 section 2). Two types are asked because some
 * servers answer NXDOMAIN for names that only hold other types, and because one of the two may have failed.
 */
async function askExistence(domain: string, resolver: Resolver, signal?: AbortSignal): Promise<boolean | { code: ErrorCode }> {
	let code: ErrorCode | undefined;
	let denied = false;
	for (const type of ["A", "TXT"] as const) {
		const answer = await resolver.resolve(domain, type, signal);
		const failure = failureOf(answer);
		// A loop of aliases begins at a name that exists.
		if (failure === "cname_loop") return true;
		if (failure !== undefined) code ??= failure;
		else if (answer.rcode !== "NXDOMAIN" || answer.answers.length > 0) return true;
		else denied = true;
	}
	if (denied) return false;
	return { code: code ?? "protocol_error" };
}
