import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { emulatorPresent, pointAt, startEmulator } from "../../test/support/aws-emulator.ts";
import { prowler } from "../peers/prowler.ts";
import { type Timing, timed } from "../timed.ts";
import { startCountingFront } from "./counting-front.ts";
import { seedAccount, unit } from "./seed.ts";

const root = join(import.meta.dirname, "..", "..");

/**
 * A live account in the emulator, and one of ten times the size: wall and CPU time and peak memory of the whole process, calls counted
 * by a front in a run of their own; then Prowler on the smaller one, where Python can install it.
 */
export async function run(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({
		args: [...args],
		options: { times: { type: "string", default: "1,10" }, peers: { type: "boolean", default: false }, "peers-dir": { type: "string" } },
	});
	if (!emulatorPresent) return;
	const dir = mkdtempSync(join(tmpdir(), "mailward-bench-"));
	const figures: { resources: number; timing: Timing }[] = [];
	try {
		for (const [turn, times] of values.times.split(",").map(Number).entries()) {
			const emulator = await startEmulator();
			try {
				const resources = await seedAccount(times);
				const timing = await scan(dir, `timed-${times}`);
				figures.push({ resources, timing });
				const said = Object.entries(unit).map(([kind, count]) => `${count * times} ${kind}`);
				process.stdout.write(`mailward, ${said.join(", ")}: ${told(timing)}\n`);
				const front = await startCountingFront(emulator.url);
				pointAt(front.url);
				await scan(dir, `counted-${times}`);
				const { calls, different } = front.counted();
				front.close();
				pointAt(emulator.url);
				process.stdout.write(`  ${calls} calls, ${different} different ones: ${(calls / different).toFixed(3)} of each page and each detail of a resource\n`);
				if (values.peers && turn === 0) await prowler(values["peers-dir"] ?? dir, timing);
			} finally {
				emulator.stop();
			}
		}
		const [small, large] = figures;
		if (small !== undefined && large !== undefined) {
			const [times, wall, cpu] = [
				large.resources / small.resources,
				large.timing.seconds / small.timing.seconds,
				large.timing.cpuSeconds / small.timing.cpuSeconds,
			];
			process.stdout.write(`${times.toFixed(0)} times the resources take ${wall.toFixed(1)} times as long (${cpu.toFixed(1)} times the CPU)\n`);
		}
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

function scan(dir: string, name: string): Promise<Timing> {
	return timed(dir, process.execPath, [
		join(root, "dist/cli/main.js"),
		...["scan", "--aws", "--region", "us-east-1", "--format", "json", "--out", join(dir, name), "--quiet"],
	]);
}

function told({ seconds, cpuSeconds, peakMegabytes, code }: Timing): string {
	return `${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, peak ${peakMegabytes} MB, exit ${code}`;
}
