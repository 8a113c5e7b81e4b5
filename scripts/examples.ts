import { spawnSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** npm run examples: synthesizes every examples/<scenario>/main.ts into the output that is committed beside it. */
const root = join(import.meta.dirname, "..");
for (const main of globSync("examples/*/main.ts", { cwd: root }).sort()) {
	rmSync(join(root, dirname(main), "cdktf.out"), { recursive: true, force: true });
	const { status } = spawnSync(process.execPath, [join(root, main)], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
	if (status !== 0) {
		process.stderr.write(`${main} did not synthesize\n`);
		process.exit(1);
	}
}
