import { join } from "node:path";
import { evaluate as evaluateEvidence } from "../checks/engine/evaluate.ts";
import { EvidenceStore } from "../checks/engine/evidence-store.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { withReportDetail } from "../checks/engine/report-detail.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { type Judgement, judgementSchema } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { type HashedItem, manifestName, readEvidence, readManifest } from "./evidence-files.ts";
import { judging } from "./judging.ts";

export interface EvaluateBundleOptions {
	/** A folder with evidence-manifest.json and evidence/. */
	dir: string;
	/** Overrides the clock of the run. Default: the time at which the evidence was collected. */
	asOf?: Date | undefined;
	profile?: string | undefined;
	/** Overrides the judgement settings that the evidence carries. */
	judgement?: Judgement | undefined;
	include?: readonly string[];
	skip?: readonly string[];
	accept?: readonly string[];
	/** What collect() has just written to `dir`, as it told of it; without it the files are read and their hashes compared. */
	evidence?: Iterable<HashedItem>;
}

/** Stage 2: judges stored evidence, offline. Same evidence, policies and clock: same result. Throws InputError for evidence that is absent or was changed. */
export async function evaluateBundle(options: EvaluateBundleOptions): Promise<ResultDocument> {
	const { manifest } = await readManifest(options.dir);
	const file = join(options.dir, manifestName);
	const judgement = options.judgement ?? parsedJudgement(manifest.judgement, file);
	const profile = options.profile ?? manifest.profile;
	if (!profiles.includes(profile)) throw new InputError([{ file, line: 1, column: 1, field: "profile", message: `expected ${profiles.join(" or ")}` }]);
	const asOf = options.asOf ?? new Date(manifest.run.asOf);
	if (Number.isNaN(asOf.getTime()))
		throw new InputError([{ file, line: 1, column: 1, field: "run.asOf", message: "expected a time such as 2026-11-24T09:00:00Z" }]);
	const store = new EvidenceStore(manifest.targets);
	for await (const { item, sha256 } of options.evidence ?? readEvidence(options.dir, manifest)) store.add(item, sha256);
	const [checks, framework] = [allChecks(), loadFramework(profile)];
	const result = await evaluateEvidence({
		manifest,
		judgement,
		store,
		checks,
		framework,
		...judging(),
		asOf,
		include: options.include ?? [],
		skip: options.skip ?? [],
		accept: options.accept ?? [],
	});
	return withReportDetail(result, { manifest, store, checks, framework });
}

const profiles = ["hipaa", "nprm-2025"];

function parsedJudgement(value: unknown, file: string): Judgement {
	const parsed = judgementSchema.safeParse(value);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw new InputError([{ file, line: 1, column: 1, field: ["judgement", ...(issue?.path ?? [])].join("."), message: issue?.message ?? "not valid" }]);
}
