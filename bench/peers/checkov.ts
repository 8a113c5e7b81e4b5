import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { timed } from "../timed.ts";

/** Runs Checkov over a folder with a cdk.tf.json, installed into `dir` on demand, and prints its figures beside ours. */
export async function checkov(dir: string, folder: string, ourCpuSeconds: number): Promise<void> {
	const program = installCheckov(dir);
	if (program === undefined) return;
	const args = ["--directory", folder, "--framework", "terraform_json", "--compact", "--quiet", "--output", "json", "--skip-download"];
	const timing = await timed(dir, program, args, "ignore");
	process.stdout.write(
		`Checkov, the same file: ${timing.seconds.toFixed(1)} s, ${timing.cpuSeconds.toFixed(1)} s of CPU, peak ${timing.peakMegabytes} MB; mailward takes ${(timing.cpuSeconds / ourCpuSeconds).toFixed(0)} times less CPU in the same run\n`,
	);
}

/** The path of the program in a virtual environment of its own; undefined, and the reason printed, where it cannot be had. */
export function installCheckov(dir: string): string | undefined {
	const venv = join(dir, "checkov");
	const program = join(venv, "bin", "checkov");
	const installed = spawnSync("sh", ["-c", `python3 -m venv ${venv} && ${venv}/bin/pip install --quiet checkov==3.3.30`], { encoding: "utf8" });
	if (installed.status === 0 && existsSync(program)) return program;
	process.stdout.write(`Checkov could not be installed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}\n`);
	return undefined;
}
