import type { Command } from "commander";
import { exitCodes } from "../../pipeline/exit-code.ts";
import type { Invocation } from "../invocation.ts";
import { drawProgress } from "../progress.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";

export function registerDemo(program: Command, invocation: Invocation): void {
	withCommon(program.command("demo"))
		.description("scan three sample clinics in a lab on this machine and write their reports")
		.option("--out <dir>", "where", "mailward-demo")
		.addHelpText("after", "\nThe lab runs real DNS, SMTP and HTTPS servers on 127.0.0.1; nothing leaves this machine.")
		.action(async (options: { out: string; quiet?: boolean; color: boolean }) => {
			const terminal = createTerminal({ quiet: options.quiet ?? false, colour: options.color });
			const { progress, clear } = drawProgress(terminal);
			// The lab and its servers are loaded for this command alone.
			const { demo } = await import("../../pipeline/demo.ts");
			const outcome = await demo({ out: options.out, signal: invocation.signal, progress });
			clear();
			if (invocation.signal.aborted) {
				terminal.line(`interrupted; what was gathered so far is in ${options.out}`);
				invocation.exit(exitCodes.interrupted);
				return;
			}
			for (const clinic of outcome.clinics) {
				const { pass, fail, not_assessed, not_applicable } = clinic.totals;
				terminal.line(
					`${clinic.name.padEnd(12)} ${String(pass).padStart(3)} passed  ${String(fail).padStart(3)} failed  ${String(not_assessed).padStart(3)} not assessed  ${String(not_applicable).padStart(3)} not applicable  ${clinic.report}`,
				);
			}
			terminal.line(`\nOpen ${outcome.index} in a browser: the page over all three, with a link to each report.`);
		});
}
