import type { Evidence } from "../../../model/evidence.ts";
import { type DnsAnswer, normalizeName, type RecordType, type Resolver } from "../../protocols/resolver.ts";
import type { CollectContext } from "../collector.ts";
import { dnssecKind, storeAnswer } from "./schema.ts";

/** Questions for one domain, those shared with others included. */
export const maxQuestions = 800;

/** A resolver that keeps every question of a validation as one item, so that the validation comes out the same from the items alone. */
export class DnssecRecorder implements Resolver {
	/** A question went over the limit: what was collected is not all there is. */
	overflowed = false;
	private readonly resolver: Resolver;
	private readonly context: CollectContext;
	private readonly target: string;
	private readonly asked = new Map<string, Promise<DnsAnswer>>();
	private readonly recorded = new Map<string, Evidence>();

	constructor(resolver: Resolver, context: CollectContext, target: string) {
		this.resolver = resolver;
		this.context = context;
		this.target = target;
	}

	resolve(name: string, type: RecordType): Promise<DnsAnswer> {
		const id = normalizeName(name);
		const key = `${dnssecKind(type)} ${id}`;
		const earlier = this.asked.get(key);
		if (earlier !== undefined) return earlier;
		if (this.asked.size >= maxQuestions) {
			this.overflowed = true;
			return Promise.resolve({ status: "error", code: "too_large", answers: [] });
		}
		const answer = this.ask(id, type, key);
		this.asked.set(key, answer);
		return answer;
	}

	/** Every item so far, by kind and id. */
	items(): Evidence[] {
		return [...this.recorded.keys()].sort().map((key) => this.recorded.get(key) as Evidence);
	}

	private async ask(id: string, type: RecordType, key: string): Promise<DnsAnswer> {
		const answer = await this.resolver.resolve(id, type, this.context.signal);
		const source = { collector: "dnssec", version: "1", call: `${type} ${id} with signatures`, target: this.target };
		this.recorded.set(key, { kind: dnssecKind(type), id, ...storeAnswer(answer, type), source, collectedAt: this.context.now() });
		return answer;
	}
}
