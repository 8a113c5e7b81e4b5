import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/**
 * The name a peer was asked by, as it is compared: A-labels, lower case, no final dot. Undefined for what can never be
 * a DNS-ID: an IP address (in brackets or not), an empty label, a label over 63 octets, a name over 253.
 */
export function referenceName(host: string): string | undefined {
	// UTS #46 tables are asked only for what is not ASCII: domainToASCII rewrites numbers such as 1.2 into addresses.
	const ascii = /^[\x21-\x7e]+$/.test(host) ? host : domainToASCII(host);
	const name = (ascii.endsWith(".") ? ascii.slice(0, -1) : ascii).toLowerCase();
	if (name === "" || name.length > 253 || isIP(name) !== 0) return undefined;
	for (const label of name.split(".")) {
		if (!/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) return undefined;
	}
	// A last label of digits is an address in one of its old spellings, never a name (RFC 3696 2).
	return /(?:^|\.)\d+$/.test(name) ? undefined : name;
}

/**
 * Whether a presented DNS-ID stands for a host (RFC 9525 6.3): the whole name, case aside, or `*` as the whole
 * left-most label for exactly one label. `*` and `*.com` stand for nothing, as in the TLS libraries of senders.
 */
export function matchDnsId(presented: string, host: string): boolean {
	const reference = referenceName(host);
	if (reference === undefined) return false;
	return matchReference(presented, reference);
}

/** The same for a name that referenceName returned: a certificate may hold thousands of names. */
export function matchReference(presented: string, reference: string): boolean {
	// Octets outside the alphabet of host names (NUL, 8-bit, a final dot) never match: no cut and no folding is tried.
	if (!/^[A-Za-z0-9_*.-]+$/.test(presented)) return false;
	const pattern = presented.toLowerCase();
	if (!pattern.startsWith("*.")) return pattern === reference;
	const rest = pattern.slice(1);
	if (rest.includes("*") || rest.indexOf(".", 1) === -1) return false;
	const dot = reference.indexOf(".");
	return dot > 0 && reference.slice(dot) === rest;
}
