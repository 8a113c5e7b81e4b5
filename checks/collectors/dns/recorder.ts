import type { Evidence } from "../../../model/evidence.ts";
import { type ReasonCode, reasonCodes } from "../../../model/reasons.ts";
import { type DnsAnswer, isAbsent, normalizeName, type RecordType, type Resolver } from "../../protocols/resolver.ts";
import type { CollectContext } from "../collector.ts";
import { type DnsValues, storeRecord } from "./record-data.ts";

/** Questions for one domain; what would ask more (an SPF tree without end) gets too_large and is thereby not assessed. */
export const maxQuestions = 3000;

/** Kind of the evidence that holds answers of a type. */
export function kindOf(type: RecordType): string {
	return `dns.${type.toLowerCase()}`;
}

/**
 * A resolver that keeps every question asked as one evidence item. The protocol functions walk DNS through it, so that the
 * stored items are exactly those they need to come to the same result again without a network.
 */
export class Recorder implements Resolver {
	/** A question went over the limit: what was collected is not all there is. */
	overflowed = false;
	private readonly context: CollectContext;
	private readonly target: string;
	private readonly asked = new Map<string, Promise<DnsAnswer>>();
	private readonly recorded = new Map<string, Evidence>();

	constructor(context: CollectContext, target: string) {
		this.context = context;
		this.target = target;
	}

	resolve(name: string, type: RecordType): Promise<DnsAnswer> {
		const asked = normalizeName(name);
		const key = `${kindOf(type)} ${asked}`;
		const earlier = this.asked.get(key);
		if (earlier !== undefined) return earlier;
		// An item needs an id; a name that is empty was never a question.
		if (asked === "") return Promise.resolve({ status: "error", code: "malformed", answers: [] });
		if (this.asked.size >= maxQuestions) {
			this.overflowed = true;
			return Promise.resolve({ status: "error", code: "too_large", answers: [] });
		}
		const answer = this.ask(asked, type, key);
		this.asked.set(key, answer);
		return answer;
	}

	/** Every item so far, by kind and id. */
	items(): Evidence[] {
		return [...this.recorded.keys()].sort().map((key) => this.recorded.get(key) as Evidence);
	}

	/**
	 * Whether the answers come from a resolver that denies whatever it is asked, as in a network closed to the outside: then
	 * "no such name" says nothing of the domain. The same denial of every name is the sign; that it meets the top-level domain too,
	 * which is asked now, is the proof. A server that knows the domain tells names that exist from those that do not.
	 */
	async deniesAll(): Promise<boolean> {
		const top = normalizeName(this.target).split(".").at(-1) ?? "";
		const denied = this.items().every(({ status, values }) => status === "absent" && (values as DnsValues).records.length === 0);
		if (!denied || this.recorded.size === 0) return false;
		const above = await this.resolve(top, "NS");
		return isAbsent(above, "NS") && new Set(this.items().map(({ values }) => (values as DnsValues).rcode)).size === 1;
	}

	private async ask(name: string, type: RecordType, key: string): Promise<DnsAnswer> {
		const answer = await this.context.resolver.resolve(name, type, this.context.signal);
		this.recorded.set(key, this.itemOf(name, type, answer));
		return answer;
	}

	private itemOf(name: string, type: RecordType, answer: DnsAnswer): Evidence {
		const call = `${type} ${name}`;
		const base = {
			kind: kindOf(type),
			id: name,
			source: { collector: "dns", version: "1", call, target: this.target },
			collectedAt: this.context.now(),
		};
		if (answer.status === "error") {
			const code: ReasonCode = answer.code ?? "protocol_error";
			const error = { code, message: `${call}: ${reasonCodes[code].meaning}` };
			return { ...base, status: "error", error: answer.rcode === undefined ? error : { ...error, detail: answer.rcode } };
		}
		const values: DnsValues = { rcode: answer.rcode ?? "NOERROR", records: answer.answers.map(storeRecord) };
		if (answer.server !== undefined) values.server = answer.server;
		if (answer.flags !== undefined) values.flags = answer.flags;
		if (answer.cnameLoop === true) values.cnameLoop = true;
		return { ...base, status: isAbsent(answer, type) ? "absent" : "ok", values };
	}
}
