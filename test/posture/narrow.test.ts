import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadClinics, startLab } from "../../lab/index.ts";
import { configSchema } from "../../model/config.ts";
import { collect } from "../../pipeline/collect.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";

// A choice of checks looks at less: the MX addresses are not opened at all where nothing is wanted of them.
it("evidence of a narrow run lets no check pass that it was not collected for", { timeout: 30_000 }, async () => {
	const out = await mkdtemp(join(tmpdir(), "narrow-"));
	const lab = await startLab(await loadClinics(), { now: new Date("2026-11-24T09:00:00Z") });
	const include = ["mta_sts.policy_served"];
	try {
		const config = configSchema.parse({ version: 1, domains: [{ name: "exemplary.example" }], network: lab.network });
		const request = { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path };
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const now = () => new Date("2026-11-24T09:00:00Z");
		await collect({
			config,
			request,
			out,
			profile: "hipaa",
			concurrency: 4,
			now,
			signal: new AbortController().signal,
			progress: () => undefined,
			log,
			include,
		});
	} finally {
		await lab.close();
	}
	expect((await evaluateBundle({ dir: out, include })).results.map((one) => one.status)).toEqual(["pass"]);
	const { results } = await evaluateBundle({ dir: out });
	const passed = results.filter((one) => one.status === "pass").map((one) => one.check);
	expect(passed).toContain("spf.single_record");
	expect(passed.filter((check) => /^(smtp|certificate|dane|caa)\.|^mta_sts\.enforceable$|^mx\.(hosts_answer|reverse_names)$|^dns\./.test(check))).toEqual([]);
});
