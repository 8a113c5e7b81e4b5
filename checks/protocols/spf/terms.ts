import type { DnsAnswer, RecordType } from "../resolver.ts";
import { normalizeName, recordsOf } from "../resolver.ts";
import type { IpAddress } from "./address.ts";
import type { SpfUnknown } from "./analysis.ts";
import type { Looked } from "./lookup.ts";
import { readAddresses, readExchanges } from "./lookup.ts";
import { nameProblem } from "./name.ts";
import { networkOf } from "./network.ts";
import type { IpRange } from "./ranges.ts";
import { networkRange } from "./ranges.ts";
import type { SpfMechanism } from "./record.ts";
import type { Questions, WalkNode } from "./tree.ts";
import { inBatches, staticName } from "./tree.ts";

interface VoidLookup {
	name: string;
	type: RecordType;
	rcode: "NOERROR" | "NXDOMAIN";
	/** Family of client whose evaluation asks this; undefined = both. */
	family?: 4 | 6;
}

/** A host name that a term leads to. */
export interface SeenName {
	name: string;
	/** unknown: no answer, or not asked. */
	existence: "exists" | "nxdomain" | "unknown";
	/** For nxdomain: the name that does not exist, behind any CNAME. */
	missing?: string;
}

/** What DNS says about one live a, mx, exists, ip4 or ip6 term. */
export interface TermFacts {
	node: WalkNode;
	mechanism: SpfMechanism;
	/** null: depends on the message. */
	name: string | null;
	ranges4: IpRange[];
	ranges6: IpRange[];
	voids: VoidLookup[];
	unknown: SpfUnknown[];
	/** Number of MX records of an mx term. */
	exchanges: number;
	names: SeenName[];
}

/** Looks at every live term of the given nodes, in order. include and redirect are the walk's; ptr depends on the client. */
export async function lookAtTerms(nodes: readonly WalkNode[], root: string, questions: Questions): Promise<TermFacts[]> {
	const facts: TermFacts[] = [];
	for (const node of nodes) {
		for (const mechanism of node.live) {
			if (mechanism.name === "include" || mechanism.name === "ptr" || mechanism.name === "all") continue;
			facts.push(newFacts(node, mechanism, root));
		}
	}
	await inBatches(
		facts.filter((fact) => fact.name !== null && nameProblem(fact.name) === undefined && fact.mechanism.network === undefined),
		(fact) => lookAt(fact, questions),
	);
	return facts;
}

function newFacts(node: WalkNode, mechanism: SpfMechanism, root: string): TermFacts {
	const facts: TermFacts = { node, mechanism, name: null, ranges4: [], ranges6: [], voids: [], unknown: [], exchanges: 0, names: [] };
	const network = networkOf(mechanism);
	if (network === undefined) {
		facts.name = staticName(mechanism.tokens, node.name, root) ?? null;
		return facts;
	}
	facts.name = "";
	(network.address.family === 4 ? facts.ranges4 : facts.ranges6).push(networkRange(network.address, network.prefix));
	return facts;
}

async function lookAt(facts: TermFacts, questions: Questions): Promise<void> {
	const name = facts.name ?? "";
	switch (facts.mechanism.name) {
		case "a":
			await addAddresses(facts, name, questions);
			return;
		case "exists": {
			const looked = readAddresses(await questions.ask(name, "A"), 4);
			note(facts, name, "A", looked);
			facts.names.push(seen(name, [looked.answer]));
			return;
		}
		case "mx": {
			const looked = readExchanges(await questions.ask(name, "MX"));
			note(facts, name, "MX", looked);
			facts.names.push(seen(name, [looked.answer]));
			if (looked.state !== "found") return;
			facts.exchanges = looked.values.length;
			// More than ten is permerror already; the first ten tell enough.
			for (const exchange of new Set(looked.values.slice(0, 10).map((value) => value.exchange))) {
				if (nameProblem(exchange) === undefined) await addAddresses(facts, exchange, questions);
			}
			return;
		}
	}
}

async function addAddresses(facts: TermFacts, name: string, questions: Questions): Promise<void> {
	const [a, aaaa] = await Promise.all([questions.ask(name, "A"), questions.ask(name, "AAAA")]);
	const four = readAddresses(a, 4);
	const six = readAddresses(aaaa, 6);
	note(facts, name, "A", four, 4);
	note(facts, name, "AAAA", six, 6);
	for (const ip of found(four)) facts.ranges4.push(networkRange(ip, facts.mechanism.prefix4 ?? 32));
	for (const ip of found(six)) facts.ranges6.push(networkRange(ip, facts.mechanism.prefix6 ?? 128));
	facts.names.push(seen(name, [a, aaaa]));
}

function found(looked: Looked<IpAddress>): IpAddress[] {
	return looked.state === "found" ? looked.values : [];
}

function note(facts: TermFacts, name: string, type: RecordType, looked: Looked<unknown>, family?: 4 | 6): void {
	if (looked.state === "error") facts.unknown.push({ code: looked.code, name, type });
	if (looked.state === "void") facts.voids.push({ name, type, rcode: looked.rcode, ...(family === undefined ? {} : { family }) });
}

/** Does the name exist? One positive answer settles it either way: NXDOMAIN holds for all types (RFC 8020). */
export function seen(name: string, answers: readonly DnsAnswer[]): SeenName {
	for (const answer of answers) {
		if (answer.status !== "ok") continue;
		if (answer.rcode !== "NXDOMAIN") return { name, existence: "exists" };
		const aliases = recordsOf(answer, "CNAME");
		const last = aliases[aliases.length - 1]?.data;
		return { name, existence: "nxdomain", missing: typeof last === "string" ? normalizeName(last) : name };
	}
	return { name, existence: "unknown" };
}
