import type { Command } from "commander";
import { collect, touches } from "../../pipeline/collect.ts";
import { exitCodes } from "../../pipeline/exit-code.ts";
import { prepareOutDir } from "../../pipeline/out-dir.ts";
import type { Invocation } from "../invocation.ts";
import { createLog } from "../log.ts";
import { drawProgress } from "../progress.ts";
import { baselineOf } from "../run.ts";
import { type RunOptions, resolveRequest, withCommon, withTargets } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";

export function registerCollect(program: Command, invocation: Invocation): void {
	withCommon(withTargets(program.command("collect")))
		.description("collect evidence only; evaluate and report work on it offline")
		.option("--out <dir>", "bundle to write", "mailward-report")
		.option("--dry-run", "list what it would touch, and touch none")
		.addHelpText("after", "\nExample:\n  $ mailward collect --domain example.org --out evidence-2026 && mailward evaluate evidence-2026")
		.action(async (options: RunOptions & { dryRun?: boolean }) => {
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			const { config, request } = await resolveRequest(options);
			if (options.dryRun === true) {
				for (const { target, touches: touched } of touches(config, request))
					process.stdout.write(`${target}\n${touched.map((line) => `  ${line}\n`).join("")}`);
				return;
			}
			const baseline = await baselineOf(options, config);
			const moved = await prepareOutDir(options.out);
			if (moved !== undefined) terminal.line(`the earlier bundle was moved to ${moved}`);
			const { progress, clear } = drawProgress(terminal);
			const fixed = options.now;
			const manifest = await collect({
				config,
				request,
				out: options.out,
				profile: "hipaa",
				concurrency: options.concurrency,
				now: fixed === undefined ? () => new Date() : () => fixed,
				signal: invocation.signal,
				progress,
				log: createLog({ verbose: options.verbose ?? false, json: options.logFormat === "json" }),
				evidence: options.evidence,
				baseline,
				subjectKey: options.subjectKey,
				waivers: options.waivers,
				data: options.data,
			});
			clear();
			const items = manifest.files.reduce((sum, file) => sum + file.items, 0);
			terminal.line(`${items} evidence items of ${manifest.targets.length} targets in ${options.out}; judge them with: mailward evaluate ${options.out}`);
			if (manifest.run.interrupted) invocation.exit(exitCodes.interrupted);
		});
}
