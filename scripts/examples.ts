import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

/** npm run examples: synthesizes every examples/<scenario>/main.ts into the output that is committed beside it. */
const root = join(import.meta.dirname, "..");
for (const main of globSync("examples/*/main.ts", { cwd: root }).sort()) {
	const { status } = spawnSync(process.execPath, [join(root, main)], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
	if (status !== 0) {
		process.stderr.write(`${main} did not synthesize\n`);
		process.exit(1);
	}
}
