import type { DnsRecord } from "../../protocols/resolver.ts";

/** A record as it stands in evidence: octets as latin1 text (TXT, SPF) or hex (certificates, digests, keys). */
export interface StoredRecord {
	name: string;
	type: string;
	/** Seconds, as first received. */
	ttl: number;
	data: unknown;
}

/** values of a dns.* item in status ok or absent. */
export interface DnsValues {
	rcode: string;
	/** The answer section, CNAMEs included. */
	records: StoredRecord[];
	/** Address and port of the server that answered. */
	server?: string;
	flags?: string[];
	cnameLoop?: true;
}

export function storeRecord(record: DnsRecord): StoredRecord {
	return { name: record.name, type: record.type, ttl: record.ttl, data: storeData(record.type, record.data) };
}

function storeData(type: string, data: unknown): unknown {
	if (type === "TXT" || type === "SPF") return stringsOf(data);
	if (type === "MX") return pick(data, ["preference", "exchange"]);
	if (type === "TLSA") return pick(data, ["usage", "selector", "matchingType", "certificate"]);
	if (type === "CAA") return pick(data, ["flags", "tag", "value"]);
	return toJson(data);
}

/** Strings of one record, unjoined, one code point per octet. */
function stringsOf(data: unknown): string[] {
	const strings = Array.isArray(data) ? (data as unknown[]) : [data];
	return strings.map((part) => {
		if (part instanceof Uint8Array) return Buffer.from(part).toString("latin1");
		return typeof part === "string" ? part : JSON.stringify(toJson(part));
	});
}

function pick(data: unknown, keys: readonly string[]): unknown {
	if (typeof data !== "object" || data === null) return toJson(data);
	const fields = data as Record<string, unknown>;
	return Object.fromEntries(keys.filter((key) => fields[key] !== undefined).map((key) => [key, toJson(fields[key])]));
}

function toJson(value: unknown): unknown {
	if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
	if (Array.isArray(value)) return value.map(toJson);
	if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJson(field)]));
	return value ?? null;
}
