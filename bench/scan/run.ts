import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Timing, timed } from "../timed.ts";

const root = join(import.meta.dirname, "..", "..");

/**
 * One lab domain as a user scans it: DNS, SMTP with STARTTLS, MTA-STS over HTTPS, all checks, HTML report and sealed bundle; and
 * `--version`; both against the start of Node. The lab runs in a process of its own. Runs alternate, so that what else the machine
 * does bears on all alike; with --against another build's main.js takes turns with this one. Figures are medians.
 */
export async function run(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({ args: [...args], options: { runs: { type: "string", default: "11" }, against: { type: "string" } } });
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-"));
	const lab = spawn(process.execPath, [join(import.meta.dirname, "lab.ts"), dir], { stdio: ["pipe", "pipe", "inherit"] });
	try {
		await Promise.race([once(lab.stdout, "data"), once(lab, "exit").then(() => Promise.reject(new Error("the lab did not start")))]);
		const own = join(root, "dist/cli/main.js");
		const out = join(dir, "report");
		const scan = ["scan", "--out", out, "--quiet"];
		const programs: Record<string, string[]> = {
			"node -e 0": ["-e", "0"],
			"mailward --version": [own, "--version"],
			"mailward scan": [own, ...scan],
			...(values.against === undefined ? {} : { "the other --version": [values.against, "--version"], "the other scan": [values.against, ...scan] }),
		};
		const timings = new Map<string, Timing[]>(Object.keys(programs).map((name) => [name, []]));
		// The first turn fills the caches of code and files and does not count.
		for (let turn = 0; turn <= Number(values.runs); turn++) {
			for (const [name, command] of Object.entries(programs)) {
				const timing = await timed(dir, process.execPath, command, "ignore");
				if (turn > 0) timings.get(name)?.push(timing);
				rmSync(out, { recursive: true, force: true });
			}
		}
		const [start] = [...timings.values()];
		for (const [name, of] of timings)
			process.stdout.write(`${name}: ${told(of)}${start === of || start === undefined ? "" : `; ${ratio(of, start)} of node -e 0`}\n`);
		const [mine, other] = [timings.get("mailward scan"), timings.get("the other scan")];
		if (mine !== undefined && other !== undefined) process.stdout.write(`the scan takes ${ratio(mine, other)} of the other\n`);
	} finally {
		lab.stdin.end();
		rmSync(dir, { recursive: true, force: true });
	}
}

function told(timings: readonly Timing[]): string {
	const seconds = timings.map((one) => one.seconds);
	const codes = [...new Set(timings.map(({ code }) => code))].join();
	return `${median(seconds).toFixed(3)} s (least ${Math.min(...seconds).toFixed(3)}), ${median(timings.map((one) => one.cpuSeconds)).toFixed(2)} s of CPU, peak ${median(timings.map((one) => one.peakMegabytes))} MB, exit ${codes}`;
}

/** Median of the ratios of runs that stood side by side. */
function ratio(these: readonly Timing[], those: readonly Timing[]): string {
	const pairs = (of: (timing: Timing) => number): string => median(these.map((one, index) => of(one) / of(those[index] ?? one))).toFixed(2);
	return `${pairs(({ seconds }) => seconds)} times the time, ${pairs(({ cpuSeconds }) => cpuSeconds)} times the CPU`;
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
