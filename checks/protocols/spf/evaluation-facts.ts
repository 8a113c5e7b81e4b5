import type { SpfAnalysis, SpfNode, SpfTermRef, SpfUnknown } from "./analysis.ts";
import { branchesOf, type Context, listLimit, openNodes, openTerms, question, rootQuestion, seenWhole, unknownTxt } from "./context.ts";
import { networkOf } from "./network.ts";
import { bounds, fixedSuffix, refOf, type WalkNode } from "./tree.ts";

export function lookupFacts(context: Context): SpfAnalysis["lookups"] {
	const { root, costs } = context;
	const open = openNodes(context);
	const count = costs.get(root) ?? 0;
	// Receivers go round until the eleventh term, so a loop breaks the limit however little it costs once (4.6.4).
	const endless = context.order.some((node) => node.state === "loop");
	const branches = root.state === "valid" ? branchesOf(root, costs) : [];
	return { ...question(root, open.unknown, open.notFollowed), count: endless ? Math.max(count, 11) : count, endless, limit: 10, branches };
}

export function voidFacts(context: Context): SpfAnalysis["voidLookups"] {
	const open = openTerms(context);
	let count = 0;
	let countIpv6 = 0;
	const lookups: SpfAnalysis["voidLookups"]["lookups"] = [];
	const add = (ref: SpfTermRef, item: { name: string; type: SpfUnknown["type"]; rcode: "NOERROR" | "NXDOMAIN" }, family?: 4 | 6): void => {
		if (family !== 6) count += 1;
		if (family !== 4) countIpv6 += 1;
		if (lookups.length < listLimit) lookups.push({ ...ref, name: item.name, type: item.type, rcode: item.rcode });
	};
	for (const node of context.order) {
		if (node.rcode !== undefined && node.from !== undefined) add(refOf(node.from.node, node.from.term), { name: node.name, type: "TXT", rcode: node.rcode });
	}
	for (const fact of context.terms) for (const item of fact.voids) add(refOf(fact.node, fact.mechanism), item, item.family);
	return { ...question(context.root, open.unknown, open.notFollowed), count, countIpv6, limit: 2, lookups };
}

export function manyNameFacts(context: Context): SpfAnalysis["manyNames"] {
	const open = openNodes(context);
	const mx: SpfAnalysis["manyNames"]["mx"] = [];
	for (const fact of context.terms) {
		if (fact.mechanism.name !== "mx") continue;
		if (fact.name === null) open.notFollowed.push(fact.mechanism.text);
		for (const item of fact.unknown) if (item.type === "MX") open.unknown.push(item);
		if (fact.exchanges > 10 && mx.length < listLimit) mx.push({ ...refOf(fact.node, fact.mechanism), name: fact.name ?? "", count: fact.exchanges });
	}
	return { ...question(context.root, open.unknown, open.notFollowed), limit: 10, mx, ptr: liveTerms(context, "ptr").slice(0, listLimit) };
}

function liveTerms({ order }: Context, name: string): SpfTermRef[] {
	const refs: SpfTermRef[] = [];
	for (const node of order) for (const mechanism of node.live) if (mechanism.name === name) refs.push(refOf(node, mechanism));
	return refs;
}

export function loopFacts(context: Context): SpfAnalysis["loops"] {
	const open = openNodes(context);
	const chains: string[][] = [];
	for (const node of context.order) {
		if (node.state !== "loop" || chains.length >= listLimit) continue;
		const chain = [node.name];
		for (let at = node.from?.node; at !== undefined; at = at.from?.node) chain.push(at.name);
		chains.push(chain.reverse());
	}
	return { ...question(context.root, open.unknown, open.notFollowed), chains };
}

const policies = { "-": "fail", "~": "softfail", "?": "neutral", "+": "pass" } as const;

export function terminalFacts({ root }: Context): SpfAnalysis["terminal"] {
	const via: string[] = [];
	if (root.state !== "valid") {
		const policy = root.state === "several" || root.state === "invalid" ? "permerror" : null;
		return { ...rootQuestion(root), policy, explicit: false, term: null, via };
	}
	let node = root;
	for (;;) {
		via.push(node.name);
		if (node.state === "unknown") return { ...question(root, [unknownTxt(node)], []), policy: null, explicit: false, term: null, via };
		if (node.state === "not_followed") return { ...question(root, [], [node.from?.term.text ?? node.name]), policy: null, explicit: false, term: null, via };
		// 6.1: none, several and invalid at the target are permerror, and so is the loop that runs into the limit.
		if (node.state !== "valid") return { ...seenWhole(), policy: "permerror", explicit: false, term: null, via };
		const last = node.live[node.live.length - 1];
		if (last?.name === "all") return { ...seenWhole(), policy: policies[last.qualifier], explicit: true, term: last.text, via };
		const next = node.liveRedirect === undefined ? undefined : node.children.get(node.liveRedirect);
		if (next === undefined) return { ...seenWhole(), policy: "neutral", explicit: false, term: null, via };
		node = next;
	}
}

export function targetFacts(context: Context): SpfAnalysis["targets"] {
	const open = openNodes(context);
	const targets: SpfAnalysis["targets"]["targets"] = [];
	for (const node of context.order) {
		if (node.from === undefined || node.via === "root") continue;
		targets.push({ ...refOf(node.from.node, node.from.term), kind: node.via, name: node.name, state: node.state, code: node.code });
	}
	return { ...question(context.root, open.unknown, open.notFollowed), targets };
}

export function broadFacts(context: Context): SpfAnalysis["broadRanges"] {
	const ranges: SpfAnalysis["broadRanges"]["ranges"] = [];
	const open = openNodes(context);
	for (const node of context.order) {
		for (const mechanism of node.state === "valid" ? node.live : []) {
			if (mechanism.qualifier !== "+" || ranges.length >= listLimit) continue;
			const network = networkOf(mechanism);
			const prefix4 = network === undefined ? mechanism.prefix4 : network.address.family === 4 ? network.prefix : undefined;
			const prefix6 = network === undefined ? mechanism.prefix6 : network.address.family === 6 ? network.prefix : undefined;
			if (prefix4 !== undefined && prefix4 < 16) ranges.push({ ...refOf(node, mechanism), family: 4, prefix: prefix4 });
			if (prefix6 !== undefined && prefix6 < 32) ranges.push({ ...refOf(node, mechanism), family: 6, prefix: prefix6 });
		}
	}
	// Ranges behind a macro are nobody's to see; the own record's, which are judged, are all here.
	return { ...question(context.root, open.unknown, []), ranges };
}

export function includeFacts({ order, domain }: Context): SpfAnalysis["includes"] {
	const includes: SpfAnalysis["includes"] = [];
	for (const node of order) {
		if (node.from === undefined || node.via === "root") continue;
		const followed = node.state !== "not_followed";
		const suffix = followed ? node.name : fixedSuffix(node.from.term.tokens ?? [], node.from.node.name, domain);
		includes.push({ ...refOf(node.from.node, node.from.term), kind: node.via, name: node.name, suffix, depth: node.depth, followed });
	}
	return includes;
}

/** The public form. Recursion is bounded by bounds.depth. */
export function publicNode(node: WalkNode, costs: Map<WalkNode, number>): SpfNode {
	return {
		name: node.name,
		via: node.via,
		term: node.from?.term.text ?? null,
		depth: node.depth,
		state: node.state,
		code: node.code,
		record: node.text === null ? null : node.text.slice(0, 2048),
		cost: (node.depth === 0 ? 0 : 1) + (costs.get(node) ?? 0),
		terms: node.state === "valid" ? branchesOf(node, costs) : [],
		children: node.depth > bounds.depth ? [] : [...node.children.values()].map((child) => publicNode(child, costs)),
	};
}
