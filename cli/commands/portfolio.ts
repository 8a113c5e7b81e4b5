import { basename, relative } from "node:path";
import type { Command } from "commander";
import { fromConfig, loadConfig } from "../../pipeline/config.ts";
import { portfolio } from "../../pipeline/portfolio.ts";
import type { Invocation } from "../invocation.ts";
import { withCommon } from "../run-options.ts";
import { createTerminal } from "../terminal.ts";

export function registerPortfolio(program: Command, _invocation: Invocation): void {
	withCommon(program.command("portfolio <dir...>"))
		.description("one page over many clients' bundles, which are verified first, with the trend of each")
		.option("--out <dir>", "folder for index.html", ".")
		.option("-c, --config <file>", "take name, contact, logo, colours and texts of the page from report in this configuration (default: none)")
		.addHelpText("after", "\nExample:\n  $ mailward portfolio clients/* --out clients -c firm.yaml")
		.action(async (dirs: string[], options: { out: string; config?: string; quiet?: boolean; color: boolean }) => {
			const { config } = options;
			const look = config === undefined ? {} : { report: (await loadConfig(config)).report, open: (path: string) => fromConfig(config, path) };
			const written = await portfolio(
				dirs.map((dir) => ({ dir, name: basename(dir), href: `${relative(options.out, dir) || "."}/report.html` })),
				options.out,
				look,
			);
			createTerminal({ quiet: options.quiet ?? false, colour: options.color }).line(`Open ${written} in a browser.`);
		});
}
