import { type Command, Option } from "commander";
import { type DiffEntry, diffGroups, diffMeanings } from "../../model/diff.ts";
import { type Comparison, compareScans } from "../../pipeline/diff.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import { keepHeapLow } from "../heap.ts";
import type { Invocation } from "../invocation.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal, shownText, type Terminal } from "../terminal.ts";

interface DiffCommandOptions {
	format: "text" | "json";
	failOnRegression?: boolean;
	quiet?: boolean;
	color: boolean;
}

/** Rows of one group on a terminal; the rest is counted, and stands in --format json. */
const listed = 25;
/** Groups that say that something is worse than it was. */
const worse = new Set(["new", "regressed", "coverage_lost", "unwaived", "expired"]);

export function registerDiff(program: Command, invocation: Invocation): void {
	withCommon(program.command("diff <old> <new>"))
		.description("what changed between two scans: bundles, which are verified first, or result.json files; offline")
		.addOption(new Option("--format <format>", "output").choices(["text", "json"]).default("text"))
		.option("--fail-on-regression", "exit 1 if anything is new, regressed, unwaived, expired or no longer assessed")
		.addHelpText(
			"after",
			"\nExamples:\n  $ mailward diff mailward-report.20261001T060000Z mailward-report\n  $ mailward diff old/result.json new/result.json --format json",
		)
		.action(async (before: string, after: string, options: DiffCommandOptions) => {
			keepHeapLow();
			const comparison = await compareScans(before, after);
			if (options.format === "json") process.stdout.write(`${JSON.stringify(documentOf(comparison), null, 2)}\n`);
			else print(comparison, createTerminal({ quiet: options.quiet ?? false, colour: options.color }));
			if (options.failOnRegression === true && comparison.entries.some((entry) => worse.has(entry.group))) invocation.exit(exitCodes.failed);
		});
}

function documentOf({ before, after, entries, counts }: Comparison): object {
	const side = ({ result, isBundle }: Comparison["before"]): object => ({ asOf: result.run.asOf, policySha256: result.run.policySha256, verified: isBundle });
	return {
		schema: "mailward/diff/v1",
		before: side(before),
		after: side(after),
		counts,
		entries: entries.map(({ group, id, before: old, after: item }) => ({
			group,
			id,
			check: (item ?? old)?.check,
			resource: (item ?? old)?.resource,
			severity: (item ?? old)?.severity,
			before: old === null ? null : { state: old.state, reason: old.reason, observed: old.observed, message: old.message },
			after: item === null ? null : { state: item.state, reason: item.reason, observed: item.observed, message: item.message },
		})),
	};
}

function print({ before, after, entries, counts }: Comparison, terminal: Terminal): void {
	terminal.line(
		`${before.result.run.asOf} to ${after.result.run.asOf}${before.result.run.policySha256 === after.result.run.policySha256 ? "" : "; the policies differ"}`,
	);
	for (const { isBundle, which } of [
		{ isBundle: before.isBundle, which: "OLD" },
		{ isBundle: after.isBundle, which: "NEW" },
	]) {
		if (!isBundle) terminal.line(terminal.paint("yellow", `${which} is a bare result.json: nothing vouches for it`));
	}
	for (const group of diffGroups) {
		if (counts[group] === 0) continue;
		process.stdout.write(
			`\n${terminal.paint(worse.has(group) ? "red" : "bold", `${group.replaceAll("_", " ")}: ${counts[group]}`)} ${terminal.paint("dim", diffMeanings[group])}\n`,
		);
		if (group === "unchanged") continue;
		const rows = entries.filter((entry) => entry.group === group);
		for (const row of rows.slice(0, listed)) process.stdout.write(`  ${line(row)}\n`);
		if (rows.length > listed) process.stdout.write(`  and ${rows.length - listed} more\n`);
	}
}

function line({ before, after }: DiffEntry): string {
	const item = after ?? before;
	const words = (one: DiffEntry["before"]): string => (one === null ? "not there" : one.reason === null ? one.state : `${one.state} (${one.reason.code})`);
	return `${shownText(item?.check ?? "")} ${shownText(item?.resource ?? "", 200)}: ${words(before)} → ${words(after)}`;
}
