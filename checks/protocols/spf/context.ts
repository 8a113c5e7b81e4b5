import type { SpfQuestion, SpfStatus, SpfUnknown } from "./analysis.ts";
import type { SpfMechanism, SpfModifier } from "./record.ts";
import type { TermFacts } from "./terms.ts";
import type { WalkNode } from "./tree.ts";

/** Lists in an analysis hold at most this many entries: a hostile tree must not fill the evidence. Counts stay exact. */
export const listLimit = 100;
const lookupNames: ReadonlySet<string> = new Set(["include", "a", "mx", "ptr", "exists"]);

/** What the walk has seen; every question of the analysis is answered from it. */
export interface Context {
	domain: string;
	root: WalkNode;
	/** All nodes reached from a valid root, in the order of evaluation, the root first. Empty when the root is not valid. */
	order: WalkNode[];
	terms: TermFacts[];
	costs: Map<WalkNode, number>;
}

/** Lookup terms below a node, its own included; children come behind their parents in `all`. */
export function costsOf(all: readonly WalkNode[]): Map<WalkNode, number> {
	const costs = new Map<WalkNode, number>();
	for (const node of [...all].reverse()) {
		let cost = 0;
		if (node.state === "valid") {
			for (const term of lookupTerms(node)) cost += termCost(term, node, costs);
		}
		costs.set(node, cost);
	}
	return costs;
}

function lookupTerms(node: WalkNode): (SpfMechanism | SpfModifier)[] {
	const terms: (SpfMechanism | SpfModifier)[] = node.live.filter((mechanism) => lookupNames.has(mechanism.name));
	if (node.liveRedirect !== undefined) terms.push(node.liveRedirect);
	return terms;
}

function termCost(term: SpfMechanism | SpfModifier, node: WalkNode, costs: Map<WalkNode, number>): number {
	const child = node.children.get(term);
	return 1 + (child === undefined ? 0 : (costs.get(child) ?? 0));
}

export function question(root: WalkNode, unknown: readonly SpfUnknown[], notFollowed: readonly string[]): SpfQuestion {
	if (root.state !== "valid") return rootQuestion(root);
	const status: SpfStatus = unknown.length > 0 ? "incomplete" : notFollowed.length > 0 ? "not_followed" : "complete";
	const distinct = new Map(unknown.map((item) => [`${item.type} ${item.name}`, item]));
	return { status, unknown: [...distinct.values()].slice(0, listLimit), notFollowed: [...new Set(notFollowed)].slice(0, listLimit) };
}

/** For questions that only arise with one valid record. */
export function rootQuestion(root: WalkNode): SpfQuestion {
	if (root.state === "unknown") return { status: "incomplete", unknown: [unknownTxt(root)], notFollowed: [] };
	return { status: "none", unknown: [], notFollowed: [] };
}

export const seenWhole = (): SpfQuestion => ({ status: "complete", unknown: [], notFollowed: [] });

export function unknownTxt(node: WalkNode): SpfUnknown {
	return { code: node.code ?? "protocol_error", name: node.name, type: "TXT" };
}

/** What include and redirect leave open. */
export function openNodes(context: Context): { unknown: SpfUnknown[]; notFollowed: string[] } {
	const unknown: SpfUnknown[] = [];
	const notFollowed: string[] = [];
	for (const node of context.order) {
		if (node.state === "unknown") unknown.push(unknownTxt(node));
		if (node.state === "not_followed" && node.from !== undefined) notFollowed.push(node.from.term.text);
	}
	return { unknown, notFollowed };
}

/** What include, redirect, a, mx and exists leave open. */
export function openTerms(context: Context): { unknown: SpfUnknown[]; notFollowed: string[] } {
	const open = openNodes(context);
	for (const fact of context.terms) {
		for (const item of fact.unknown) open.unknown.push(item);
		if (fact.name === null) open.notFollowed.push(fact.mechanism.text);
	}
	return open;
}

export function branchesOf(node: WalkNode, costs: Map<WalkNode, number>): { term: string; position: number; cost: number }[] {
	return lookupTerms(node)
		.slice(0, listLimit)
		.map((term) => ({ term: term.text, position: term.position, cost: termCost(term, node, costs) }));
}
