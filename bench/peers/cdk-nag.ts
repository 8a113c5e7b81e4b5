import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const packages = ["aws-cdk-lib@2.276.0", "cdk-nag@3.0.2", "constructs@10.7"];

/** What cdk-nag's HIPAA pack says of an AWS CDK stack that is equal to a cdk.tf.json, installed into `dir` on demand; undefined, and the reason printed, where it cannot be had. */
export function cdkNagFindings(dir: string, file: string): Map<string, number> | undefined {
	const folder = join(dir, "cdk-nag");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "package.json"), "{}");
	const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], { cwd: folder, encoding: "utf8" });
	if (installed.status !== 0) {
		process.stdout.write(`cdk-nag could not be installed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}\n`);
		return undefined;
	}
	const said = spawnSync(process.execPath, [join(import.meta.dirname, "cdk-nag/app.mjs"), file], {
		cwd: folder,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	if (said.status !== 0) throw new Error(`cdk-nag gave no report: ${said.stderr.trim()}`);
	const { translated, left, findings } = JSON.parse(said.stdout) as { translated: number; left: string[]; findings: { rule: string }[] };
	process.stdout.write(`cdk-nag looked at ${translated} resources; the stack made for it leaves out ${left.join(", ")}\n`);
	const counts = new Map<string, number>();
	for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
	return counts;
}
