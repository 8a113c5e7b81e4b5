import type { Evidence } from "../../model/evidence.ts";
import { type DnsAnswer, type DnsRecord, normalizeName, type Rcode, type RecordType, type Resolver } from "../protocols/resolver.ts";
import type { DerivationView } from "./derivation.ts";

interface DnsValues {
	rcode: Rcode;
	records: { name: string; type: string; ttl: number; data: unknown }[];
	server?: string;
	flags?: string[];
	cnameLoop?: boolean;
}

/**
 * A resolver over stored dns.* evidence: protocol functions give offline what they gave when the answers were collected.
 * A question that was never asked is an error (not_collected), so that nothing rests on silence.
 */
export interface ReplayResolver extends Resolver {
	/** The items that were read, in order of first use: what the outcome rests on. */
	readonly used: Evidence[];
	/** Notes items that were read elsewhere for the same outcome. */
	restOn(items: readonly Evidence[]): void;
}

/** Stored answers are turned into resolver answers once; they are read-only to all. */
const answers = new WeakMap<Evidence, DnsAnswer>();

export function replayResolver(view: DerivationView): ReplayResolver {
	const used = new Set<Evidence>();
	return {
		get used() {
			return [...used];
		},
		resolve(name, type) {
			const item = view.item(`dns.${type.toLowerCase()}`, normalizeName(name));
			if (item === undefined) return Promise.resolve({ status: "error", code: "not_collected", answers: [] });
			used.add(item);
			let answer = answers.get(item);
			if (answer === undefined) {
				answer = answerOf(item, type);
				answers.set(item, answer);
			}
			return Promise.resolve(answer);
		},
		restOn(items) {
			for (const item of items) used.add(item);
		},
	};
}

function answerOf(item: Evidence, type: RecordType): DnsAnswer {
	if (item.status === "error") return { status: "error", code: item.error?.code ?? "malformed", answers: [] };
	const values = item.values as DnsValues;
	const answer: DnsAnswer = { status: "ok", rcode: values.rcode, answers: values.records.map((record) => recordOf(record)) };
	if (values.cnameLoop === true) answer.cnameLoop = true;
	if (values.server !== undefined) answer.server = values.server;
	if (values.flags !== undefined) answer.flags = values.flags;
	if (item.status === "absent") answer.answers = answer.answers.filter((record) => record.type !== type);
	return answer;
}

/** Evidence is JSON: octets stand as latin1 text (TXT) or hex (TLSA). */
function recordOf({ name, type, ttl, data }: DnsValues["records"][number]): DnsRecord {
	if (type === "TXT" || type === "SPF") return { name, type, ttl, data: (data as string[]).map((text) => Buffer.from(text, "latin1")) };
	if (type === "TLSA") {
		const tlsa = data as { usage: number; selector: number; matchingType: number; certificate: string };
		return { name, type, ttl, data: { ...tlsa, certificate: Buffer.from(tlsa.certificate, "hex") } };
	}
	return { name, type, ttl, data };
}
