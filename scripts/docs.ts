/** Writes the generated pages of docs/ from the policies, the frameworks, the reason codes and the command line. The same sources give the same bytes. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { readCases } from "../test/support/case-file.ts";
import { checkIndex, checkPage } from "./docs/check-page.ts";
import { cliPage } from "./docs/cli-page.ts";
import { controlsPage } from "./docs/controls-page.ts";
import { lawPage } from "./docs/law-page.ts";
import { reasonCodesPage } from "./docs/reason-codes-page.ts";
import { listPolicies } from "./list-policies.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const checks = allChecks();
const cases = new Map(listPolicies(root).checks.map((policy) => [policy.id, policy.cases]));
const hipaa = loadFramework("hipaa");
const proposed = loadFramework("nprm-2025");
const controls = new Map(proposed.controls.map((control) => [control.id, control]));

const pages = new Map<string, string>([["README.md", checkIndex(checks)]]);
for (const check of checks) {
	const file = cases.get(check.id);
	if (file === undefined) throw new Error(`policy.lock.json holds ${check.id}, which has no policy any more: run npm run policies`);
	pages.set(`${check.id}.md`, checkPage(check, readCases(join(root, file)), controls));
}
mkdirSync(join(docs, "checks"), { recursive: true });
for (const name of readdirSync(join(docs, "checks"))) if (name.endsWith(".md") && !pages.has(name)) rmSync(join(docs, "checks", name));
for (const [name, text] of pages) writeFileSync(join(docs, "checks", name), text);
writeFileSync(join(docs, "reason-codes.md"), reasonCodesPage());
writeFileSync(join(docs, "controls.md"), controlsPage(hipaa, proposed));
writeFileSync(join(docs, "law.md"), lawPage());
writeFileSync(join(docs, "cli.md"), cliPage());
