import { byCodeUnit } from "../../model/canonical.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { ConfigRuleSays } from "../../model/result.ts";
import { packsByRule } from "./conformance-packs.ts";
import type { EvidenceStore } from "./evidence-store.ts";

/** A resource is shown what this many rules say of it; the evidence holds all. */
const maxRules = 50;

/** The evaluations of AWS Config that speak of a resource, by its ARN. */
export function configRulesOf(store: EvidenceStore, target: string, arns: readonly string[]): { item: Evidence; says: ConfigRuleSays }[] {
	const byArn = store.remember(target, "evaluations of AWS Config", () => {
		const seen = store.items(target, "aws.config_evaluation").filter((item) => item.status === "ok");
		return Map.groupBy(seen, (item) => (item.values as Evaluation).resource_arn);
	});
	return [...new Set(arns)]
		.flatMap((arn) => byArn.get(arn) ?? [])
		.map((item) => ({ item, says: said(item, store.sha256(item), packsByRule(store, target)) }))
		.sort((a, b) => byCodeUnit(a.says.rule, b.says.rule))
		.slice(0, maxRules);
}

interface Evaluation {
	rule: string;
	compliance: string;
	resource_arn?: string;
	recorded_at?: string;
}

function said(item: Evidence, evidence: string, packs: ReadonlyMap<string, string[]>): ConfigRuleSays {
	const { rule, compliance, recorded_at: recordedAt } = item.values as Evaluation;
	const of = packs.get(rule);
	return { rule, compliance, recordedAt: recordedAt ?? null, ...(of === undefined ? {} : { packs: of }), evidence };
}
