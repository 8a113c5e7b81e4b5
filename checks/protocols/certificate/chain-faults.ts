import type { Certificate } from "./certificate.ts";
import type { ChainPath } from "./chain-paths.ts";
import { outsideConstraints } from "./name-constraints.ts";

/**
 * What can be wrong with a chain: closed, stable words, most telling first. The first that applies is the judgement's
 * `reason`.
 */
export const chainReasons = [
	"no_certificate",
	"malformed",
	"self_signed",
	"expired",
	"not_yet_valid",
	"incomplete",
	"untrusted_root",
	"bad_signature",
	"not_a_ca",
	"path_too_long",
	"name_constraint",
	"unknown_critical_extension",
	"wrong_usage",
	"wrong_name",
	"weak_signature",
	"weak_key",
	"out_of_order",
] as const;
export type ChainReason = (typeof chainReasons)[number];

export interface ChainFault {
	reason: ChainReason;
	/** Place in the path, 0 is the leaf; null when it is not about one certificate. */
	depth: number | null;
	detail: string;
}

/** RFC 9155, RFC 9325: no longer acceptable in signatures. */
const weakHashes = new Set(["md2", "md4", "md5", "sha1"]);
const serverAuth = new Set(["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"]);
/** Step-up usages that old CA certificates carry in place of serverAuth. */
const stepUp = new Set(["2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"]);

/** Faults of one path at one moment, names aside. Sorted by the order of chainReasons, then depth. */
export function pathFaults(path: ChainPath, now: Date): ChainFault[] {
	const faults: ChainFault[] = [];
	const last = path.certificates.length - 1;
	for (const [depth, certificate] of path.certificates.entries()) {
		timeFaults(faults, certificate, depth, now);
		const isAnchor = path.anchored && depth === last;
		if (depth > 0) issuerFaults(faults, path, depth, isAnchor);
		usageFaults(faults, certificate, depth, isAnchor);
		const isTop = isAnchor || certificate.selfSigned;
		if (!isTop && certificate.signature.hash !== null && weakHashes.has(certificate.signature.hash)) {
			faults.push({ reason: "weak_signature", depth, detail: certificate.signature.name });
		}
		if (!(isAnchor && depth > 0) && isWeakKey(certificate)) {
			faults.push({ reason: "weak_key", depth, detail: `${certificate.key.type} ${certificate.key.bits}` });
		}
	}
	const top = path.certificates[last];
	if (path.end === "missing_issuer") faults.push({ reason: "incomplete", depth: last, detail: `issuer not served and not known: ${top?.issuer.text ?? ""}` });
	if (path.end === "bad_signature") {
		faults.push({ reason: "bad_signature", depth: last, detail: `not signed by the key of ${top?.issuer.text ?? ""}` });
	}
	if (path.end === "self_signed") {
		faults.push({ reason: last === 0 ? "self_signed" : "untrusted_root", depth: last, detail: top?.subject.text ?? "" });
	}
	const places = path.served.filter((place) => place !== null);
	if (places.some((place, index) => place !== index)) {
		faults.push({ reason: "out_of_order", depth: null, detail: `the path is served as certificates ${places.join(", ")}` });
	}
	return sortFaults(faults);
}

export function sortFaults(faults: ChainFault[]): ChainFault[] {
	return faults.sort((a, b) => chainReasons.indexOf(a.reason) - chainReasons.indexOf(b.reason) || (a.depth ?? -1) - (b.depth ?? -1));
}

function timeFaults(faults: ChainFault[], certificate: Certificate, depth: number, now: Date): void {
	// RFC 5280 4.1.2.5: both ends belong to the period.
	if (now.getTime() > certificate.notAfter.getTime()) faults.push({ reason: "expired", depth, detail: certificate.notAfter.toISOString() });
	if (now.getTime() < certificate.notBefore.getTime()) faults.push({ reason: "not_yet_valid", depth, detail: certificate.notBefore.toISOString() });
}

function issuerFaults(faults: ChainFault[], path: ChainPath, depth: number, isAnchor: boolean): void {
	const certificate = path.certificates[depth];
	if (certificate === undefined) return;
	const { basicConstraints, keyCertSign, nameConstraints } = certificate.extensions;
	// Roots of version 1 have no extensions and are anchors by decision (RFC 5280 6.1.4 k asks it of the others).
	const isOldRoot = isAnchor && certificate.version === 1;
	if (!isOldRoot && basicConstraints?.ca !== true) faults.push({ reason: "not_a_ca", depth, detail: "basicConstraints" });
	if (keyCertSign === false) faults.push({ reason: "not_a_ca", depth, detail: "keyUsage" });
	const pathLength = basicConstraints?.pathLength ?? null;
	if (pathLength !== null) {
		// Self-issued certificates do not count, nor does the leaf (RFC 5280 4.2.1.9).
		const between = path.certificates.slice(1, depth).filter((below) => below.subject.key !== below.issuer.key).length;
		if (between > pathLength) faults.push({ reason: "path_too_long", depth, detail: `pathLenConstraint ${pathLength}, ${between} below` });
	}
	if (nameConstraints === null) return;
	for (let below = depth - 1; below >= 0; below--) {
		const subject = path.certificates[below];
		if (subject === undefined || (below > 0 && subject.subject.key === subject.issuer.key)) continue;
		const outside = outsideConstraints(nameConstraints, subject);
		if (outside !== undefined) faults.push({ reason: "name_constraint", depth: below, detail: outside });
	}
}

function usageFaults(faults: ChainFault[], certificate: Certificate, depth: number, isAnchor: boolean): void {
	const { extendedKeyUsage, unknownCritical } = certificate.extensions;
	if (isAnchor && depth > 0) return;
	const [unknown] = unknownCritical;
	if (unknown !== undefined) faults.push({ reason: "unknown_critical_extension", depth, detail: unknown });
	if (extendedKeyUsage === null) return;
	if (!extendedKeyUsage.some((usage) => serverAuth.has(usage) || (depth > 0 && stepUp.has(usage)))) {
		faults.push({ reason: "wrong_usage", depth, detail: "extKeyUsage without serverAuth" });
	}
}

/** RSA and DSA below 2048 bits, curves below 256 (RFC 9325 4.5, NIST SP 800-52r2). Sizes that are not known are not called weak. */
function isWeakKey(certificate: Certificate): boolean {
	const { type, bits } = certificate.key;
	if (bits === null) return false;
	if (type === "ec") return bits < 256;
	return (type === "rsa" || type === "rsa-pss" || type === "dsa") && bits < 2048;
}
