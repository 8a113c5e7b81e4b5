import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Stub {
	port: number;
	questions(): Promise<number>;
	stop(): void;
}

/** Starts the DNS stub in a process of its own, so that its work is not the scanner's. */
export async function startStub(delayMs: number): Promise<Stub> {
	const child = spawn(process.execPath, [join(import.meta.dirname, "stub.ts"), String(delayMs)], { stdio: ["pipe", "pipe", "inherit"] });
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const next = async (): Promise<number> => Number((await lines.next()).value);
	const port = await next();
	return {
		port,
		async questions() {
			child.stdin.write("count\n");
			return next();
		},
		stop: () => child.stdin.end(),
	};
}
