import type { Command } from "commander";
import { listChecks } from "../../pipeline/catalogue.ts";
import type { Invocation } from "../invocation.ts";
import { columns } from "../table.ts";

export function registerChecks(program: Command, _invocation: Invocation): void {
	program
		.command("checks")
		.description("list what is judged")
		.option("--json", "with all metadata, as JSON")
		.addHelpText("after", "\nExample:\n  $ mailward checks --json | jq '.checks[] | select(.severity == \"critical\") | .id'")
		.action((options: { json?: boolean }) => {
			const checks = listChecks();
			if (options.json === true) process.stdout.write(`${JSON.stringify({ schema: "mailward/checks/v1", checks }, null, 2)}\n`);
			else process.stdout.write(columns(checks.map((check) => [check.id, check.severity, check.where.join(","), check.title])));
		});
}
