import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadClinics, startLab } from "../lab/index.ts";
import { configSchema } from "../model/config.ts";
import type { Totals } from "../model/result.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import { prepareOutDir } from "./out-dir.ts";
import { portfolio } from "./portfolio.ts";
import type { Progress } from "./progress.ts";
import { themeOf, writeReports } from "./report.ts";
import type { Request } from "./targets.ts";
import { packageInfo } from "./version.ts";

/** The clinics of lab/clinics.yaml with the stack, the records and the content that belong to each. Paths are below the package. */
export const clinics = [
	{
		name: "exemplary",
		legalName: "Exemplary Clinic",
		domain: "exemplary.example",
		dkimSelectors: ["s1", "s2"],
		plan: "examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json",
		sends: "examples/clinic-records/exemplary/sends",
		content: "examples/clinic-records/exemplary/content",
	},
	{ name: "typical", legalName: "Typical Clinic", domain: "typical.example", dkimSelectors: [], plan: "examples/clinic-stacks/typical/cdk.tf.json" },
	{
		name: "neglected",
		legalName: "Neglected Clinic",
		domain: "neglected.example",
		dkimSelectors: [],
		plan: "examples/clinic-stacks/neglected/cdk.tf.json",
		sends: "examples/clinic-records/neglected/sends",
		content: "examples/clinic-records/neglected/content",
	},
] as const;

export interface DemoOutcome {
	clinics: { name: string; totals: Totals; report: string }[];
	index: string;
}

/** Starts the lab, scans each clinic with its stack and records, writes a bundle per clinic and the page over all. Nothing leaves this machine. */
export async function demo(options: { out: string; signal: AbortSignal; progress: Progress; now?: () => Date }): Promise<DemoOutcome> {
	const { out } = options;
	const now = options.now ?? (() => new Date());
	const moved = await prepareOutDir(out, "index.html");
	if (moved !== undefined) options.progress({ type: "note", text: `the earlier demo was moved to ${moved}` });
	const caFile = join(out, "lab-ca.pem");
	const rootAnchors = join(out, "lab-root.ds");
	const lab = await startLab(await loadClinics(), { now: now() });
	await writeFile(caFile, lab.caPem, { mode: 0o600 });
	await writeFile(rootAnchors, lab.rootAnchors, { mode: 0o600 });
	const outcome: DemoOutcome = { clinics: [], index: join(out, "index.html") };
	try {
		for (const clinic of clinics) {
			const dir = join(out, clinic.name);
			await mkdir(dir, { mode: 0o700 });
			const config = configSchema.parse({
				version: 1,
				entity: { legalName: clinic.legalName, role: "covered_entity", timeZone: "America/Chicago" },
				domains: [{ name: clinic.domain, dkimSelectors: clinic.dkimSelectors }],
				sends: { paths: "sends" in clinic ? [clinic.sends] : [], sample: { seed: "demo" } },
				report: { classification: "Sample data" },
				network: { ...lab.network, caFile, rootAnchors },
			});
			const request: Request = {
				domains: config.domains,
				plans: [clinic.plan],
				records: `examples/clinic-records/${clinic.name}/records`,
				content: "content" in clinic ? [clinic.content] : [],
				open: (path) => (path === caFile || path === rootAnchors ? path : fileURLToPath(new URL(path, packageInfo().root))),
			};
			await collect({ config, request, out: dir, profile: "hipaa", concurrency: 20, now, signal: options.signal, progress: options.progress, log: silent });
			const result = await evaluateBundle({ dir });
			await writeReports(dir, result, ["html", "json"], await themeOf(dir, result, request.open));
			outcome.clinics.push({ name: clinic.name, totals: result.totals.results, report: join(dir, "report.html") });
		}
	} finally {
		await lab.close();
		for (const file of [caFile, rootAnchors]) await rm(file, { force: true });
	}
	await portfolio(
		clinics.map(({ name, legalName }) => ({ dir: join(out, name), name: legalName, href: `${name}/report.html` })),
		out,
		{ report: { classification: "Sample data", paperSize: "Letter" } },
	);
	return outcome;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
