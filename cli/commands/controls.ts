import { type Command, Option } from "commander";
import { listControls } from "../../pipeline/catalogue.ts";
import type { Invocation } from "../invocation.ts";
import { columns } from "../table.ts";

export function registerControls(program: Command, _invocation: Invocation): void {
	program
		.command("controls")
		.description("list the requirements and which check proves which")
		.addOption(new Option("--profile <name>").choices(["hipaa", "nprm-2025"]).default("hipaa"))
		.option("--json", "with citations and the proving checks, as JSON")
		.addHelpText("after", "\nExample:\n  $ mailward controls --json | jq .unproven")
		.action((options: { profile: string; json?: boolean }) => {
			const controls = listControls(options.profile);
			const unproven = controls.filter((control) => !control.proven).map((control) => control.id);
			if (options.json === true) {
				process.stdout.write(`${JSON.stringify({ schema: "mailward/controls/v1", profile: options.profile, controls, unproven }, null, 2)}\n`);
				return;
			}
			const count = (control: (typeof controls)[number]): string => `${new Set(Object.values(control.provenBy).flat()).size} checks`;
			process.stdout.write(columns(controls.map((control) => [control.id, control.implementation, count(control), control.title])));
			process.stdout.write(
				`\n${controls.length - unproven.length} of ${controls.length} controls have something that proves them${unproven.length === 0 ? "" : `; none yet for ${unproven.join(", ")}`}.\n`,
			);
		});
}
