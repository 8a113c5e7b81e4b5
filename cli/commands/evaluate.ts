import type { Command } from "commander";
import { previousOf } from "../../pipeline/bundle/previous.ts";
import { judgementOf, loadConfig } from "../../pipeline/config.ts";
import { evaluateBundle } from "../../pipeline/evaluate.ts";
import { themeOf, writeReports } from "../../pipeline/report.ts";
import type { Invocation } from "../invocation.ts";
import { checkJudged, exitOf } from "../run.ts";
import { checkGlobs, type JudgeOptions, parseNow, withCommon, withJudgement } from "../run-options.ts";
import { printSummary } from "../summary.ts";
import { createTerminal } from "../terminal.ts";

interface EvaluateOptions extends JudgeOptions {
	config?: string;
	profile?: string;
	now?: Date;
	out?: string;
	quiet?: boolean;
	color: boolean;
}

export function registerEvaluate(program: Command, invocation: Invocation): void {
	const command = withCommon(withJudgement(program.command("evaluate <dir>")));
	command
		.description("judge stored evidence again, offline; the clock is that of the collection unless --now is given")
		.option("-c, --config <file>", "take entity, parameters and accepted codes from this file instead of the evidence")
		.option("--now <time>", "judge as of this time, RFC 3339: ages follow it", parseNow)
		.option("--out <dir>", "bundle to write result.json into, or - for stdout (default: <dir>)")
		.addHelpText("after", "\nExamples:\n  $ mailward evaluate mailward-report\n  $ mailward evaluate mailward-report --now 2027-06-01T00:00:00Z --out -")
		.action(async (dir: string, options: EvaluateOptions) => {
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			checkGlobs(options);
			const judgement = options.config === undefined ? undefined : judgementOf(await loadConfig(options.config));
			const result = await evaluateBundle({
				dir,
				asOf: options.now,
				// Judging again keeps the profile of the evidence unless told otherwise.
				profile: command.getOptionValueSource("profile") === "cli" ? options.profile : undefined,
				judgement,
				include: options.check,
				skip: options.skip,
				accept: options.accept,
			});
			if (options.out === "-") process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
			else
				await writeReports(options.out ?? dir, result, ["json"], await themeOf(dir, result, (path) => path), {
					previous: await previousOf(options.out ?? dir),
				});
			printSummary(result, terminal);
			checkJudged(result, options);
			invocation.exit(exitOf(result, options));
		});
}
