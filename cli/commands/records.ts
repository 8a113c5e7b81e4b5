import { existsSync } from "node:fs";
import type { Command } from "commander";
import { InputError } from "../../model/source.ts";
import { checkRecords } from "../../pipeline/records.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage-error.ts";

export function registerRecords(program: Command, invocation: Invocation): void {
	program
		.command("records")
		.description("work on the records folder")
		.command("check [dir]")
		.description("validate all records offline: file, line, field, remedy")
		.addHelpText("after", "\nExample (pre-commit):\n  $ mailward records check records/")
		.action(async (dir: string | undefined) => {
			const folder = dir ?? "records/";
			if (!existsSync(folder)) throw new UsageError(`${folder}: no such folder; write one with: mailward init`);
			const { items, tables, problems } = await checkRecords(folder, invocation.signal);
			if (problems.length > 0) throw new InputError(problems);
			const counts = [...Map.groupBy(items, (item) => item.kind)].map(([kind, group]) => `${group.length} ${kind}`);
			counts.push(...tables.map(({ file, rows }) => `${rows} authorizations in ${file}`));
			process.stdout.write(`${folder}: ${counts.length === 0 ? "no records" : counts.join(", ")}; no problems\n`);
		});
}
