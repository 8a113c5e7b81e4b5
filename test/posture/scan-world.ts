import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkWorld, type LabOptions, type LabWorld, startLab } from "../../lab/index.ts";
import { configSchema } from "../../model/config.ts";
import type { ResultItem } from "../../model/result.ts";
import { collect } from "../../pipeline/collect.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";

/** Scans these domains of a world over real sockets and judges what was seen, from the evidence alone. */
export async function scanWorld(world: LabWorld, domains: readonly string[], include: readonly string[], options: LabOptions = {}): Promise<ResultItem[]> {
	const out = await mkdtemp(join(tmpdir(), "posture-"));
	const now = new Date("2026-11-24T09:00:00Z");
	const folder = await mkdtemp(join(tmpdir(), "posture-lab-"));
	const files = { caFile: join(folder, "ca.pem"), rootAnchorsFile: join(folder, "root.ds") };
	const lab = await startLab(checkWorld(world), {
		now,
		seed: "posture",
		timeoutMs: { dns: 800, smtp: 3000, https: 3000 },
		retryWaitMs: 0,
		...files,
		...options,
	});
	try {
		const config = configSchema.parse({ version: 1, domains: domains.map((name) => ({ name })), network: lab.network });
		const request = { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path };
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const signal = new AbortController().signal;
		await collect({ config, request, out, profile: "hipaa", concurrency: 40, now: () => now, signal, progress: () => undefined, log, include });
	} finally {
		await lab.close();
	}
	return (await evaluateBundle({ dir: out, include })).results;
}

/** Verdicts of a domain and its MX addresses by check: "pass", "fail", "not_applicable", or the reason code of what was not assessed; several in order. */
export function verdictsOf(results: readonly ResultItem[], domain: string): Record<string, string> {
	const byCheck = new Map<string, Set<string>>();
	for (const { check, domains, status, reason } of results) {
		if (!domains.includes(domain)) continue;
		byCheck.set(check, (byCheck.get(check) ?? new Set()).add(status === "not_assessed" ? (reason?.code ?? "not_assessed") : status));
	}
	return Object.fromEntries([...byCheck].map(([check, told]) => [check, [...told].sort().join(" ")]));
}
