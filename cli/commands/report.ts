import type { Command } from "commander";
import { readResult, themeOf, writeReports } from "../../pipeline/report.ts";
import type { Invocation } from "../program.ts";
import { parseFormats, written } from "../run.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";

export function registerReport(program: Command, _invocation: Invocation): void {
	withCommon(program.command("report <dir>"))
		.description("write the report of a judged bundle again, offline")
		.option("--format <list>", "html, json", parseFormats, ["html", "json"])
		.addHelpText("after", "\nExample:\n  $ mailward report mailward-report --format html")
		.action(async (dir: string, options: { format: string[]; quiet?: boolean; color: boolean }) => {
			const result = await readResult(dir);
			await writeReports(dir, result, options.format, await themeOf(dir, result, (path) => path));
			createTerminal({ quiet: options.quiet ?? false, colour: options.color }).line(written(dir, options.format));
		});
}
