import { domainToASCII } from "node:url";
import { normalizeName } from "../resolver.ts";

/** Octets of a name in text form without the trailing dot (RFC 1035 section 2.3.4: 255 on the wire). */
const maxNameOctets = 253;
const maxLabelOctets = 63;

/** What almost every name is: nothing to convert, and no label too long. */
const plainName = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * A domain name as it is asked in DNS: lower case, A-labels (RFC 9989 section 4.10 wants U-labels converted), no
 * trailing dot. Undefined when no such name can exist: empty, an empty label, a label over 63 octets, a name over 253,
 * white space or control characters.
 */
export function toQueryName(domain: string): string | undefined {
	if (domain.length <= maxNameOctets && plainName.test(domain)) return domain;
	// Bounds the work on hostile input: no conversion makes a name of this length fit.
	if (domain.length > 1024) return undefined;
	const lower = normalizeName(domain);
	// Only names with U-labels: on ASCII the function would also rewrite what looks like an IPv4 address.
	const ascii = /[^\x00-\x7f]/.test(lower) ? normalizeName(domainToASCII(lower)) : lower;
	if (ascii.length === 0 || ascii.length > maxNameOctets) return undefined;
	if (/[^\x21-\x7e]/.test(ascii)) return undefined;
	for (const label of ascii.split(".")) {
		if (label.length === 0 || label.length > maxLabelOctets) return undefined;
	}
	return ascii;
}
