import type { Command } from "commander";
import { initProject } from "../../pipeline/init.ts";
import type { Invocation } from "../invocation.ts";

export function registerInit(program: Command, _invocation: Invocation): void {
	program
		.command("init")
		.description("write a commented mailward.yaml and a records/ skeleton; nothing is overwritten")
		.option("--dir <dir>", "where", ".")
		.action(async (options: { dir: string }) => {
			for (const { path, written } of await initProject(options.dir)) process.stdout.write(`${written ? "wrote  " : "kept   "} ${path}\n`);
			process.stdout.write("Next: name your domains in mailward.yaml, then run: mailward scan\n");
		});
}
