import type { ReasonCode } from "../../../model/reasons.ts";
import type { DnsAnswer, DnsRecord, Rcode, RecordType, Resolver } from "../resolver.ts";
import { normalizeName } from "../resolver.ts";

/** A fault instead of records. It stands for a whole name, or for one type at a name. */
export type ZoneFault = "SERVFAIL" | "TIMEOUT" | "REFUSED" | "FORMERR" | "NOTIMP" | "TRUNCATED" | "MALFORMED" | "NXDOMAIN";

/**
 * Records of one name, by type. Values are arrays; a lone string that is not a fault word is one record.
 * - A, AAAA, CNAME, NS, PTR: strings.
 * - MX: `[preference, exchange]` or `{preference, exchange}`.
 * - TXT, SPF: a string is a record of one string, an array of strings (or Buffers) is one record of several strings.
 *   Code points up to 255 are octets (latin1); a string with any above 255 is encoded as UTF-8.
 * - TLSA: `{usage, selector, matchingType, certificate}` with hex or bytes. Other types: handed through as they are.
 */
export type ZoneRecords = Partial<Record<RecordType, ZoneFault | string | readonly unknown[]>>;

/** A plain, JSON-able zone: absolute names in any case, with or without the trailing dot. */
export type Zone = Readonly<Record<string, ZoneFault | ZoneRecords>>;

export interface ZoneResolver extends Resolver {
	/** Every question so far, "TYPE name", in order. */
	readonly asked: string[];
}

const faults: Readonly<Record<Exclude<ZoneFault, "NXDOMAIN">, { rcode?: Rcode; code: ReasonCode }>> = {
	SERVFAIL: { rcode: "SERVFAIL", code: "servfail" },
	TIMEOUT: { code: "timeout" },
	REFUSED: { rcode: "REFUSED", code: "refused" },
	FORMERR: { rcode: "FORMERR", code: "protocol_error" },
	NOTIMP: { rcode: "NOTIMP", code: "protocol_error" },
	TRUNCATED: { code: "truncated" },
	MALFORMED: { code: "malformed" },
};

const ttl = 300;
const server = "192.0.2.53:53";

/**
 * A resolver over a plain object, for tests, policy cases and examples:
 *
 *     zoneResolver({
 *       "example.org": { TXT: ["v=spf1 mx -all"], MX: [[10, "mx.example.org"]] },
 *       "mx.example.org": { A: ["192.0.2.1"], AAAA: "TIMEOUT" },
 *       "bad.example": "SERVFAIL",
 *     })
 *
 * Names not listed are NXDOMAIN; names listed without the type, or that only have children, are NODATA (RFC 8020).
 * Wildcards ("*.example.org") answer for names below their closest encloser that do not exist (RFC 4592).
 * CNAMEs are followed; a loop gives status "ok" with cnameLoop. An aborted signal gives the error "interrupted".
 */
export function zoneResolver(zone: Zone): ZoneResolver {
	const nodes = new Map<string, ZoneFault | ZoneRecords>();
	const existing = new Set<string>([""]);
	for (const [key, node] of Object.entries(zone)) {
		const name = zoneName(key);
		nodes.set(name, node);
		if (node === "NXDOMAIN") continue;
		for (let at = name; at !== ""; at = parentOf(at)) existing.add(at);
	}
	const asked: string[] = [];

	function nodeOf(name: string): ZoneFault | ZoneRecords {
		const listed = nodes.get(name);
		if (listed !== undefined) return listed === "NXDOMAIN" && existing.has(name) ? {} : listed;
		if (existing.has(name)) return {};
		let encloser = parentOf(name);
		while (!existing.has(encloser)) encloser = parentOf(encloser);
		return nodes.get(encloser === "" ? "*" : `*.${encloser}`) ?? "NXDOMAIN";
	}

	async function resolve(name: string, type: RecordType, signal?: AbortSignal): Promise<DnsAnswer> {
		asked.push(`${type} ${name}`);
		if (signal?.aborted === true) return { status: "error", code: "interrupted", answers: [] };
		const answers: DnsRecord[] = [];
		const seen = new Set<string>();
		let at = zoneName(name);
		for (;;) {
			if (seen.has(at)) return { status: "ok", rcode: "NOERROR", cnameLoop: true, answers, server, flags: ["AA"] };
			seen.add(at);
			const node = nodeOf(at);
			if (node === "NXDOMAIN") return { status: "ok", rcode: "NXDOMAIN", answers, server, flags: ["AA"] };
			const values = typeof node === "string" ? node : node[type];
			const fault = faultOf(values);
			if (fault === "NXDOMAIN") return { status: "ok", rcode: "NXDOMAIN", answers, server, flags: ["AA"] };
			if (fault !== undefined) return { status: "error", ...faults[fault], answers: [] };
			const target = typeof node === "string" || type === "CNAME" ? undefined : firstOf(node.CNAME);
			if (values === undefined && target !== undefined) {
				answers.push({ name: at, type: "CNAME", ttl, data: target });
				at = zoneName(target);
				continue;
			}
			const list = values === undefined ? [] : typeof values === "string" ? [values] : values;
			for (const value of list) answers.push({ name: at, type, ttl, data: dataOf(type, value) });
			return { status: "ok", rcode: "NOERROR", answers, server, flags: ["AA"] };
		}
	}

	return { asked, resolve };
}

function zoneName(name: string): string {
	const normal = normalizeName(name);
	return normal === "." ? "" : normal;
}

function parentOf(name: string): string {
	const dot = name.indexOf(".");
	return dot === -1 ? "" : name.slice(dot + 1);
}

function faultOf(value: unknown): ZoneFault | undefined {
	if (value === "NXDOMAIN") return value;
	return typeof value === "string" && Object.hasOwn(faults, value) ? (value as ZoneFault) : undefined;
}

function firstOf(value: ZoneFault | string | readonly unknown[] | undefined): string | undefined {
	const first = typeof value === "string" ? value : value?.[0];
	return typeof first === "string" ? first : undefined;
}

function dataOf(type: RecordType, value: unknown): unknown {
	if (type === "TXT" || type === "SPF") return (Array.isArray(value) ? value : [value]).map(octetsOf);
	if (type === "MX" && Array.isArray(value)) return { preference: value[0] as unknown, exchange: value[1] as unknown };
	if (type === "TLSA" && typeof value === "object" && value !== null && "certificate" in value && typeof value.certificate === "string") {
		return { ...value, certificate: Buffer.from(value.certificate, "hex") };
	}
	return value;
}

function octetsOf(value: unknown): Buffer {
	if (value instanceof Uint8Array) return Buffer.from(value);
	if (typeof value !== "string") throw new TypeError(`a TXT string must be a string or bytes, got ${typeof value}`);
	for (const char of value) if ((char.codePointAt(0) ?? 0) > 255) return Buffer.from(value, "utf8");
	return Buffer.from(value, "latin1");
}
