import type { ReasonCode } from "../../model/reasons.ts";

/** What the protocol functions need of DNS. Implementations: checks/network (sockets), checks/derive (stored evidence), tests (a map). */
export interface Resolver {
	resolve(name: string, type: RecordType, signal?: AbortSignal): Promise<DnsAnswer>;
}

export type RecordType = "A" | "AAAA" | "CAA" | "CNAME" | "DNSKEY" | "DS" | "MX" | "NS" | "NSEC" | "NSEC3" | "PTR" | "RRSIG" | "SOA" | "SPF" | "TLSA" | "TXT";

export type Rcode = "NOERROR" | "NXDOMAIN" | "SERVFAIL" | "REFUSED" | "FORMERR" | "NOTIMP";

export interface DnsAnswer {
	/** ok for NOERROR and NXDOMAIN, error for everything else. */
	status: "ok" | "error";
	/** When a server answered. */
	rcode?: Rcode;
	/** When status is "error". */
	code?: ReasonCode;
	/** status is ok then: the loop was seen. */
	cnameLoop?: boolean;
	/** The answer section, CNAMEs included. NOERROR with none of the asked type is NODATA. */
	answers: DnsRecord[];
	authorities?: DnsRecord[];
	/** Address and port of the server whose answer this is. */
	server?: string;
	/** Header flags of that answer (AA, RA, AD ...). An AD bit is a hint, never proof. */
	flags?: string[];
}

/**
 * `data` is as dns-packet decodes it: A and AAAA string; MX {preference, exchange}; TXT Buffer[] (strings unjoined);
 * CNAME, NS, PTR string; TLSA {usage, selector, matchingType, certificate}; CAA {flags, tag, value}.
 */
export interface DnsRecord {
	name: string;
	type: string;
	/** Seconds. */
	ttl: number;
	data: unknown;
}

/** Lower case, no trailing dot: the form in which names are compared and stored. */
export function normalizeName(name: string): string {
	const lower = name.toLowerCase();
	return lower.endsWith(".") && lower.length > 1 ? lower.slice(0, -1) : lower;
}

/** Records of one type out of an answer. */
export function recordsOf(answer: DnsAnswer, type: RecordType): DnsRecord[] {
	return answer.answers.filter((record) => record.type === type);
}

/** TXT records as octets, the strings of one record joined without a space (RFC 7208 3.3), records kept apart. */
export function txtRecords(answer: DnsAnswer): Buffer[] {
	return recordsOf(answer, "TXT").map((record) => {
		const data = record.data as Uint8Array | string | readonly (Uint8Array | string)[];
		const parts = Array.isArray(data) ? (data as readonly (Uint8Array | string)[]) : [data as Uint8Array | string];
		return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
	});
}

/** TXT records as text. Octets above 127 are kept one to one (latin1), so that a parser can refuse them by position. */
export function txtStrings(answer: DnsAnswer): string[] {
	return txtRecords(answer).map((octets) => octets.toString("latin1"));
}

/** A positive "there is none": NXDOMAIN, or NOERROR without a record of the type. */
export function isAbsent(answer: DnsAnswer, type: RecordType): boolean {
	return answer.status === "ok" && answer.cnameLoop !== true && recordsOf(answer, type).length === 0;
}
