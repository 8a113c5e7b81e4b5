import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdkNagFindings } from "./cdk-nag.ts";
import { installCheckov } from "./checkov.ts";

const root = join(import.meta.dirname, "..", "..");
const page = "docs/stacks.md";
const stack = join(root, "examples/complete/cdktf.out/stacks/mail");

/**
 * Holds the table of docs/stacks.md to what Checkov says of the complete example, and cdk-nag's HIPAA pack of an equal stack of AWS CDK: a
 * finding without a reason, a reason without a finding and a wrong count end with exit code 1; exit code 3 says that one of them could
 * not be had.
 */
export async function run(): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), "mailward-peers-"));
	try {
		const program = installCheckov(dir);
		const nag = cdkNagFindings(dir, join(stack, "cdk.tf.json"));
		if (program === undefined || nag === undefined) {
			process.exitCode = 3;
			return;
		}
		const problems = compare(reasonsIn(readFileSync(join(root, page), "utf8")), new Map([...findingsOf(program), ...nag]));
		for (const problem of problems) process.stdout.write(`${page}: ${problem}\n`);
		if (problems.length > 0) process.exitCode = 1;
		else process.stdout.write(`${page} gives a reason for every finding of Checkov's and cdk-nag's\n`);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/** A cell of the table with checks, and the one behind it that says how many findings they have. */
interface Reason {
	checks: string[];
	findings: number;
}

/** Rows: | Checkov's checks | findings | cdk-nag's rules | findings | why |. */
function reasonsIn(markdown: string): Reason[] {
	return markdown.split("\n").flatMap((line) => {
		const [, checkov = "", checkovCount = "", nag = "", nagCount = "", why = ""] = line.split("|").map((cell) => cell.trim());
		if (why === "") return [];
		return [
			{ checks: [...(checkov.match(/\bCKV2?_AWS_\d+\b/g) ?? [])], findings: Number(checkovCount) },
			{ checks: (nag.match(/`\w+`/g) ?? []).map((rule) => `HIPAA.Security-${rule.slice(1, -1)}`), findings: Number(nagCount) },
		].filter(({ checks }) => checks.length > 0);
	});
}

/** Failed checks by id, with their number. */
function findingsOf(program: string): Map<string, number> {
	// Checkov ends with 1 where anything fails: what it wrote is the answer.
	const said = spawnSync(program, ["--directory", stack, "--framework", "terraform_json", "--compact", "--output", "json", "--skip-download"], {
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	if (!said.stdout.trimStart().startsWith("{")) throw new Error(`Checkov gave no report: ${said.stderr.trim().split("\n").at(-1) ?? ""}`);
	const { results } = JSON.parse(said.stdout) as { results: { failed_checks: { check_id: string }[] } };
	const counts = new Map<string, number>();
	for (const { check_id: id } of results.failed_checks) counts.set(id, (counts.get(id) ?? 0) + 1);
	return counts;
}

function compare(reasons: readonly Reason[], findings: ReadonlyMap<string, number>): string[] {
	const told = new Set(reasons.flatMap(({ checks }) => checks));
	const unexplained = [...findings].filter(([id]) => !told.has(id)).map(([id, count]) => `${id} has ${count} findings and no reason`);
	const wrong = reasons.flatMap(({ checks, findings: said }) => {
		const seen = checks.reduce((sum, id) => sum + (findings.get(id) ?? 0), 0);
		const gone = checks.filter((id) => !findings.has(id)).map((id) => `${id} has a reason and no finding`);
		return seen === said ? gone : [...gone, `${checks.join(", ")}: ${said} findings are told, ${seen} are there`];
	});
	return [...unexplained, ...wrong];
}
