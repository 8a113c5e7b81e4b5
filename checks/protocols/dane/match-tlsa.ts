import { createHash } from "node:crypto";
import { type ChainReason, isPublicKeyInfo, judgeChain, parseCertificate, publicKeyInfo } from "../certificate/index.ts";

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
 * lead down to a leaf that names the host. Of the digests under one usage and selector only the strongest counts
 * (RFC 7671 9). Never throws for what DNS or the server sent.
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
	let failure: TlsaReason = "no_match";
	for (const index of usable) {
		const record = records[index];
		if (record === undefined || isOutweighed(record, records, usable)) continue;
		if (record.usage === 3) {
			if (served[0]?.matches(record) === true) return { verdict: "match", depth: 0, record: index };
			continue;
		}
		for (const [place, certificate] of served.entries()) {
			if (place === 0 || !certificate.matches(record)) continue;
			let path = paths.get(place);
			if (path === undefined) {
				path = pathTo(chain[place] ?? leaf, options);
				paths.set(place, path);
			}
			if (path.ok) return { verdict: "match", depth: path.depth, record: index };
			if (failure === "no_match" || failure === "not_the_issuer") failure = path.reason;
		}
	}
	return { verdict: "mismatch", reason: failure };
}

/** As many as judgeChain looks at. */
const maxServed = 32;

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
	const judged = judgeChain({
		chain: options.chain,
		hostname: options.nameChecks === false ? undefined : options.hostname,
		roots: [anchor],
		now: options.now ?? new Date(),
	});
	if (judged.anchor === null) {
		const [reason] = judged.faults.map((fault) => fault.reason).filter((candidate) => candidate === "malformed" || candidate === "bad_signature");
		return { ok: false, reason: reason ?? "not_the_issuer" };
	}
	const fault = judged.faults.find(({ reason }) => reason !== "out_of_order" && reason !== "weak_key" && reason !== "weak_signature");
	if (fault !== undefined) return { ok: false, reason: fault.reason };
	return { ok: true, depth: judged.path.length - 1 };
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
