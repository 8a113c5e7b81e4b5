import { type TlsaRecord, tlsaFault } from "../../protocols/dane/index.ts";
import { type DnsAnswer, recordsOf } from "../../protocols/resolver.ts";

export interface TlsaFacts {
	usage: number;
	selector: number;
	matchingType: number;
	/** Hex, as far as a digest reaches: whole certificates are not repeated. */
	data: string;
	/** Why an SMTP client cannot use it; null when it can. */
	fault: string | null;
}

export function tlsaRecords(answer: DnsAnswer): TlsaRecord[] {
	return recordsOf(answer, "TLSA").map((record) => {
		const { usage, selector, matchingType, certificate } = record.data as { usage: number; selector: number; matchingType: number; certificate: Uint8Array };
		return { usage, selector, matchingType, data: certificate };
	});
}

export function tlsaFacts(records: readonly TlsaRecord[]): TlsaFacts[] {
	return records.map((record) => {
		const { usage, selector, matchingType, data } = record;
		return { usage, selector, matchingType, data: Buffer.from(data).subarray(0, 64).toString("hex"), fault: tlsaFault(record) ?? null };
	});
}

/**
 * Whether the key can be changed without a moment in which nothing matches (RFC 7671 8.1): usable records for two keys of the leaf,
 * or for a leaf and an issuer.
 */
export function allowsRollover(records: readonly TlsaFacts[]): boolean {
	const usable = records.filter((record) => record.fault === null);
	const issuer = usable.some((record) => record.usage === 2);
	const leaves = usable.filter((record) => record.usage === 3);
	if (issuer && leaves.length > 0) return true;
	const issuers = usable.filter((record) => record.usage === 2);
	return [leaves, issuers].some((list) => {
		// The same key under another digest or selector is no second key.
		const bySort = Map.groupBy(list, (record) => `${record.selector} ${record.matchingType}`);
		return [...bySort.values()].some((same) => new Set(same.map((record) => record.data)).size > 1);
	});
}
