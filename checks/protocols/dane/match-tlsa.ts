import { createHash } from "node:crypto";
import { type Certificate, type ChainReason, isPublicKeyInfo, judgeChain, matchDnsId, parseCertificate, publicKeyInfo } from "../certificate/index.ts";

export interface TlsaRecord {
	usage: number;
	selector: number;
	matchingType: number;
	/** Certificate association data. */
	data: Uint8Array;
}

export interface MatchTlsaOptions {
	records: readonly TlsaRecord[];
	/** DER as served, leaf first. */
	chain: readonly Uint8Array[];
	/** The TLSA base domain: the MX host. */
	hostname: string;
	/** Further names that a leaf may bear under usage 2: behind a secure MX the mail domain itself and the host before its aliases (RFC 7672 3.2.2). */
	otherNames?: readonly string[] | undefined;
	/** false leaves the name out under usage 2. Usage 3 never looks at it. @default true */
	nameChecks?: boolean | undefined;
	/** Taken for completeness: they matter to usages 0 and 1 alone, which SMTP does not use (RFC 7672 3.1.3). */
	roots?: readonly Uint8Array[] | undefined;
	/** The clock for usage 2; usage 3 has none. The machine's when left out. */
	now?: Date | undefined;
}

/** Why a record cannot be used: closed, stable words. */
export type TlsaUnusable = "pkix_usage" | "unknown_usage" | "unknown_selector" | "unknown_matching_type" | "wrong_length" | "malformed_data";

/** Why nothing matches or is usable. no_match: no certificate has the data. The others: a trust anchor matches, but its path fails. */
export type TlsaReason = "no_records" | TlsaUnusable | "no_certificate" | "no_match" | "not_the_issuer" | ChainReason;

export interface TlsaMatch {
	verdict: "match" | "mismatch" | "unusable";
	/** Place in the path of the certificate that matched, 0 is the leaf. */
	depth?: number;
	/** Index into `records` of the one that matched. */
	record?: number;
	reason?: TlsaReason;
}

const digestLengths: Record<number, number> = { 1: 32, 2: 64 };

/** Why a TLSA record is of no use to an SMTP client, or undefined when it is usable (RFC 7671 4, RFC 7672 3.1). */
export function tlsaFault(record: TlsaRecord): TlsaUnusable | undefined {
	const { usage, selector, matchingType, data } = record;
	if (usage === 0 || usage === 1) return "pkix_usage";
	if (usage !== 2 && usage !== 3) return "unknown_usage";
	if (selector !== 0 && selector !== 1) return "unknown_selector";
	if (matchingType !== 0 && matchingType !== 1 && matchingType !== 2) return "unknown_matching_type";
	if (matchingType !== 0) return data.length === digestLengths[matchingType] ? undefined : "wrong_length";
	// RFC 7671 4.1: full data that is no certificate or key is as good as no record.
	return isReadable(selector, data) ? undefined : "malformed_data";
}

/**
 * Matches TLSA records with a served chain as a DANE client for SMTP does (RFC 7671 5, RFC 7672 3). Usage 3: the leaf alone,
 * neither name nor dates. Usage 2: a certificate above the leaf that was served, from which signatures, dates and CA flags
 * lead down to a leaf that names the host; "2 0 0" and "2 1 0" hold the anchor themselves, so that it need not be served
 * (RFC 7671 5.2.2, 5.2.3). Of the digests under one usage and selector only the strongest counts (RFC 7671 9). Never throws
 * for what DNS or the server sent.
 */
export function matchTlsa(options: MatchTlsaOptions): TlsaMatch {
	const { records, chain } = options;
	if (records.length === 0) return { verdict: "unusable", reason: "no_records" };
	const usable: number[] = [];
	let firstFault: TlsaUnusable | undefined;
	for (const [index, record] of records.entries()) {
		const fault = tlsaFault(record);
		if (fault === undefined) usable.push(index);
		else firstFault ??= fault;
	}
	if (usable.length === 0) return { verdict: "unusable", reason: firstFault ?? "no_records" };
	const [leaf] = chain;
	if (leaf === undefined) return { verdict: "mismatch", reason: "no_certificate" };

	const served = chain.slice(0, maxServed).map((der) => new Association(der));
	const paths = new Map<number, PathResult>();
	let unservedLeft = maxUnserved;
	let failure: TlsaReason = "no_match";
	for (const index of usable) {
		const record = records[index];
		if (record === undefined || isOutweighed(record, records, usable)) continue;
		if (record.usage === 3) {
			if (served[0]?.matches(record) === true) return { verdict: "match", depth: 0, record: index };
			continue;
		}
		const places = served.flatMap((certificate, place) => (place > 0 && certificate.matches(record) ? [place] : []));
		const found: PathResult[] = [];
		for (const place of places) {
			const path = paths.get(place) ?? pathTo(chain[place] ?? leaf, options);
			paths.set(place, path);
			found.push(path);
		}
		if (places.length === 0 && record.matchingType === 0 && unservedLeft > 0) {
			unservedLeft -= 1;
			found.push(record.selector === 0 ? pathTo(record.data, options) : pathBelowKey(record.data, options));
		}
		for (const path of found) {
			if (path.ok) return { verdict: "match", depth: path.depth, record: index };
			if (failure === "no_match" || failure === "not_the_issuer") failure = path.reason;
		}
	}
	return { verdict: "mismatch", reason: failure };
}

/** As many as judgeChain looks at. */
const maxServed = 32;
/** Anchors that DNS alone gives: each costs a search of its own, and records come from strangers. */
const maxUnserved = 8;

/** RFC 7671 9: a weaker digest is passed over when a stronger one stands under the same usage and selector. */
function isOutweighed(record: TlsaRecord, records: readonly TlsaRecord[], usable: readonly number[]): boolean {
	if (record.matchingType !== 1) return false;
	return usable.some((index) => {
		const other = records[index];
		return other?.usage === record.usage && other.selector === record.selector && other.matchingType === 2;
	});
}

type PathResult = { ok: true; depth: number } | { ok: false; reason: TlsaReason };

/** Whether the leaf hangs below this anchor. Strength of keys and order are no part of DANE's own rules. */
function pathTo(anchor: Uint8Array, options: MatchTlsaOptions): PathResult {
	const judged = judgeChain({ chain: options.chain, roots: [anchor], now: options.now ?? new Date() });
	if (judged.anchor === null) {
		const [reason] = judged.faults.map((fault) => fault.reason).filter((candidate) => candidate === "malformed" || candidate === "bad_signature");
		return { ok: false, reason: reason ?? "not_the_issuer" };
	}
	const fault = judged.faults.find(({ reason }) => !notOfDane.has(reason));
	if (fault !== undefined) return { ok: false, reason: fault.reason };
	const top = options.chain[judged.path.at(-1) ?? 0];
	return named(options, judged.path.length - (top !== undefined && Buffer.compare(top, anchor) === 0 ? 1 : 0));
}

/** Whether the topmost served certificate is signed by this key (RFC 7671 5.2.3): the anchor has no name of its own then. */
function pathBelowKey(spki: Uint8Array, options: MatchTlsaOptions): PathResult {
	const judged = judgeChain({ chain: options.chain, roots: [], now: options.now ?? new Date() });
	const top = readCertificate(options.chain[judged.path.at(-1) ?? 0]);
	if (top === undefined || !judged.faults.some(({ reason }) => reason === "incomplete") || !top.isSignedBy({ spki })) return { ok: false, reason: "no_match" };
	const fault = judged.faults.find(({ reason }) => reason !== "incomplete" && !notOfDane.has(reason));
	return fault === undefined ? named(options, judged.path.length) : { ok: false, reason: fault.reason };
}

const notOfDane: ReadonlySet<ChainReason> = new Set(["out_of_order", "weak_key", "weak_signature"]);

/** RFC 7672 3.2.3: any DNS-ID of the leaf; its common names only where it has no DNS-ID at all. */
function named(options: MatchTlsaOptions, depth: number): PathResult {
	if (options.nameChecks === false) return { ok: true, depth };
	const leaf = readCertificate(options.chain[0]);
	const dnsIds = (leaf?.extensions.subjectAltNames ?? []).flatMap((name) => (name.type === "dns" ? [name.value] : []));
	const presented = dnsIds.length > 0 ? dnsIds : (leaf?.subject.commonNames ?? []);
	const matches = [options.hostname, ...(options.otherNames ?? [])].some((host) => presented.some((name) => matchDnsId(name, host)));
	return matches ? { ok: true, depth } : { ok: false, reason: "wrong_name" };
}

function readCertificate(der: Uint8Array | undefined): Certificate | undefined {
	const parsed = der === undefined ? undefined : parseCertificate(der);
	return parsed?.ok === true ? parsed.certificate : undefined;
}

/** What a certificate gives to compare; each form is made once, however many records ask for it. */
class Association {
	readonly #der: Uint8Array;
	readonly #forms = new Map<string, Buffer | undefined>();

	constructor(der: Uint8Array) {
		this.#der = der;
	}

	matches(record: TlsaRecord): boolean {
		const form = this.#form(record.selector, record.matchingType);
		return form?.equals(record.data) === true;
	}

	#form(selector: number, matchingType: number): Buffer | undefined {
		const key = `${selector} ${matchingType}`;
		if (this.#forms.has(key)) return this.#forms.get(key);
		const selected = selector === 0 ? this.#der : publicKeyInfo(this.#der);
		const form = selected === undefined ? undefined : matchingType === 0 ? Buffer.from(selected) : digest(matchingType === 1 ? "sha256" : "sha512", selected);
		this.#forms.set(key, form);
		return form;
	}
}

function digest(algorithm: string, octets: Uint8Array): Buffer {
	return createHash(algorithm).update(octets).digest();
}

function isReadable(selector: number, data: Uint8Array): boolean {
	return selector === 0 ? parseCertificate(data).ok : isPublicKeyInfo(data);
}
