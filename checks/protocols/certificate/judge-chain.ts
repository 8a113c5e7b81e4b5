import { type Certificate, type PublicKeyFacts, parseCertificate } from "./certificate.ts";
import { type ChainFault, type ChainReason, chainReasons, pathFaults, sortFaults } from "./chain-faults.ts";
import { type ChainPath, findPaths, type ServedCertificate } from "./chain-paths.ts";
import { matchReference, referenceName } from "./dns-id.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";
import { type RootSource, toTrustRoots } from "./trust-roots.ts";

export interface ChainOptions {
	/** DER, as served, leaf first. */
	chain: readonly Uint8Array[];
	/** The name the peer was asked by; left out, names are not judged. */
	hostname?: string | undefined;
	/** Every anchor that counts: publicRoots(), publicRootsAnd(extra), DER or PEM. */
	roots: RootSource;
	now: Date;
}

/** One certificate as served. */
export type CertificateFacts =
	| { ok: false; message: string }
	| {
			ok: true;
			sha256: string;
			subject: string;
			issuer: string;
			/** UTC, RFC 3339. */
			notBefore: string;
			notAfter: string;
			key: PublicKeyFacts;
			signature: SignatureAlgorithm;
			/** basicConstraints cA. */
			ca: boolean;
			selfSigned: boolean;
			/** dNSName entries of subjectAltName, octets as latin1 code points. */
			dnsIds: string[];
			/** Whole days to notAfter, rounded down: negative once it has passed. */
			daysLeft: number;
			/** Days of the validity period, both ends counted. */
			lifetimeDays: number;
	  };

/** What there is to know about a served chain at one moment. Facts; whether they are good enough is for the reader. */
export interface ChainJudgement {
	/** The most telling fault, null when there is none. */
	reason: ChainReason | null;
	/** All faults of the best path, in the order of chainReasons. */
	faults: ChainFault[];
	/** A path of valid certificates leads to an anchor: names, strength and order aside. */
	trusted: boolean;
	/** A TLS client would go on: trusted, right name, nothing too weak. The order alone stops no client. */
	acceptable: boolean;
	/** No issuer is missing between the leaf and an anchor or a self-signed certificate. */
	complete: boolean;
	/** The path stands at the head of what was served, each certificate certifying the one before (RFC 8446 4.4.2). */
	inOrder: boolean;
	/** The leaf is signed by its own key. */
	selfSignedLeaf: boolean;
	anchor: { sha256: string; subject: string } | null;
	/** Places in the served chain that make up the path, leaf first. */
	path: number[];
	/** Places that the path does not use. */
	unused: number[];
	/** A DNS-ID of the leaf stands for the host (RFC 9525); null when no host name was given. */
	nameMatch: boolean | null;
	/** The DNS-ID that matched. */
	matchedName: string | null;
	certificates: CertificateFacts[];
}

/** More certificates than this are not looked at: servers send at most a handful. */
const maxServed = 32;
const dayMs = 86_400_000;
const notAboutTrust = new Set<ChainReason>(["wrong_name", "weak_signature", "weak_key", "out_of_order"]);

/**
 * Judges a chain as a client with these anchors and this clock would (RFC 5280 6.1, RFC 9525), without the network: no
 * missing issuer is fetched, revocation is not looked up. Never throws for what a server sent.
 */
export function judgeChain(options: ChainOptions): ChainJudgement {
	const roots = toTrustRoots(options.roots);
	const parsed = options.chain.slice(0, maxServed).map((der) => parseCertificate(der));
	const served: ServedCertificate[] = [];
	for (const [index, result] of parsed.entries()) if (result.ok) served.push({ index, certificate: result.certificate });
	const certificates = parsed.map((result): CertificateFacts => (result.ok ? factsOf(result.certificate, options.now) : result));
	const leafResult = parsed[0];
	if (leafResult === undefined) return withoutLeaf(options, certificates, undefined);
	if (!leafResult.ok) return withoutLeaf(options, certificates, leafResult.message);
	const leaf: ServedCertificate = { index: 0, certificate: leafResult.certificate };

	const best = bestPath(findPaths(leaf, served, roots), options.now);
	const { path, faults } = best;
	const name = matchName(leaf.certificate, options.hostname);
	if (name.match === false) faults.push({ reason: "wrong_name", depth: 0, detail: `no DNS-ID stands for ${options.hostname?.slice(0, 255)}` });
	const broken = parsed.findIndex((result) => !result.ok);
	if (broken !== -1 && !path.anchored) faults.push({ reason: "malformed", depth: null, detail: `served certificate ${broken} cannot be read` });
	sortFaults(faults);

	const places = path.served.filter((place) => place !== null);
	const top = path.certificates.at(-1);
	return {
		reason: faults[0]?.reason ?? null,
		faults,
		trusted: path.anchored && faults.every((fault) => notAboutTrust.has(fault.reason)),
		acceptable: path.anchored && faults.every((fault) => fault.reason === "out_of_order"),
		complete: path.end === "anchor" || path.end === "self_signed",
		inOrder: places.every((place, index) => place === index),
		selfSignedLeaf: leaf.certificate.selfSigned,
		anchor: path.anchored && top !== undefined ? { sha256: top.sha256, subject: top.subject.text } : null,
		path: places,
		unused: options.chain.map((_, index) => index).filter((index) => !places.includes(index)),
		nameMatch: name.match,
		matchedName: name.presented,
		certificates,
	};
}

function withoutLeaf(options: ChainOptions, certificates: CertificateFacts[], message: string | undefined): ChainJudgement {
	const reason: ChainReason = message === undefined ? "no_certificate" : "malformed";
	return {
		reason,
		faults: [{ reason, depth: message === undefined ? null : 0, detail: message ?? "nothing was served" }],
		trusted: false,
		acceptable: false,
		complete: false,
		inOrder: false,
		selfSignedLeaf: false,
		anchor: null,
		path: [],
		unused: options.chain.map((_, index) => index),
		nameMatch: options.hostname === undefined ? null : false,
		matchedName: null,
		certificates,
	};
}

/** The path a careful client would settle on: the one whose worst fault is the least, then the fewest faults, then the shortest. */
function bestPath(paths: readonly ChainPath[], now: Date): { path: ChainPath; faults: ChainFault[] } {
	let best: { path: ChainPath; faults: ChainFault[] } | undefined;
	for (const path of paths) {
		const candidate = { path, faults: pathFaults(path, now) };
		if (best === undefined || isBetter(candidate, best)) best = candidate;
	}
	if (best === undefined) throw new Error("a search always ends in at least one path");
	return best;
}

function isBetter(a: { path: ChainPath; faults: ChainFault[] }, b: { path: ChainPath; faults: ChainFault[] }): boolean {
	if (a.path.anchored !== b.path.anchored) return a.path.anchored;
	const rank = (faults: ChainFault[]) => (faults[0] === undefined ? chainReasons.length : chainReasons.indexOf(faults[0].reason));
	if (rank(a.faults) !== rank(b.faults)) return rank(a.faults) > rank(b.faults);
	if (a.faults.length !== b.faults.length) return a.faults.length < b.faults.length;
	return a.path.certificates.length < b.path.certificates.length;
}

function matchName(leaf: Certificate, hostname: string | undefined): { match: boolean | null; presented: string | null } {
	if (hostname === undefined) return { match: null, presented: null };
	const reference = referenceName(hostname);
	if (reference === undefined) return { match: false, presented: null };
	const found = leaf.extensions.subjectAltNames.find((name) => name.type === "dns" && matchReference(name.value, reference));
	return { match: found !== undefined, presented: found?.value ?? null };
}

function factsOf(certificate: Certificate, now: Date): CertificateFacts {
	const { extensions, notBefore, notAfter } = certificate;
	return {
		ok: true,
		sha256: certificate.sha256,
		subject: certificate.subject.text,
		issuer: certificate.issuer.text,
		notBefore: toRfc3339(notBefore),
		notAfter: toRfc3339(notAfter),
		key: certificate.key,
		signature: certificate.signature,
		ca: extensions.basicConstraints?.ca === true,
		selfSigned: certificate.selfSigned,
		dnsIds: extensions.subjectAltNames.filter((name) => name.type === "dns").map((name) => name.value),
		daysLeft: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
		// notAfter is the last second of the period.
		lifetimeDays: Math.floor((notAfter.getTime() - notBefore.getTime() + 1000) / dayMs),
	};
}

function toRfc3339(date: Date): string {
	return date.toISOString().replace(".000Z", "Z");
}
