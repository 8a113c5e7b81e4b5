/** npm run bench -- <name> [arguments]: one benchmark by the name of its folder. Figures go to stdout; nothing here is a test. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [name, ...args] = process.argv.slice(2);
const names = readdirSync(import.meta.dirname).filter((one) => existsSync(join(import.meta.dirname, one, "run.ts")));
if (name === undefined || !names.includes(name)) {
	process.stderr.write(`usage: npm run bench -- ${names.join(" | ")}\n`);
	process.exitCode = 2;
} else {
	const { run } = (await import(`./${name}/run.ts`)) as { run(args: readonly string[]): Promise<void> };
	await run(args);
}
