import type { Certificate } from "./certificate.ts";
import type { TrustRoots } from "./trust-roots.ts";

/** One way up from the leaf. */
export interface ChainPath {
	/** Leaf first. The last one is the anchor when `anchored`. */
	certificates: Certificate[];
	/** Place of each in the served chain; null for an anchor that was not served. */
	served: (number | null)[];
	anchored: boolean;
	/** Why an unanchored path ends. */
	end: "anchor" | "self_signed" | "missing_issuer" | "bad_signature";
}

export interface ServedCertificate {
	index: number;
	certificate: Certificate;
}

/** RFC 5280 sets no limit; public hierarchies have three to five certificates. */
const maxPathLength = 12;
const maxPaths = 32;
/** Hostile chains can be made to branch; each signature check costs time. */
const maxSignatureChecks = 200;

/**
 * Every path from the leaf to an anchor that the served certificates and the anchors allow, in whatever order they were
 * served; without one, the paths that end before. Served certificates that are anchors themselves end a path.
 */
export function findPaths(leaf: ServedCertificate, served: readonly ServedCertificate[], roots: TrustRoots): ChainPath[] {
	const search: Search = { served, roots, found: [], checks: 0 };
	extend(search, { certificates: [leaf.certificate], served: [leaf.index], anchored: false, end: "missing_issuer" });
	return search.found;
}

interface Search {
	served: readonly ServedCertificate[];
	roots: TrustRoots;
	found: ChainPath[];
	checks: number;
}

function extend(search: Search, path: ChainPath): void {
	if (search.found.length >= maxPaths) return;
	const current = path.certificates.at(-1);
	if (current === undefined) return;
	if (isAnchor(search, current, path.certificates.length === 1)) {
		search.found.push({ ...path, anchored: true, end: "anchor" });
		return;
	}
	if (current.selfSigned) {
		search.found.push({ ...path, end: "self_signed" });
		return;
	}
	let extended = false;
	let wrongSignature = false;
	if (path.certificates.length < maxPathLength) {
		const tried = new Set(path.certificates.map((certificate) => certificate.sha256));
		for (const candidate of candidates(search, current)) {
			if (tried.has(candidate.certificate.sha256)) continue;
			tried.add(candidate.certificate.sha256);
			search.checks += 1;
			if (search.checks > maxSignatureChecks) break;
			if (!current.isSignedBy(candidate.certificate)) {
				wrongSignature ||= !isOtherKey(current, candidate.certificate);
				continue;
			}
			extended = true;
			extend(search, {
				certificates: [...path.certificates, candidate.certificate],
				served: [...path.served, candidate.index],
				anchored: false,
				end: "missing_issuer",
			});
		}
	}
	if (!extended) search.found.push({ ...path, end: wrongSignature ? "bad_signature" : "missing_issuer" });
}

/** Served ones first, so that a served copy of an anchor keeps its place; then anchors. */
function candidates(search: Search, current: Certificate): { index: number | null; certificate: Certificate }[] {
	const list: { index: number | null; certificate: Certificate }[] = [];
	for (const entry of search.served) {
		if (entry.certificate.subject.key === current.issuer.key) list.push(entry);
	}
	for (const certificate of search.roots.bySubject(current.issuer.key)) list.push({ index: null, certificate });
	return list;
}

/**
 * A trust anchor is a name and a key (RFC 5280 6.1.1): any CA certificate given as one counts. A leaf counts only when it
 * is self-signed and was itself given.
 */
function isAnchor(search: Search, certificate: Certificate, isLeaf: boolean): boolean {
	if (isLeaf && !certificate.selfSigned) return false;
	return search.roots.bySubject(certificate.subject.key).some((root) => root.sha256 === certificate.sha256);
}

/** Key identifiers that differ: an issuer of the same name with another key, not a broken signature. */
function isOtherKey(certificate: Certificate, issuer: Certificate): boolean {
	const wanted = certificate.extensions.authorityKeyId;
	const present = issuer.extensions.subjectKeyId;
	return wanted !== null && present !== null && wanted !== present;
}
