import type { PropRule } from "./prop-checks.ts";

/** RFC 1035 section 2.3.1 letters, digits and hyphens, 63 octets a label. */
const label = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;

export const domainRule: PropRule = {
	wanted: "a domain name of at least two labels in A-label form",
	remedy: 'write it such as "clinic.example": no address, no trailing dot, international names as xn--...',
};

export function isDomain(name: string): boolean {
	const labels = name.split(".");
	return name.length <= 253 && labels.length >= 2 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** One or more labels that stand below a domain. */
export function isLabels(name: string): boolean {
	return name.split(".").every((part) => label.test(part));
}

export const zoneIdRule: PropRule = {
	wanted: "the id of a hosted zone: capital letters and digits",
	remedy: 'copy it from the zone, such as "Z0123456789ABCDEFGHIJ", without "/hostedzone/"',
};

export function isZoneId(id: string): boolean {
	return /^[A-Z0-9]{1,32}$/.test(id);
}

export const addressRule: PropRule = {
	wanted: "a mail address of letters, digits and the signs . _ + - before the @",
	remedy: 'write it such as "postmaster@clinic.example", without "mailto:"',
};

/** A mail address that stands in a mailto: URI of a report record as it is: nothing to encode (RFC 9989 section 4.7, RFC 8460 section 3). */
export function isReportAddress(address: string): boolean {
	const at = address.lastIndexOf("@");
	return at > 0 && at <= 64 && /^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*$/.test(address.slice(0, at)) && isDomain(address.slice(at + 1));
}
