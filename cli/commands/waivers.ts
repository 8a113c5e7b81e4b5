import { existsSync } from "node:fs";
import type { Command } from "commander";
import { testWaivers, type WaiverUse } from "../../pipeline/waivers.ts";
import type { Invocation } from "../invocation.ts";
import { parseNow } from "../run-options.ts";
import { createTerminal, shownText, type Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Ends within this many days: time to renew it, or to mend what it covers. */
const soonDays = 30;

export function registerWaivers(program: Command, invocation: Invocation): void {
	program
		.command("waivers")
		.description("work on the waivers of the records folder")
		.command("test [dir]")
		.description("which waivers match what in a scan, which are unused, void or run out, which expire within 30 days")
		.option("--records <dir>", "folder with records", "records/")
		.option("--now <time>", "as of this time, RFC 3339", parseNow)
		.addHelpText(
			"after",
			"\nExamples:\n  $ mailward waivers test                       the waivers of records/ over mailward-report/\n  $ mailward waivers test old-report --records records/",
		)
		.action(async (dir: string | undefined, options: { records: string; now?: Date }) => {
			if (!existsSync(options.records)) throw new UsageError(`${options.records}: no such folder; name it with --records`);
			const uses = await testWaivers({ scan: dir ?? "mailward-report", records: options.records, now: options.now ?? new Date(), signal: invocation.signal });
			const terminal = createTerminal({ quiet: false, colour: true });
			for (const use of uses) process.stdout.write(textOf(use, terminal));
			if (uses.length === 0) process.stdout.write("no waivers\n");
		});
}

function textOf(use: WaiverUse, terminal: Terminal): string {
	const lines = [`${terminal.paint("bold", shownText(use.id))}: ${standing(use, terminal)}`];
	for (const { id, nearest } of use.unknownChecks) {
		lines.push(
			terminal.paint("red", `  names ${shownText(id)}, which is no check of this version${nearest === undefined ? "" : `; did you mean ${nearest}?`}`),
		);
	}
	for (const item of use.fails) lines.push(`  covers ${shownText(item.check)} on ${shownText(item.resource)}`);
	if (use.others > 0) lines.push(terminal.paint("dim", `  its scope also holds ${use.others} results that do not fail`));
	return `${lines.join("\n")}\n`;
}

function standing({ daysLeft, lastDay, isFuture, fails, voidBy }: WaiverUse, terminal: Terminal): string {
	if (isFuture) return "not in force yet";
	if (daysLeft < 0) return terminal.paint("red", `ran out on ${lastDay}: what it covered fails again`);
	if (voidBy.length > 0) return terminal.paint("red", `void: its linked check fails (${voidBy.map((check) => shownText(check)).join(", ")})`);
	const use =
		fails.length === 0
			? terminal.paint("yellow", "unused: nothing that it covers fails")
			: `covers ${fails.length} ${fails.length === 1 ? "failure" : "failures"}`;
	const end = daysLeft <= soonDays ? terminal.paint("yellow", `; expires in ${daysLeft} days, on ${lastDay}`) : `; until ${lastDay}`;
	return `${use}${end}`;
}
