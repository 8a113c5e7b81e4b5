import { join } from "node:path";
import { type Config, defaultConfig } from "../../model/config.ts";
import type { EvidenceManifest } from "../../model/evidence.ts";
import type { ResultDocument } from "../../model/result.ts";
import { collect } from "../../pipeline/collect.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";
import type { Request } from "../../pipeline/targets.ts";
import { now, temporaryFolder } from "../smoke/support.ts";

export interface AccountScan {
	dir: string;
	manifest: EvidenceManifest;
	result: ResultDocument;
}

/** Collects and judges the account that the environment's credentials lead to. */
export async function scanAccount(
	regions: readonly string[] = ["us-east-1"],
	more: Partial<Request> = {},
	parameters: Config["parameters"] = {},
): Promise<AccountScan> {
	const dir = join(temporaryFolder(), "bundle");
	const request: Request = { domains: [], plans: [], records: undefined, content: [], aws: { accounts: [{}], regions }, open: (path) => path, ...more };
	const manifest = await collect({
		config: { ...defaultConfig, parameters },
		request,
		out: dir,
		profile: "hipaa",
		concurrency: 4,
		now: () => new Date(now),
		signal: new AbortController().signal,
		progress: () => undefined,
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	});
	return { dir, manifest, result: await evaluateBundle({ dir }) };
}
