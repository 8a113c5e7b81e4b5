import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installCheckov } from "./checkov.ts";

const root = join(import.meta.dirname, "..", "..");
const page = "docs/stacks.md";

/**
 * Holds the table of docs/stacks.md to what Checkov says of the complete example: a finding without a reason, a reason without a
 * finding and a wrong count end with exit code 1; exit code 3 says that Checkov could not be had.
 */
export async function run(): Promise<void> {
	const dir = mkdtempSync(join(tmpdir(), "mailward-peers-"));
	try {
		const program = installCheckov(dir);
		if (program === undefined) {
			process.exitCode = 3;
			return;
		}
		const problems = compare(reasonsIn(readFileSync(join(root, page), "utf8")), findingsOf(program));
		for (const problem of problems) process.stdout.write(`${page}: ${problem}\n`);
		if (problems.length > 0) process.exitCode = 1;
		else process.stdout.write(`${page} gives a reason for every finding of Checkov's\n`);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/** A row of the table: the checks it speaks of, and how many findings of theirs. */
interface Reason {
	checks: string[];
	findings: number;
}

function reasonsIn(markdown: string): Reason[] {
	return markdown.split("\n").flatMap((line) => {
		const [, first = "", count = "", why = ""] = line.split("|").map((cell) => cell.trim());
		const checks = first.match(/\bCKV2?_AWS_\d+\b/g);
		return checks === null || why === "" ? [] : [{ checks: [...checks], findings: Number(count) }];
	});
}

/** Failed checks by id, with their number. */
function findingsOf(program: string): Map<string, number> {
	const stack = join(root, "examples/complete/cdktf.out/stacks/mail");
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
