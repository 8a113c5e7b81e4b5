/**
 * Checks the dated facts that people edit as YAML (vendors, health terms, frameworks) and writes each as JSON beside it, which is what
 * the program reads: parsing and checking YAML at every start would cost more than a scan of one domain.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadHealthTerms } from "../checks/data/health-terms/load-health-terms.ts";
import { readLaw } from "../checks/data/law/load-law.ts";
import { loadVendors } from "../checks/data/vendors/load-vendors.ts";
import { readFramework } from "../checks/frameworks/read-framework.ts";

const checks = join(import.meta.dirname, "..", "checks");
write("data/vendors/vendors.json", loadVendors(join(checks, "data/vendors/vendors.yaml")));
write("data/health-terms/health-terms.json", loadHealthTerms(join(checks, "data/health-terms/health-terms.yaml")));
write("data/law/law.json", readLaw(join(checks, "data/law/law.yaml")));
for (const profile of ["hipaa", "nprm-2025"])
	write(`frameworks/${profile}.json`, readFramework(readFileSync(join(checks, `frameworks/${profile}.yaml`), "utf8")));

function write(path: string, value: unknown): void {
	writeFileSync(join(checks, path), `${JSON.stringify(value, null, "\t")}\n`);
}
