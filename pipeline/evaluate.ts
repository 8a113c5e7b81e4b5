import { chmod, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evaluate as evaluateEvidence } from "../checks/engine/evaluate.ts";
import { EvidenceStore } from "../checks/engine/evidence-store.ts";
import { allChecks, loadPolicyLock } from "../checks/engine/policy-lock.ts";
import { policyHost } from "../checks/engine/wasm-host.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { type Judgement, judgementSchema } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { readEvidence, readManifest } from "./evidence-files.ts";
import { accountWideKinds, currentSupply } from "./supply.ts";

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
}

/** Stage 2: judges stored evidence, offline. Same evidence, policies and clock: same result. Throws InputError for evidence that is absent or was changed. */
export async function evaluateBundle(options: EvaluateBundleOptions): Promise<ResultDocument> {
	const { manifest } = await readManifest(options.dir);
	const store = new EvidenceStore(manifest.targets);
	for await (const { item, sha256 } of readEvidence(options.dir, manifest)) store.add(item, sha256);
	return evaluateEvidence({
		manifest,
		judgement: options.judgement ?? judgementSchema.parse(manifest.judgement),
		store,
		checks: allChecks(),
		framework: loadFramework(options.profile ?? manifest.profile),
		supply: currentSupply(),
		host: policyHost(),
		policySha256: loadPolicyLock().wasmSha256,
		accountWideKinds,
		asOf: options.asOf ?? new Date(manifest.run.asOf),
		include: options.include ?? [],
		skip: options.skip ?? [],
		accept: options.accept ?? [],
	});
}

/** Writes a file of the bundle whole or not at all, readable by the owner alone. */
export async function writeBundleFile(dir: string, path: string, chunks: Iterable<string>): Promise<void> {
	const file = join(dir, path);
	const partial = `${file}.partial`;
	await writeFile(partial, chunks, { mode: 0o600 });
	await chmod(partial, 0o600);
	await rename(partial, file);
}
