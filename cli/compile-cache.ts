import { mkdirSync, statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Keeps compiled code between runs: most of a short scan is start-up. It lies in the user's own cache folder and not in the shared one
 * for temporary files, where somebody else could put code in its place; NODE_COMPILE_CACHE names another. Where there is no
 * such folder the run goes on without.
 */
export function keepCompiledCode(): void {
	// Node has then read the variable itself.
	if (process.env.NODE_COMPILE_CACHE !== undefined) return;
	const folder = ownFolder();
	if (folder !== undefined) module.enableCompileCache?.(folder);
}

function ownFolder(): string | undefined {
	try {
		let folder = cacheFolder();
		if (folder === undefined || !isAbsolute(folder)) return undefined;
		// One by one: with `recursive`, a parent that refuses (as /proc does) sends the runtime round in circles.
		makeFolder(folder);
		for (const name of ["mailward", "node"]) {
			folder = join(folder, name);
			makeFolder(folder);
		}
		const { uid, mode } = statSync(folder);
		// Windows has no user numbers; there the folder lies in the user's profile.
		const mine = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
		return mine ? folder : undefined;
	} catch (error) {
		// No home, no right to write there, a file in the way: a cache is a help and never a condition.
		if (error instanceof Error && "code" in error) return undefined;
		throw error;
	}
}

/** Where a program keeps what it can make again: by the XDG Base Directory Specification, and as macOS and Windows have it. */
function cacheFolder(): string | undefined {
	if (process.platform === "win32") return process.env.LOCALAPPDATA;
	if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
	const xdg = process.env.XDG_CACHE_HOME;
	return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
}

function makeFolder(folder: string): void {
	try {
		mkdirSync(folder, { mode: 0o700 });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
}
