import type { Command } from "commander";
import { previousOf } from "../../pipeline/bundle/previous.ts";
import { sealOf } from "../../pipeline/bundle/seal-of.ts";
import { fromConfig, loadConfig } from "../../pipeline/config.ts";
import { readResult } from "../../pipeline/read-result.ts";
import { checkFindings, checkFormats, themeOf, writeReports } from "../../pipeline/report.ts";
import { keepHeapLow } from "../heap.ts";
import type { Invocation } from "../invocation.ts";
import { findingHelp, findingOfRedacted, formatHelp, packerOf, parseFormats, printing, recipientHelp, redact, redactHelp, written } from "../run.ts";
import { several, withCommon } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

interface ReportCommandOptions {
	config?: string;
	bundle?: string;
	recipient: string[];
	redact?: boolean;
	finding: string[];
	final?: boolean;
	format: string[];
	quiet?: boolean;
	color: boolean;
}

export function registerReport(program: Command, invocation: Invocation): void {
	withCommon(program.command("report <dir>"))
		.description("write the report of a judged bundle again, offline")
		.option("-c, --config <file>", "sign and stamp as this configuration says, and find the logo beside it (default: neither)")
		.option("--bundle <file>", "pack the bundle, with --redact the redacted one, into one zip file as well")
		.option("--recipient <who>", recipientHelp, several, [])
		.option("--redact", redactHelp)
		.option("--finding <id>", findingHelp, several, [])
		.option("--final", "mark the report as final: signed off by the preparer (default: draft)")
		.option("--format <list>", formatHelp, parseFormats, ["html", "json"])
		.addHelpText(
			"after",
			"\nExamples:\n  $ mailward report mailward-report --format html\n  $ mailward report mailward-report --format pdf             report.html printed by Chromium: on PATH, or MAILWARD_CHROMIUM\n  $ mailward report mailward-report --format sarif,junit,csv,oscal\n  $ mailward report mailward-report --redact                 mailward-report.redacted, to be shown to others\n  $ mailward report mailward-report --finding F-0123456789 --format html,pdf   one page for whoever fixes it",
		)
		.action(async (dir: string, options: ReportCommandOptions) => {
			const { config } = options;
			keepHeapLow();
			await checkFormats(options.format);
			const pack = await packerOf(options);
			const seal = config === undefined ? {} : await sealOf(await loadConfig(config), (path) => fromConfig(config, path));
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			if (options.redact === true && options.finding.length > 0) throw new UsageError(findingOfRedacted);
			if (options.redact === true) {
				await pack(await redact(dir, options.format, { ...seal, signal: invocation.signal }, terminal));
				return;
			}
			const result = await readResult(dir);
			checkFindings(result, options.finding);
			if (options.format.includes("pdf")) terminal.line(printing);
			const open = (path: string): string => (config === undefined ? path : fromConfig(config, path));
			const theme = await themeOf(dir, result, open, options.final === true ? "final" : "draft");
			const sealed = { ...seal, previous: await previousOf(dir), signal: invocation.signal };
			for (const said of await writeReports(dir, result, options.format, theme, sealed, options.finding)) terminal.line(said);
			await pack(dir);
			terminal.line(written(dir, options.format));
		});
}
