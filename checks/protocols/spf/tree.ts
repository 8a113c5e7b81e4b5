import type { ReasonCode } from "../../../model/reasons.ts";
import type { DnsAnswer, RecordType, Resolver } from "../resolver.ts";
import { normalizeName } from "../resolver.ts";
import type { SpfNodeState, SpfTermRef } from "./analysis.ts";
import { expandDomain } from "./expand.ts";
import { ask, readTexts, spfRecords } from "./lookup.ts";
import type { MacroToken } from "./macro.ts";
import { domainProblem } from "./name.ts";
import type { SpfMechanism, SpfModifier, SpfRecord, SpfSyntaxError } from "./record.ts";
import { scanSpf } from "./record.ts";

/** Far above what any receiver evaluates (ten lookups), low enough that a hostile tree stays cheap. */
export const bounds = { nodes: 200, depth: 20, terms: 20_000, questions: 600, atOnce: 16 } as const;

/** Asks each question once, counts them, and stops asking at the bound. */
export class Questions {
	readonly #resolver: Resolver;
	readonly #answers = new Map<string, Promise<DnsAnswer>>();
	#asked = 0;
	capped = false;

	constructor(resolver: Resolver) {
		this.#resolver = resolver;
	}

	/** Reserving is synchronous, so which questions fall to the bound does not depend on timing. */
	ask(name: string, type: RecordType): Promise<DnsAnswer> {
		const key = `${type} ${normalizeName(name)}`;
		const known = this.#answers.get(key);
		if (known !== undefined) return known;
		if (this.#asked >= bounds.questions) {
			this.capped = true;
			return Promise.resolve({ status: "error", code: "too_large", answers: [] });
		}
		this.#asked += 1;
		const answer = ask(this.#resolver, name, type);
		this.#answers.set(key, answer);
		return answer;
	}
}

/** Works through a list in order, a fixed number at once. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (let at = 0; at < items.length; at += bounds.atOnce) {
		results.push(...(await Promise.all(items.slice(at, at + bounds.atOnce).map(work))));
	}
	return results;
}

/** A node while it is worked on; the public form is SpfNode. */
export interface WalkNode {
	name: string;
	via: "root" | "include" | "redirect";
	/** The term that leads here and where it stands; undefined at the root. */
	from: { node: WalkNode; term: SpfMechanism | SpfModifier } | undefined;
	depth: number;
	state: SpfNodeState;
	code: ReasonCode | null;
	text: string | null;
	record: SpfRecord | undefined;
	errors: SpfSyntaxError[];
	/** Terms that an evaluation can reach: mechanisms up to the first all, and redirect when there is no all. */
	live: SpfMechanism[];
	liveRedirect: SpfModifier | undefined;
	/** By term, in order. */
	children: Map<SpfMechanism | SpfModifier, WalkNode>;
	rcode: "NOERROR" | "NXDOMAIN" | undefined;
	answer: DnsAnswer | undefined;
}

/**
 * The name a term asks about: undefined when it depends on the message. %{d} is the current domain and %{o} the sender's,
 * which for mail of the domain is the domain itself; all other letters differ by message (7.2).
 */
export function staticName(tokens: readonly MacroToken[] | undefined, domain: string, root: string): string | undefined {
	if (tokens === undefined) return domain;
	for (const token of tokens) if (token.kind === "macro" && token.letter !== "d" && token.letter !== "o") return undefined;
	return normalizeName(expandDomain(tokens, { ip: { family: 4, bits: 0n }, localPart: "", senderDomain: root, domain, helo: "", receiver: "", timestamp: 0 }));
}

/** The fixed end of a name built by macros, without a leading dot: what registrable domain and vendor can be read from. */
export function fixedSuffix(tokens: readonly MacroToken[], domain: string, root: string): string {
	let from = tokens.length;
	while (from > 0) {
		const token = tokens[from - 1];
		if (token?.kind === "macro" && token.letter !== "d" && token.letter !== "o") break;
		from -= 1;
	}
	const tail = staticName(tokens.slice(from), domain, root) ?? "";
	if (from === 0) return tail;
	// The first label may be glued to the macro before it.
	const dot = tail.indexOf(".");
	return dot === -1 ? "" : tail.slice(dot + 1);
}

export function refOf(node: WalkNode, term: { text: string; position: number }): SpfTermRef {
	return { term: term.text, position: term.position, at: node.name, own: node.depth === 0 };
}

/** Walks include and redirect breadth first, level by level, so that order and bounds do not depend on the answers' timing. */
export async function walk(domain: string, questions: Questions): Promise<{ root: WalkNode; all: WalkNode[] }> {
	const root = newNode(domain, "root", undefined, 0);
	const all: WalkNode[] = [root];
	let level = [root];
	let expanded = 0;
	let terms = 0;
	while (level.length > 0) {
		const asked: WalkNode[] = [];
		for (const node of level) {
			if (node.state !== "unknown" || node.code !== null) continue;
			if (expanded >= bounds.nodes || node.depth > bounds.depth) {
				node.code = "too_large";
				questions.capped = true;
				continue;
			}
			expanded += 1;
			asked.push(node);
		}
		await inBatches(asked, async (node) => {
			node.answer = await questions.ask(node.name, "TXT");
		});
		const next: WalkNode[] = [];
		for (const node of asked) {
			terms += read(node, terms);
			if (node.code === "too_large") questions.capped = true;
			if (node.state === "valid") next.push(...branch(node, domain, all.length + next.length));
		}
		all.push(...next);
		level = next;
	}
	return { root, all };
}

function newNode(name: string, via: WalkNode["via"], from: WalkNode["from"], depth: number): WalkNode {
	const bad = domainProblem(name) !== undefined;
	return {
		name,
		via,
		from,
		depth,
		state: bad ? "malformed_name" : "unknown",
		code: null,
		text: null,
		record: undefined,
		errors: [],
		live: [],
		liveRedirect: undefined,
		children: new Map(),
		rcode: undefined,
		answer: undefined,
	};
}

/** Reads the node's answer; gives the number of terms it cost. */
function read(node: WalkNode, termsSoFar: number): number {
	if (node.answer === undefined) return 0;
	const looked = readTexts(node.answer);
	if (looked.state === "error") {
		node.code = looked.code;
		return 0;
	}
	if (looked.state === "void") node.rcode = looked.rcode;
	const records = looked.state === "found" ? spfRecords(looked.values) : [];
	const [text] = records;
	if (text === undefined) {
		node.state = "none";
		return 0;
	}
	node.text = text;
	if (records.length > 1) {
		node.state = "several";
		return 0;
	}
	if (node.depth > 0 && termsSoFar > bounds.terms) {
		node.code = "too_large";
		return 0;
	}
	const { record, errors } = scanSpf(text);
	node.errors = errors;
	node.record = record;
	node.state = errors.length > 0 ? "invalid" : "valid";
	const all = record.mechanisms.findIndex((mechanism) => mechanism.name === "all");
	node.live = all === -1 ? record.mechanisms : record.mechanisms.slice(0, all + 1);
	node.liveRedirect = all === -1 ? record.redirect : undefined;
	return record.terms.length;
}

/** Children for the live include and redirect terms. Beyond the bound they get no node of their own: their cost is still counted as one term each. */
function branch(node: WalkNode, root: string, soFar: number): WalkNode[] {
	const children: WalkNode[] = [];
	const terms: (SpfMechanism | SpfModifier)[] = node.live.filter((mechanism) => mechanism.name === "include");
	if (node.liveRedirect !== undefined) terms.push(node.liveRedirect);
	const chain = new Set<string>();
	for (let at: WalkNode | undefined = node; at !== undefined; at = at.from?.node) chain.add(at.name);
	for (const term of terms) {
		const via = term.kind === "modifier" ? "redirect" : "include";
		const name = staticName(term.tokens, node.name, root);
		const child = newNode(name ?? (term.kind === "modifier" ? term.value : (term.domainSpec ?? "")), via, { node, term }, node.depth + 1);
		if (name === undefined) child.state = "not_followed";
		else if (chain.has(name)) child.state = "loop";
		else if (child.state === "unknown" && soFar + children.length > 4 * bounds.nodes) child.code = "too_large";
		node.children.set(term, child);
		children.push(child);
	}
	return children;
}
