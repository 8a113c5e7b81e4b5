import { normalizeName, type Resolver, recordsOf } from "../resolver.ts";
import { addressFacts } from "./allowed.ts";
import type { SpfAnalysis, SpfNode, SpfQuestion, SpfStatus, SpfTermRef, SpfUnknown } from "./analysis.ts";
import { networkOf } from "./check-host.ts";
import { expandDomain } from "./expand.ts";
import { findingsOf } from "./findings.ts";
import { readTexts, spfRecords } from "./lookup.ts";
import type { MacroToken } from "./macro.ts";
import { toAsciiDomain } from "./name.ts";
import type { SpfMechanism, SpfModifier } from "./record.ts";
import { registrableFacts } from "./registrable.ts";
import type { TermFacts } from "./terms.ts";
import { lookAtTerms } from "./terms.ts";
import type { WalkNode } from "./tree.ts";
import { bounds, fixedSuffix, Questions, refOf, walk } from "./tree.ts";

const listLimit = 100;
const lookupNames: ReadonlySet<string> = new Set(["include", "a", "mx", "ptr", "exists"]);

/**
 * Everything about a domain's SPF that does not depend on a message: the tree with its cost, the addresses allowed, and
 * an answer with a status of its own for each question of SPF-01 to SPF-17. Asks through the resolver only, each
 * question once and at most 600; deterministic for the same answers; never throws for what DNS holds.
 */
export async function analyzeSpf(options: { domain: string; resolver: Resolver }): Promise<SpfAnalysis> {
	const domain = normalizeName(toAsciiDomain(options.domain.trim()));
	const questions = new Questions(options.resolver);
	const { root, all } = await walk(domain, questions);
	const type99 = root.state === "malformed_name" ? undefined : await questions.ask(domain, "SPF");
	const order = root.state === "valid" ? evaluationOrder(root) : [];
	const terms = await lookAtTerms(
		order.filter((node) => node.state === "valid"),
		domain,
		questions,
	);
	const context: Context = { domain, root, order, terms, costs: costsOf(all) };
	const registrable = await registrableFacts(context, questions);
	const facts: Omit<SpfAnalysis, "findings"> = {
		domain,
		published: publishedFacts(root),
		record: root.state === "valid" ? (root.record ?? null) : null,
		syntax: syntaxFacts(context),
		lookups: lookupFacts(context),
		voidLookups: voidFacts(context),
		manyNames: manyNameFacts(context),
		macros: macroFacts(context),
		loops: loopFacts(context),
		terminal: terminalFacts(context),
		targets: targetFacts(context),
		ptr: ptrFacts(context),
		deadTerms: deadFacts(context),
		size: sizeFacts(root),
		leftovers: leftoverFacts(root, type99),
		broadRanges: broadFacts(context),
		...addressFacts(context),
		registrable,
		includes: includeFacts(context),
		tree: publicNode(root, context.costs),
		capped: questions.capped,
	};
	return { ...facts, findings: findingsOf(facts) };
}

export interface Context {
	domain: string;
	root: WalkNode;
	/** All nodes reached from a valid root, in the order of evaluation, the root first. Empty when the root is not valid. */
	order: WalkNode[];
	terms: TermFacts[];
	costs: Map<WalkNode, number>;
}

function evaluationOrder(root: WalkNode): WalkNode[] {
	const order: WalkNode[] = [];
	const stack = [root];
	for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
		order.push(node);
		stack.push(...[...node.children.values()].reverse());
	}
	return order;
}

/** Lookup terms below a node, its own included; children come behind their parents in `all`. */
function costsOf(all: readonly WalkNode[]): Map<WalkNode, number> {
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
function rootQuestion(root: WalkNode): SpfQuestion {
	if (root.state === "unknown") return { status: "incomplete", unknown: [unknownTxt(root)], notFollowed: [] };
	return { status: "none", unknown: [], notFollowed: [] };
}

const seenWhole = (): SpfQuestion => ({ status: "complete", unknown: [], notFollowed: [] });

function unknownTxt(node: WalkNode): SpfUnknown {
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

function publishedFacts(root: WalkNode): SpfAnalysis["published"] {
	if (root.answer === undefined || root.state === "unknown") return { ...rootQuestion(root), count: null, records: [], absence: null };
	const looked = readTexts(root.answer);
	const records = looked.state === "found" ? spfRecords(looked.values) : [];
	const absence = records.length > 0 ? null : looked.state === "found" ? "no_spf" : root.rcode === "NXDOMAIN" ? "NXDOMAIN" : "NODATA";
	return { ...seenWhole(), count: records.length, records, absence };
}

function syntaxFacts({ root, order }: Context): SpfAnalysis["syntax"] {
	const errors: SpfAnalysis["syntax"]["errors"] = [];
	for (const node of order.length > 0 ? order : [root]) {
		for (const error of node.errors) {
			if (errors.length < listLimit) {
				errors.push({ ...refOf(node, { text: error.term, position: error.position }), offset: error.offset, message: error.message, macro: error.macro });
			}
		}
	}
	const known = root.state === "valid" || root.state === "invalid";
	return { ...(known ? seenWhole() : rootQuestion(root)), errors };
}

function lookupFacts(context: Context): SpfAnalysis["lookups"] {
	const { root, costs } = context;
	const open = openNodes(context);
	const branches = root.state === "valid" ? branchesOf(root, costs) : [];
	return { ...question(root, open.unknown, open.notFollowed), count: costs.get(root) ?? 0, limit: 10, branches };
}

function branchesOf(node: WalkNode, costs: Map<WalkNode, number>): { term: string; position: number; cost: number }[] {
	return lookupTerms(node)
		.slice(0, listLimit)
		.map((term) => ({ term: term.text, position: term.position, cost: termCost(term, node, costs) }));
}

function voidFacts(context: Context): SpfAnalysis["voidLookups"] {
	const open = openTerms(context);
	let count = 0;
	let countIpv6 = 0;
	const lookups: SpfAnalysis["voidLookups"]["lookups"] = [];
	const add = (ref: SpfTermRef, item: { name: string; type: "A" | "AAAA" | "MX" | "TXT" | string; rcode: "NOERROR" | "NXDOMAIN" }, family?: 4 | 6): void => {
		if (family !== 6) count += 1;
		if (family !== 4) countIpv6 += 1;
		if (lookups.length < listLimit) lookups.push({ ...ref, name: item.name, type: item.type as SpfUnknown["type"], rcode: item.rcode });
	};
	for (const node of context.order) {
		if (node.rcode !== undefined && node.from !== undefined) add(refOf(node.from.node, node.from.term), { name: node.name, type: "TXT", rcode: node.rcode });
	}
	for (const fact of context.terms) for (const item of fact.voids) add(refOf(fact.node, fact.mechanism), item, item.family);
	return { ...question(context.root, open.unknown, open.notFollowed), count, countIpv6, limit: 2, lookups };
}

function manyNameFacts(context: Context): SpfAnalysis["manyNames"] {
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

function macroFacts({ root, order, domain }: Context): SpfAnalysis["macros"] {
	const used: SpfAnalysis["macros"]["used"] = [];
	const errors: SpfAnalysis["macros"]["errors"] = [];
	const truncated: SpfTermRef[] = [];
	for (const node of order.length > 0 ? order : [root]) {
		for (const error of node.errors) {
			if (error.macro) errors.push({ ...refOf(node, { text: error.term, position: error.position }), offset: error.offset, message: error.message });
		}
		if (node.state === "several" || node.record === undefined) continue;
		for (const term of node.record.terms) {
			if (term.tokens === undefined) continue;
			const ref = refOf(node, term);
			const letters = lettersOf(term.tokens);
			if (letters.length > 0 && used.length < listLimit) used.push({ ...ref, letters });
			if (truncated.length < listLimit && isTruncated(term.tokens, node.name, domain)) truncated.push(ref);
		}
	}
	const known = root.state === "valid" || root.state === "invalid";
	return { ...(known ? seenWhole() : rootQuestion(root)), used, errors: errors.slice(0, listLimit), truncated };
}

function lettersOf(tokens: readonly MacroToken[]): string[] {
	const letters = new Set<string>();
	for (const token of tokens) if (token.kind === "macro") letters.add(token.letter);
	return [...letters].sort();
}

/** Literals and the known letters alone are already too long. */
function isTruncated(tokens: readonly MacroToken[], current: string, root: string): boolean {
	let length = 0;
	for (const token of tokens) {
		if (token.kind === "literal") length += token.text.length;
		else if (token.letter === "d" || token.letter === "o") {
			length += expandDomain([token], {
				ip: { family: 4, bits: 0n },
				localPart: "",
				senderDomain: root,
				domain: current,
				helo: "",
				receiver: "",
				timestamp: 0,
			}).length;
		}
	}
	return length > 254;
}

function loopFacts(context: Context): SpfAnalysis["loops"] {
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

function terminalFacts({ root }: Context): SpfAnalysis["terminal"] {
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

function targetFacts(context: Context): SpfAnalysis["targets"] {
	const open = openNodes(context);
	const targets: SpfAnalysis["targets"]["targets"] = [];
	for (const node of context.order) {
		if (node.from === undefined || node.via === "root") continue;
		targets.push({ ...refOf(node.from.node, node.from.term), kind: node.via, name: node.name, state: node.state, code: node.code });
	}
	return { ...question(context.root, open.unknown, open.notFollowed), targets };
}

function ptrFacts(context: Context): SpfAnalysis["ptr"] {
	const own: SpfTermRef[] = [];
	const included: SpfTermRef[] = [];
	// Dead terms too: what is published is what counts.
	for (const node of context.order) {
		for (const mechanism of node.record?.mechanisms ?? []) {
			const list = node.depth === 0 ? own : included;
			if (mechanism.name === "ptr" && list.length < listLimit) list.push(refOf(node, mechanism));
		}
	}
	return { ...question(context.root, [], []), own, included };
}

function deadFacts(context: Context): SpfAnalysis["deadTerms"] {
	const terms: SpfAnalysis["deadTerms"]["terms"] = [];
	for (const node of context.order) {
		if (node.record === undefined || node.state !== "valid") continue;
		for (const mechanism of node.record.mechanisms.slice(node.live.length)) {
			if (terms.length < listLimit) terms.push({ ...refOf(node, mechanism), why: "after_all" });
		}
		const redirect = node.record.redirect;
		if (redirect !== undefined && node.liveRedirect === undefined) terms.push({ ...refOf(node, redirect), why: "redirect_beside_all" });
	}
	return { ...question(context.root, [], []), terms };
}

function sizeFacts(root: WalkNode): SpfAnalysis["size"] {
	const none = { strings: [], recordOctets: 0, nameAndTxtOctets: 0, answerOctets: 0, txtRecords: 0 };
	if (root.answer === undefined || root.text === null) return { ...rootQuestion(root), ...none };
	const records = recordsOf(root.answer, "TXT").map((record) => {
		const parts = Array.isArray(record.data) ? (record.data as readonly (string | Uint8Array)[]) : [record.data as string | Uint8Array];
		return parts.map((part) => part.length);
	});
	const sum = (lengths: readonly number[]): number => {
		let total = 0;
		for (const length of lengths) total += length;
		return total;
	};
	const texts = readTexts(root.answer);
	const at = texts.state === "found" ? texts.values.indexOf(root.text) : -1;
	let txtOctets = 0;
	// Header, then the question: the name with its length octets and root label, type and class.
	let answerOctets = 12 + root.name.length + 2 + 4;
	for (const strings of records) {
		txtOctets += sum(strings);
		// Compressed owner name 2, type 2, class 2, TTL 4, length 2, then each string with its length octet.
		answerOctets += 12 + sum(strings) + strings.length;
	}
	const known = root.state === "unknown" ? rootQuestion(root) : seenWhole();
	return {
		...known,
		strings: records[at] ?? [],
		recordOctets: root.text.length,
		nameAndTxtOctets: root.name.length + txtOctets,
		answerOctets,
		txtRecords: records.length,
	};
}

function leftoverFacts(root: WalkNode, type99: WalkNode["answer"]): SpfAnalysis["leftovers"] {
	const unknown: SpfUnknown[] = [];
	const looked = root.answer === undefined ? undefined : readTexts(root.answer);
	if (looked?.state === "error") unknown.push({ code: looked.code, name: root.name, type: "TXT" });
	if (type99?.status === "error") unknown.push({ code: type99.code ?? "protocol_error", name: root.name, type: "SPF" });
	if (type99?.cnameLoop === true) unknown.push({ code: "cname_loop", name: root.name, type: "SPF" });
	const spf2 = looked?.state === "found" ? looked.values.filter((text) => /^spf2\.0\//i.test(text)) : [];
	const old = (type99?.answers ?? []).filter((record) => record.type === "SPF" || record.type === "UNKNOWN_99");
	const status = type99 === undefined ? "none" : unknown.length > 0 ? "incomplete" : "complete";
	return { status, unknown, notFollowed: [], type99: old.map((record) => textOf(record.data)), spf2 };
}

function textOf(data: unknown): string {
	const parts: unknown[] = Array.isArray(data) ? data : [data];
	return parts.map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString("latin1") : String(part))).join("");
}

function broadFacts(context: Context): SpfAnalysis["broadRanges"] {
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
	return { ...question(context.root, open.unknown, open.notFollowed), ranges };
}

function includeFacts({ order, domain }: Context): SpfAnalysis["includes"] {
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
function publicNode(node: WalkNode, costs: Map<WalkNode, number>): SpfNode {
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
