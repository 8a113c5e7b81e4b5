import type { ReasonCode } from "../../../model/reasons.ts";
import type { DnsAnswer, DnsRecord, RecordType, Resolver } from "../resolver.ts";
import { normalizeName, recordsOf, txtStrings } from "../resolver.ts";
import type { IpAddress } from "./address.ts";
import { parseIp } from "./address.ts";
import { isSpf } from "./record.ts";

/** One answered question: a value, a positive "none" (a void lookup), or the reason why it could not be told. */
export type Looked<T> =
	| { state: "found"; values: T[]; answer: DnsAnswer }
	| { state: "void"; rcode: "NOERROR" | "NXDOMAIN"; answer: DnsAnswer }
	| { state: "error"; code: ReasonCode; answer: DnsAnswer };

/**
 * Asks one question. A resolver that throws counts as one that could not answer: what a name or a server does must
 * never end an evaluation.
 */
export async function ask(resolver: Resolver, name: string, type: RecordType, signal?: AbortSignal): Promise<DnsAnswer> {
	try {
		return await resolver.resolve(normalizeName(name), type, signal);
	} catch {
		return { status: "error", code: signal?.aborted === true ? "interrupted" : "protocol_error", answers: [] };
	}
}

function classify<T>(answer: DnsAnswer, type: RecordType, read: (record: DnsRecord) => T | undefined): Looked<T> {
	if (answer.status === "error") return { state: "error", code: answer.code ?? "protocol_error", answer };
	if (answer.cnameLoop === true) return { state: "error", code: "cname_loop", answer };
	const values: T[] = [];
	for (const record of recordsOf(answer, type)) {
		const value = read(record);
		// A record that cannot be read is not an absent one.
		if (value === undefined) return { state: "error", code: "malformed", answer };
		values.push(value);
	}
	if (values.length > 0) return { state: "found", values, answer };
	return { state: "void", rcode: answer.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NOERROR", answer };
}

/** Addresses of a name, in a fixed order. */
export function readAddresses(answer: DnsAnswer, family: 4 | 6): Looked<IpAddress> {
	const looked = classify(answer, family === 4 ? "A" : "AAAA", (record) => {
		if (typeof record.data !== "string") return undefined;
		const ip = parseIp(record.data);
		if (ip === undefined) return undefined;
		// An AAAA record may hold a mapped address; for the client it is IPv6 data that can never match.
		return ip.family === family ? ip : family === 6 ? { family: 6 as const, bits: (0xffffn << 32n) | ip.bits } : undefined;
	});
	if (looked.state === "found") looked.values.sort((a, b) => (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0));
	return looked;
}

/** Exchange names by preference, then name; the null MX (RFC 7505) gives an empty name. */
export function readExchanges(answer: DnsAnswer): Looked<{ preference: number; exchange: string }> {
	const looked = classify(answer, "MX", (record) => {
		const data = record.data;
		if (typeof data !== "object" || data === null || !("exchange" in data) || typeof data.exchange !== "string") return undefined;
		const preference = "preference" in data && typeof data.preference === "number" ? data.preference : 0;
		const name = normalizeName(data.exchange);
		return { preference, exchange: name === "." ? "" : name };
	});
	if (looked.state === "found") {
		looked.values.sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : a.exchange > b.exchange ? 1 : 0));
	}
	return looked;
}

/** Reverse names in the order of the answer: "the first ten" (RFC 7208 4.6.4) means that order. */
export function readPointers(answer: DnsAnswer): Looked<string> {
	const looked = classify(answer, "PTR", (record) => (typeof record.data === "string" ? normalizeName(record.data) : undefined));
	if (looked.state === "found") looked.values = [...new Set(looked.values)];
	return looked;
}

/** All TXT records as latin1 text, strings joined. */
export function readTexts(answer: DnsAnswer): Looked<string> {
	return classify(answer, "TXT", (record) => txtStrings({ status: "ok", answers: [record] })[0]);
}

/** The SPF records among the TXT records (RFC 7208 4.5). */
export function spfRecords(texts: readonly string[]): string[] {
	return texts.filter(isSpf);
}
