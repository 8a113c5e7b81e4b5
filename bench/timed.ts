import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Timing {
	seconds: number;
	cpuSeconds: number;
	peakMegabytes: number;
	code: number | null;
}

/** Wall time of a process, its CPU time on all cores and its peak resident memory, read from /proc while it runs. */
export async function timed(cwd: string, program: string, args: readonly string[], stdout: "inherit" | "ignore" = "inherit"): Promise<Timing> {
	const started = performance.now();
	const child = spawn(program, args, { cwd, stdio: ["ignore", stdout, "inherit"] });
	// A benchmark that is stopped must not leave what it measures running.
	const stop = (signal: NodeJS.Signals): void => {
		child.kill(signal);
		process.exit(1);
	};
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
	let peak = 0;
	let ticks = 0;
	const timer = setInterval(() => {
		const kilobytes = /^VmHWM:\s+(\d+)/m.exec(procFile(child.pid, "status"))?.[1];
		peak = Math.max(peak, Number(kilobytes ?? 0));
		// proc(5): user and system time are fields 14 and 15, in hundredths of a second; the name in field 2 may hold spaces.
		const fields = procFile(child.pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
		ticks = Math.max(ticks, Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
	}, 10);
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	clearInterval(timer);
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
	return { seconds: (performance.now() - started) / 1000, cpuSeconds: ticks / 100, peakMegabytes: Math.round(peak / 1024), code };
}

function procFile(pid: number | undefined, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, "utf8");
	} catch (error) {
		if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
		throw error;
	}
}
