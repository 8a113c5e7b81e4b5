import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
// Servers live in sbin, which an ordinary PATH leaves out.
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
const env = { ...process.env, PATH: folders.join(delimiter) };

/** Why tests against these programs cannot run here, or undefined when they can. */
export function missing(programs: readonly string[]): string | undefined {
	const absent = programs.filter((program) => !folders.some((folder) => isExecutable(join(folder, program))));
	return absent.length === 0 ? undefined : `not installed: ${absent.join(", ")}`;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error) return false;
		throw error;
	}
}

/** Standard output of a program that ends by itself; rejects with what it wrote when it fails. */
export async function output(
	program: string,
	args: readonly string[],
	options: { cwd?: string; accept?: readonly number[]; input?: string } = {},
): Promise<string> {
	const running = run(program, [...args], { env, timeout: 30_000, maxBuffer: 32 * 1024 * 1024, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
	// A program that has made up its mind before it reads closes its end: what it says of it is its exit code.
	running.child.stdin?.on("error", () => undefined);
	running.child.stdin?.end(options.input ?? "");
	try {
		return (await running).stdout;
	} catch (error) {
		const { code, stdout } = error as { code?: unknown; stdout?: string };
		if (typeof code === "number" && options.accept?.includes(code) === true) return stdout ?? "";
		throw error;
	}
}

export interface RunningServer {
	stop(): Promise<void>;
}

/** Starts a server that stays in the foreground, and waits until it takes connections. Rejects with what it wrote when it ends before. */
export async function startServer(program: string, args: readonly string[], at: { address: string; port: number }): Promise<RunningServer> {
	const child = spawn(program, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	const listen = (text: Buffer): void => {
		said = `${said}${text.toString()}`.slice(-4000);
	};
	child.stdout.on("data", listen);
	child.stderr.on("data", listen);
	const ended = new Promise<void>((resolve) => {
		child.once("exit", () => resolve());
		child.once("error", () => resolve());
	});
	const server = { stop: () => stop(child, ended) };
	if (await answers(at, () => child.exitCode !== null || child.signalCode !== null)) return server;
	await server.stop();
	throw new Error(`${program} did not start: ${said}`);
}

/** Waits until something takes connections there; false after ten seconds or when it is given up before. */
export async function answers(at: { address: string; port: number }, isGivenUp: () => boolean = () => false): Promise<boolean> {
	for (let tries = 0; tries < 200 && !isGivenUp(); tries++) {
		if (await takesConnections(at)) return true;
		await wait(50);
	}
	return false;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
	child.kill("SIGTERM");
	const deadline = wait(3000, undefined, { ref: false }).then(() => child.kill("SIGKILL"));
	await Promise.race([ended, deadline]);
}

function takesConnections({ address, port }: { address: string; port: number }): Promise<boolean> {
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const socket = connect({ host: address, port }, () => {
		socket.destroy();
		resolve(true);
	});
	socket.on("error", () => resolve(false));
	return promise;
}
