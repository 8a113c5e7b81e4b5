import type { ReasonCode } from "../../../model/reasons.ts";
import type { RecordType } from "../resolver.ts";
import type { SpfRecord } from "./record.ts";

/**
 * How far a question could be answered.
 * - complete: everything it rests on was seen.
 * - incomplete: a DNS lookup failed; what is given is a lower bound (a limit it breaks is broken all the same), `unknown` says why.
 * - not_followed: only names built by macros, which differ by message, stand in the way; `notFollowed` lists the terms.
 * - none: the question does not arise, because there is not exactly one valid record. `published` and `syntax` tell.
 */
export type SpfStatus = "complete" | "incomplete" | "not_followed" | "none";

/** A question to DNS that got no answer. */
export interface SpfUnknown {
	code: ReasonCode;
	name: string;
	type: RecordType;
}

export interface SpfQuestion {
	status: SpfStatus;
	unknown: SpfUnknown[];
	/** Terms as published, at most 100. */
	notFollowed: string[];
}

/** Where a term stands. */
export interface SpfTermRef {
	/** As published. */
	term: string;
	/** Index of its first character in its record. */
	position: number;
	/** Name that publishes the record. */
	at: string;
	/** True in the domain's own record, false in an included or redirected one. */
	own: boolean;
}

export type SpfNodeState =
	/** One valid record. */
	| "valid"
	/** No SPF record; a positive answer. */
	| "none"
	| "several"
	/** A record with a syntax error. */
	| "invalid"
	/** Not a name that can be asked (empty or overlong label). */
	| "malformed_name"
	/** The name stands on the chain that leads here; not walked again. */
	| "loop"
	/** Built by macros. */
	| "not_followed"
	/** DNS gave no answer, or the bounds of the analysis were reached (code too_large). */
	| "unknown";

/** One evaluation of a record. Children stand in the order of the terms; dead terms have none. */
export interface SpfNode {
	/** Lower case; the text as published when it is built by macros. */
	name: string;
	via: "root" | "include" | "redirect";
	/** The term that leads here, as published; null at the root. */
	term: string | null;
	depth: number;
	state: SpfNodeState;
	/** state unknown. */
	code: ReasonCode | null;
	/** The record's text, at most 2,048 characters. */
	record: string | null;
	/** Lookup terms this branch costs: the term that leads here and all below it. At the root: the whole evaluation. */
	cost: number;
	/** The record's live lookup terms with the cost of each, at most 100. */
	terms: { term: string; position: number; cost: number }[];
	children: SpfNode[];
}

/** Everything SPF-01 to SPF-17 need to know, as plain JSON. Every question carries its own status. */
export interface SpfAnalysis {
	domain: string;
	/** SPF-01. count is null when DNS did not answer. */
	published: SpfQuestion & { count: number | null; records: string[]; absence: "NXDOMAIN" | "NODATA" | "no_spf" | null };
	/** The domain's own record, when there is exactly one and it is valid. */
	record: SpfRecord | null;
	/** SPF-02. `status` is about the own record; errors of included records are listed too. */
	syntax: SpfQuestion & { errors: (SpfTermRef & { offset: number; message: string; macro: boolean })[] };
	/**
	 * SPF-03. Counting goes on past the limit. `branches`: cost of each live lookup term of the own record. `endless`: a
	 * loop costs until the limit is broken; each round is counted once, and the count is at least 11.
	 */
	lookups: SpfQuestion & { count: number; endless: boolean; limit: 10; branches: { term: string; position: number; cost: number }[] };
	/**
	 * SPF-04. Lookups without an answer when nothing matches earlier: `count` for an IPv4 client (A records), `countIpv6`
	 * for an IPv6 client (AAAA records). Lookups of ptr terms depend on the client and are not in it.
	 */
	voidLookups: SpfQuestion & {
		count: number;
		countIpv6: number;
		limit: 2;
		lookups: (SpfTermRef & { name: string; type: RecordType; rcode: "NOERROR" | "NXDOMAIN" })[];
	};
	/** SPF-05. mx terms with more than ten MX records. What a ptr term yields depends on the client: `ptr` lists these terms. */
	manyNames: SpfQuestion & { limit: 10; mx: (SpfTermRef & { name: string; count: number })[]; ptr: SpfTermRef[] };
	/** SPF-06. `status` is about the own record. `truncated`: names that lose labels because they are over 253 characters. */
	macros: SpfQuestion & {
		used: (SpfTermRef & { letters: string[] })[];
		errors: (SpfTermRef & { offset: number; message: string })[];
		truncated: SpfTermRef[];
	};
	/** SPF-07. Each chain of names ends in the name that closes the loop. */
	loops: SpfQuestion & { chains: string[][] };
	/** SPF-08. What happens to a sender that nothing matches. policy null: not known. explicit: an all term says so. */
	terminal: SpfQuestion & {
		policy: "fail" | "softfail" | "neutral" | "pass" | "permerror" | null;
		explicit: boolean;
		/** The all term as published. */
		term: string | null;
		/** Names of the records passed through, the domain first. */
		via: string[];
	};
	/** SPF-09. Every live include and redirect, by where it stands. */
	targets: SpfQuestion & { targets: (SpfTermRef & { kind: "include" | "redirect"; name: string; state: SpfNodeState; code: ReasonCode | null })[] };
	/** SPF-10. `status` is about the own record. */
	ptr: SpfQuestion & { own: SpfTermRef[]; included: SpfTermRef[] };
	/** SPF-11. `status` is about the own record. */
	deadTerms: SpfQuestion & { terms: (SpfTermRef & { why: "after_all" | "redirect_beside_all" })[] };
	/** SPF-12. Octets. answerOctets: estimate of the whole UDP answer to the TXT question. */
	size: SpfQuestion & { strings: number[]; recordOctets: number; nameAndTxtOctets: number; answerOctets: number; txtRecords: number };
	/** SPF-13. Leftovers of type 99 and Sender ID at the domain. */
	leftovers: SpfQuestion & { type99: string[]; spf2: string[] };
	/** SPF-14. Allowing ip4/a/mx shorter than /16, ip6/a/mx shorter than /32. */
	broadRanges: SpfQuestion & { ranges: (SpfTermRef & { family: 4 | 6; prefix: number })[] };
	/**
	 * SPF-14. Addresses that get "pass": own = through terms of the own record, included = through include and redirect,
	 * each address counted once, by the term that decides. IPv6 counts are decimal strings. Ranges: at most 1,000 CIDR
	 * blocks. notCounted: terms whose addresses depend on the message (exists, ptr, macros).
	 */
	addresses: SpfQuestion & {
		ipv4: { own: number; included: number; total: number; ranges: string[] };
		ipv6: { own: string; included: string; total: string; ranges: string[] };
		notCounted: SpfTermRef[];
	};
	/** SPF-16. Registrable domains (public suffix list, private part included) behind targets and MX hosts that do not exist. */
	registrable: SpfQuestion & { missing: { domain: string; targets: (SpfTermRef & { name: string })[] }[]; checked: string[] };
	/** SPF-17. Hints only: ownRanges as CIDR; copied: own terms that an included record holds as well; rangeOnly: records under the same registrable domain that hold nothing but addresses. */
	flattening: SpfQuestion & { ownRanges: string[]; copied: (SpfTermRef & { alsoAt: string })[]; rangeOnly: string[] };
	/**
	 * SPF-15 and vendor matching: every live include and redirect, at any depth (1 = in the own record). name is lower
	 * case; where it is built by macros, `followed` is false, name is the text as published and suffix its fixed end.
	 */
	includes: (SpfTermRef & { kind: "include" | "redirect"; name: string; suffix: string; depth: number; followed: boolean })[];
	tree: SpfNode;
	/** What is wrong or unknown, in plain words, by catalogue id. */
	findings: SpfFinding[];
	/** Bounds of the analysis were reached: parts are unknown with code too_large. */
	capped: boolean;
}

export interface SpfFinding {
	reference: string;
	/** broken: certain, whatever else is unknown. unknown: could not be told. note: worth showing. */
	kind: "broken" | "unknown" | "note";
	message: string;
	term?: SpfTermRef;
	code?: ReasonCode;
}
