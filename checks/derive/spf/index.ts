import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { SpfAnalysis, SpfQuestion } from "../../protocols/spf/index.ts";
import { type Derivation, type DerivedItem, domainDeclaration } from "../derivation.ts";
import { spfOf } from "../looks.ts";
import { replayResolver } from "../replay-resolver.ts";

/** derived.spf, one per domain: the analysis of the whole include tree (RFC 7208). A question that DNS left open is a gap at <question>.status. */
const derivation: Derivation = {
	id: "spf",
	target: "domain",
	needs: ["config.domain", "dns.txt", "dns.mx", "dns.a", "dns.aaaa", "dns.ns", "dns.spf"],
	produces: ["derived.spf"],
	async derive(view): Promise<DerivedItem[]> {
		const declaration = domainDeclaration(view);
		const resolver = replayResolver(view);
		const { tree, findings: _findings, ...analysis } = await spfOf(view, resolver);
		const basis: Evidence[] = [...(declaration.item === undefined ? [] : [declaration.item]), ...resolver.used];
		const { sends, receives } = declaration.values;
		return [{ kind: "derived.spf", id: view.target, values: { sends, receives, ...analysis, cost: tree.cost }, gaps: gapsOf(analysis), basis }];
	},
};

export default derivation;

function gapsOf(analysis: Omit<SpfAnalysis, "tree" | "findings">): Record<string, Gap> {
	const gaps: Record<string, Gap> = {};
	for (const [name, question] of Object.entries(analysis)) {
		if (!isQuestion(question)) continue;
		const unknown = question.unknown[0];
		if (question.status === "incomplete")
			gaps[`${name}.status`] = { code: unknown?.code ?? "not_collected", detail: unknown === undefined ? undefined : `${unknown.type} ${unknown.name}` };
		if (question.status === "not_followed") gaps[`${name}.status`] = { code: "depends_on_message", detail: question.notFollowed[0] };
	}
	return gaps;
}

function isQuestion(value: unknown): value is SpfQuestion {
	return value !== null && typeof value === "object" && "status" in value && "unknown" in value;
}
