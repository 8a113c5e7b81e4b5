import { normalizeName, type Resolver } from "../resolver.ts";
import { addressFacts } from "./allowed.ts";
import type { SpfAnalysis } from "./analysis.ts";
import { type Context, costsOf } from "./context.ts";
import { broadFacts, includeFacts, lookupFacts, loopFacts, manyNameFacts, publicNode, targetFacts, terminalFacts, voidFacts } from "./evaluation-facts.ts";
import { findingsOf } from "./findings.ts";
import { toAsciiDomain } from "./name.ts";
import { deadFacts, leftoverFacts, macroFacts, ptrFacts, publishedFacts, sizeFacts, syntaxFacts } from "./record-facts.ts";
import { registrableFacts } from "./registrable.ts";
import { lookAtTerms } from "./terms.ts";
import { Questions, type WalkNode, walk } from "./tree.ts";

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

function evaluationOrder(root: WalkNode): WalkNode[] {
	const order: WalkNode[] = [];
	const stack = [root];
	for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
		order.push(node);
		stack.push(...[...node.children.values()].reverse());
	}
	return order;
}
