import { getDomain } from "tldts";
import type { SpfAnalysis, SpfTermRef } from "./analysis.ts";
import { type Context, openTerms, question } from "./context.ts";
import { networkOf } from "./network.ts";
import type { IpRange, RankedRanges } from "./ranges.ts";
import { countAddresses, divide, networkRange, toCidrs, union, wholeSpace } from "./ranges.ts";
import type { TermFacts } from "./terms.ts";
import type { WalkNode } from "./tree.ts";
import { refOf } from "./tree.ts";

/** SPF-14 and SPF-17: what the whole evaluation allows, and what looks like a copy of someone else's ranges. */
export function addressFacts(context: Context): Pick<SpfAnalysis, "addresses" | "flattening"> {
	const open = openTerms(context);
	const byNode = new Map<WalkNode, Map<object, TermFacts>>();
	for (const fact of context.terms) {
		const facts = byNode.get(fact.node) ?? new Map<object, TermFacts>();
		facts.set(fact.mechanism, fact);
		byNode.set(fact.node, facts);
	}
	const notCounted: SpfTermRef[] = [];
	for (const node of context.order) {
		for (const mechanism of node.state === "valid" ? node.live : []) {
			const facts = byNode.get(node)?.get(mechanism);
			const depends = mechanism.name === "ptr" || mechanism.name === "exists" || facts?.name === null || node.children.get(mechanism)?.state === "not_followed";
			if (depends && notCounted.length < 100) notCounted.push(refOf(node, mechanism));
		}
	}
	const four = allowed(context, byNode, 4);
	const six = allowed(context, byNode, 6);
	return {
		addresses: {
			...question(context.root, open.unknown, open.notFollowed),
			ipv4: { own: Number(four.own), included: Number(four.included), total: Number(four.own + four.included), ranges: toCidrs(four.ranges, 4, 1000) },
			ipv6: { own: six.own.toString(), included: six.included.toString(), total: (six.own + six.included).toString(), ranges: toCidrs(six.ranges, 6, 1000) },
			notCounted,
		},
		flattening: flatteningFacts(context),
	};
}

interface Allowed {
	own: bigint;
	included: bigint;
	ranges: IpRange[];
}

/** The set of addresses that get "pass" at each node, from the leaves up; evaluation is left to right, first match wins. */
function allowed(context: Context, byNode: Map<WalkNode, Map<object, TermFacts>>, family: 4 | 6): Allowed {
	const passes = new Map<WalkNode, IpRange[]>();
	const whole: Allowed = { own: 0n, included: 0n, ranges: [] };
	for (const node of [...context.order].reverse()) {
		if (node.state !== "valid") continue;
		const entries: (RankedRanges & { passes: boolean; viaChild: boolean })[] = [];
		for (const mechanism of node.live) {
			const child = node.children.get(mechanism);
			const facts = byNode.get(node)?.get(mechanism);
			const own = mechanism.name === "exists" ? [] : ((family === 4 ? facts?.ranges4 : facts?.ranges6) ?? []);
			const ranges = mechanism.name === "all" ? [wholeSpace(family)] : child === undefined ? own : (passes.get(child) ?? []);
			entries.push({ ranges, rank: entries.length, passes: mechanism.qualifier === "+", viaChild: child !== undefined });
		}
		const redirected = node.liveRedirect === undefined ? undefined : node.children.get(node.liveRedirect);
		if (redirected !== undefined) entries.push({ ranges: passes.get(redirected) ?? [], rank: entries.length, passes: true, viaChild: true });
		const won = divide(entries);
		const passing: IpRange[] = [];
		for (const entry of entries) {
			if (!entry.passes) continue;
			const ranges = won.get(entry.rank) ?? [];
			for (const range of ranges) passing.push(range);
			if (node === context.root) {
				if (entry.viaChild) whole.included += countAddresses(ranges);
				else whole.own += countAddresses(ranges);
			}
		}
		const joined = union(passing);
		passes.set(node, joined);
		if (node === context.root) whole.ranges = joined;
	}
	return whole;
}

function flatteningFacts(context: Context): SpfAnalysis["flattening"] {
	const { root, order, domain } = context;
	const ownRanges: string[] = [];
	const copied: SpfAnalysis["flattening"]["copied"] = [];
	const rangeOnly: string[] = [];
	const registrable = (name: string): string | null => getDomain(name, { validateHostname: false, allowPrivateDomains: true });
	const home = registrable(domain);
	const elsewhere = new Map<string, string>();
	for (const node of order) {
		if (node.depth === 0 || node.state !== "valid") continue;
		let addressesOnly = node.live.some((mechanism) => mechanism.network !== undefined);
		for (const mechanism of node.live) {
			const cidr = cidrOf(mechanism);
			if (cidr !== undefined && !elsewhere.has(cidr)) elsewhere.set(cidr, node.name);
			if (cidr === undefined && mechanism.name !== "all") addressesOnly = false;
		}
		if (addressesOnly && node.liveRedirect === undefined && registrable(node.name) === home && !rangeOnly.includes(node.name)) rangeOnly.push(node.name);
	}
	for (const mechanism of root.state === "valid" ? root.live : []) {
		const cidr = cidrOf(mechanism);
		if (cidr === undefined) continue;
		if (ownRanges.length < 1000) ownRanges.push(cidr);
		const alsoAt = elsewhere.get(cidr);
		if (alsoAt !== undefined && copied.length < 100) copied.push({ ...refOf(root, mechanism), alsoAt });
	}
	return { ...question(root, [], []), ownRanges, copied, rangeOnly };
}

function cidrOf(mechanism: Parameters<typeof networkOf>[0]): string | undefined {
	const network = networkOf(mechanism);
	if (network === undefined) return undefined;
	return toCidrs([networkRange(network.address, network.prefix)], network.address.family, 1)[0];
}
