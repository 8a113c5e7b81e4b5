import type { ErrorCode } from "../../../model/reasons.ts";
import { normalizeName, type Resolver } from "../resolver.ts";
import { toQueryName } from "./domain-name.ts";
import { chooseOrganizational, walk, walkNames } from "./tree-walk.ts";

export interface OrganizationalDomain {
	/** The organizational domain; the start itself when no record says otherwise. Not to be relied on when code is set. */
	domain: string;
	/** The _dmarc names asked, in order; at most 8. */
	queries: string[];
	/** A question stayed without an answer, or the start is no domain name (malformed). */
	code?: ErrorCode;
}

/** The tree walk of RFC 9989 section 4.10.2, from the domain itself upwards. No public suffix list is involved. */
export async function organizationalDomain(options: { domain: string; resolver: Resolver; signal?: AbortSignal }): Promise<OrganizationalDomain> {
	const queries: string[] = [];
	const start = toQueryName(options.domain);
	if (start === undefined) return { domain: normalizeName(options.domain), queries, code: "malformed" };
	const walked = await walk(walkNames(start), options.resolver, queries, options.signal);
	if (walked.code !== undefined) return { domain: start, queries, code: walked.code };
	return { domain: chooseOrganizational(start, walked.found), queries };
}
