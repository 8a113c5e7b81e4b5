import { evaluate } from "../../checks/engine/evaluate.ts";
import { EvidenceStore } from "../../checks/engine/evidence-store.ts";
import { allChecks } from "../../checks/engine/policy-lock.ts";
import { loadFramework } from "../../checks/frameworks/frameworks.ts";
import { defaultConfig } from "../../model/config.ts";
import type { Evidence, Target } from "../../model/evidence.ts";
import type { ResultItem } from "../../model/result.ts";
import { deniedCalls, manifestOf } from "../../pipeline/collect.ts";
import { judgementOf } from "../../pipeline/config.ts";
import { judging } from "../../pipeline/judging.ts";

/** What a scan of one account would say of its evidence: of all checks, or of those that are named. */
export async function judgeAccount(items: readonly Evidence[], target: Target, now: string, include: readonly string[] = []): Promise<ResultItem[]> {
	const store = new EvidenceStore([target]);
	for (const item of items) store.add(item);
	const judgement = judgementOf(defaultConfig);
	const request = { domains: [], plans: [], records: undefined, content: [], aws: { accounts: [{}], regions: ["us-east-1"] }, open: (path: string) => path };
	const manifest = manifestOf(
		{ request, profile: "hipaa", configSha256: "", judgement },
		{ startedAt: now, endedAt: now, interrupted: false },
		[target],
		deniedCalls(items),
		[],
	);
	const { results } = await evaluate({
		manifest,
		judgement,
		store,
		checks: allChecks(),
		framework: loadFramework("hipaa"),
		...judging(),
		asOf: new Date(now),
		include: [...include],
		skip: [],
		accept: [],
	});
	return results;
}
