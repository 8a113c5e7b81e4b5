import { type DnsAnswer, type DnsRecord, normalizeName, type RecordType } from "../protocols/resolver.ts";

/** What one message said about one question, and the alias that is left to follow. */
export interface Hop {
	answer: DnsAnswer;
	/** Target of the last CNAME when the message neither followed it nor said that there is nothing. */
	next: string | undefined;
}

/** Either in flight (promise) or known (hop, until expiresAt). */
export interface CacheEntry {
	promise: Promise<Hop> | undefined;
	hop: Hop | undefined;
	/** On the resolver's clock, ms. */
	expiresAt: number;
}

/** Failures are kept so long, so that a broken zone is not asked again by every check (RFC 9520 3.2). */
const failureMs = 5_000;
/** Negative answers without SOA say nothing about how long they hold (RFC 2308 5). */
const noSoaMs = 5_000;
/** RFC 2308 5 and RFC 8767 4. */
const maxNegativeSeconds = 3 * 3600;
const maxSeconds = 7 * 86_400;

/** Answers by type and name until their TTL ends; those unused for longest go first when there are too many. */
export class DnsCache {
	private readonly byType = new Map<RecordType, Map<string, CacheEntry>>();
	private readonly maxPerType: number;

	// Names of one domain are asked close together, those that domains share again and again; more only costs memory when a list is scanned.
	constructor(maxPerType = 1_000) {
		this.maxPerType = maxPerType;
	}

	get(name: string, type: RecordType): CacheEntry | undefined {
		const names = this.byType.get(type);
		const entry = names?.get(name);
		if (names === undefined || entry === undefined) return undefined;
		// A map keeps the order of insertion: what was used last stands last.
		names.delete(name);
		names.set(name, entry);
		return entry;
	}

	set(name: string, type: RecordType, entry: CacheEntry): void {
		let names = this.byType.get(type);
		if (names === undefined) {
			names = new Map();
			this.byType.set(type, names);
		}
		if (names.size >= this.maxPerType) {
			for (const oldest of names.keys()) {
				names.delete(oldest);
				break;
			}
		}
		names.set(name, entry);
	}

	clear(): void {
		this.byType.clear();
	}
}

/** How long an answer may be used again, ms. 0 for what the run's end cut off. */
export function lifetimeMs(answer: DnsAnswer, type: RecordType): number {
	if (answer.status === "error") return answer.code === "interrupted" ? 0 : failureMs;
	let seconds = maxSeconds;
	let negative = true;
	for (const record of answer.answers) {
		if (record.ttl < seconds) seconds = record.ttl;
		if (record.type === type) negative = false;
	}
	if (!negative) return seconds * 1000;
	// RFC 2308 3 and 5: the lesser of the SOA's own TTL and its minimum.
	const soa = answer.authorities?.find((record) => record.type === "SOA");
	if (soa === undefined) return Math.min(seconds * 1000, noSoaMs);
	const { minimum } = soa.data as { minimum: number };
	return Math.min(seconds, soa.ttl, minimum, maxNegativeSeconds) * 1000;
}

/** Aliases followed in a row; longer chains count as loops. */
export const maxAliases = 16;

/**
 * Reads one message: keeps the records that belong to the asked name and the aliases it leads through, finds where the
 * chain ends, and whether it runs in a circle.
 */
export function readHop(name: string, type: RecordType, answer: DnsAnswer): Hop {
	if (answer.status === "error" || isPlain(name, answer.answers)) return { answer, next: undefined };
	const visited = new Set([name]);
	let at = name;
	let loop = false;
	if (type !== "CNAME") {
		for (let target = aliasOf(at, answer.answers); target !== undefined; target = aliasOf(at, answer.answers)) {
			at = target;
			if (visited.has(target) || visited.size > maxAliases) {
				loop = true;
				break;
			}
			visited.add(target);
		}
	}
	const answers = answer.answers.filter((record) => visited.has(record.name) || (isRedirection(record) && coversAny(record.name, visited)));
	const kept = answers.length === answer.answers.length ? answer : { ...answer, answers };
	if (loop) return { answer: { ...kept, cnameLoop: true }, next: undefined };
	const followed = at === name || answers.some((record) => record.type === type && record.name === at) || saysNothingThere(at, answer);
	return { answer: kept, next: followed ? undefined : at };
}

/** No alias and nothing foreign: almost every answer. */
function isPlain(name: string, records: readonly DnsRecord[]): boolean {
	for (const record of records) if (record.type === "CNAME" || record.name !== name) return false;
	return true;
}

function aliasOf(name: string, records: readonly DnsRecord[]): string | undefined {
	for (const record of records) if (record.type === "CNAME" && record.name === name) return normalizeName(record.data as string);
	return undefined;
}

/** A DNAME or the signature over one: they stand at a name above the one that was asked (RFC 6672 2.2, 5.3.1). */
function isRedirection({ type, data }: DnsRecord): boolean {
	return type === "DNAME" || (type === "RRSIG" && (data as { typeCovered?: unknown }).typeCovered === "DNAME");
}

function coversAny(owner: string, names: ReadonlySet<string>): boolean {
	for (const name of names) if (owner === "." || name.endsWith(`.${owner}`)) return true;
	return false;
}

/** NXDOMAIN speaks of the last name of the chain (RFC 6604 3); an SOA above that name shows that the server looked there. */
function saysNothingThere(name: string, answer: DnsAnswer): boolean {
	const soa = answer.authorities?.find((record) => record.type === "SOA");
	if (soa === undefined) return false;
	return soa.name === "." || soa.name === name || name.endsWith(`.${soa.name}`);
}
