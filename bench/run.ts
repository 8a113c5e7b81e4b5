/** npm run bench -- <name> [arguments]: one benchmark by name. Figures go to stdout; nothing here is a test. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const [name, ...args] = process.argv.slice(2);
const names = ["aws", "domains", "plan", "reconcile"];
if (name === undefined || !existsSync(join(import.meta.dirname, name, "run.ts"))) {
	process.stderr.write(`usage: npm run bench -- ${names.join(" | ")}\n`);
	process.exitCode = 2;
} else {
	const { run } = (await import(`./${name}/run.ts`)) as { run(args: readonly string[]): Promise<void> };
	await run(args);
}
