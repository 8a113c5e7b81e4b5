import { getDomain } from "tldts";
import type { SpfAnalysis, SpfTermRef, SpfUnknown } from "./analysis.ts";
import { type Context, question } from "./context.ts";
import { nameProblem } from "./name.ts";
import { type SeenName, seen } from "./terms.ts";
import type { Questions } from "./tree.ts";
import { fixedSuffix, inBatches, refOf } from "./tree.ts";

/**
 * SPF-16. A name that exists has a registrable domain that exists, so only the others are asked (NS at the registrable
 * domain): NXDOMAIN there means that anyone may register it. The private part of the suffix list counts as well: below
 * a hosting suffix, names are handed out to anyone just the same.
 */
export async function registrableFacts(context: Context, questions: Questions): Promise<SpfAnalysis["registrable"]> {
	const { root, order, terms, domain } = context;
	const home = registrableOf(domain);
	const targets = new Map<string, { targets: (SpfTermRef & { name: string })[]; exists: boolean }>();
	const notFollowed: string[] = [];
	const add = (ref: SpfTermRef, name: SeenName): void => {
		const registrable = registrableOf(name.missing ?? name.name);
		if (registrable === null || registrable === home) return;
		const known = targets.get(registrable) ?? { targets: [], exists: false };
		targets.set(registrable, known);
		if (name.existence === "exists") known.exists = true;
		else if (known.targets.length < 100) known.targets.push({ ...ref, name: name.name });
	};
	const addMacro = (ref: SpfTermRef, suffix: string): void => {
		if (registrableOf(suffix) === null) notFollowed.push(ref.term);
		else add(ref, { name: suffix, existence: "unknown" });
	};
	for (const node of order) {
		if (node.from === undefined) continue;
		const ref = refOf(node.from.node, node.from.term);
		if (node.state === "not_followed") addMacro(ref, fixedSuffix(node.from.term.tokens ?? [], node.from.node.name, domain));
		else if (node.state !== "malformed_name")
			add(ref, node.answer === undefined ? { name: node.name, existence: node.state === "loop" ? "exists" : "unknown" } : seen(node.name, [node.answer]));
	}
	for (const fact of terms) {
		if (fact.mechanism.network !== undefined) continue;
		const ref = refOf(fact.node, fact.mechanism);
		if (fact.name === null) addMacro(ref, fixedSuffix(fact.mechanism.tokens ?? [], fact.node.name, domain));
		for (const name of fact.names) add(ref, name);
		// MX that could not be looked up hides the names of the hosts, not the name of the term.
	}
	const unknown: SpfUnknown[] = [];
	const missing: SpfAnalysis["registrable"]["missing"] = [];
	const open = [...targets].filter(([name, target]) => !target.exists && nameProblem(name) === undefined);
	await inBatches(open, async ([name, target]) => {
		const answer = await questions.ask(name, "NS");
		const { existence } = seen(name, [answer]);
		if (existence === "nxdomain") missing.push({ domain: name, targets: target.targets });
		if (existence === "unknown") unknown.push({ code: answer.code ?? "protocol_error", name, type: "NS" });
	});
	for (const fact of terms) for (const item of fact.unknown) if (item.type === "MX") unknown.push(item);
	for (const node of order) if (node.state === "unknown") unknown.push({ code: node.code ?? "protocol_error", name: node.name, type: "TXT" });
	const byName = <T extends { domain: string } | SpfUnknown>(a: T, b: T): number =>
		compare("domain" in a ? a.domain : a.name, "domain" in b ? b.domain : b.name);
	missing.sort(byName);
	unknown.sort(byName);
	return { ...question(root, unknown, notFollowed), missing, checked: [...targets.keys()].sort() };
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function registrableOf(name: string): string | null {
	return getDomain(name, { validateHostname: false, allowPrivateDomains: true });
}
