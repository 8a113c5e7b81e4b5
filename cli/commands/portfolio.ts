import { basename, relative } from "node:path";
import type { Command } from "commander";
import { portfolio } from "../../pipeline/portfolio.ts";
import type { Invocation } from "../invocation.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";

export function registerPortfolio(program: Command, _invocation: Invocation): void {
	withCommon(program.command("portfolio <dir...>"))
		.description("one page over many clients' bundles, which are verified first, with the trend of each")
		.option("--out <dir>", "folder for index.html", ".")
		.addHelpText("after", "\nExample:\n  $ mailward portfolio clients/* --out clients")
		.action(async (dirs: string[], options: { out: string; quiet?: boolean; color: boolean }) => {
			const written = await portfolio(
				dirs.map((dir) => ({ dir, name: basename(dir), href: `${relative(options.out, dir) || "."}/report.html` })),
				options.out,
			);
			createTerminal({ quiet: options.quiet ?? false, colour: options.color }).line(`Open ${written} in a browser.`);
		});
}
