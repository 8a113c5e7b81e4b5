import type { Dirent, Stats } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { byCodeUnit } from "../../../model/canonical.ts";
import { detectIdentifiers } from "../../../model/records/identifiers.ts";
import type { Problem } from "../../../model/source.ts";

/** People write YAML by hand; what is larger belongs in JSON Lines, one record a line. */
export const maxYamlFileBytes = 2 * 1024 * 1024;
export const maxJsonlFileBytes = 64 * 1024 * 1024;
const maxFiles = 20_000;
const maxDepth = 20;

export interface RegisterFile {
	/** As problems print it: the folder as the user gave it, then the path below it. */
	label: string;
	/** Path below the folder, with forward slashes. */
	path: string;
	format: "yaml" | "jsonl";
	octets: Buffer;
}

export interface FilesRead {
	/** false: there is no such folder, a positive answer. */
	exists: boolean;
	files: RegisterFile[];
	problems: Problem[];
}

/** All *.yaml, *.yml and *.jsonl below a folder, in code-unit order of their paths. What cannot be read is a problem, never left out in silence. */
export async function readRegisterFiles(folder: string, name = folder): Promise<FilesRead> {
	const problems: Problem[] = [];
	const say = (label: string, message: string, code = "REC-100"): void => {
		problems.push({ file: label, line: 1, column: 1, code, message });
	};
	let root: string;
	try {
		root = await realpath(folder);
		if (!(await stat(root)).isDirectory()) {
			say(name, "not a folder; give the folder that holds the records");
			return { exists: true, files: [], problems };
		}
	} catch (error) {
		if (codeOf(error) === "ENOENT") return { exists: false, files: [], problems: [] };
		say(name, `cannot be read (${codeOf(error)}); nothing is judged on a register that was not read whole`);
		return { exists: true, files: [], problems };
	}
	const found = await listFiles(root, name, say);
	const files: RegisterFile[] = [];
	for (const path of found.sort(byCodeUnit)) {
		const label = labelOf(name, path);
		const format = /\.jsonl$/i.test(path) ? "jsonl" : "yaml";
		const octets = await readFile(root, path, format === "jsonl" ? maxJsonlFileBytes : maxYamlFileBytes, (message) => say(label, message));
		if (octets !== undefined) files.push({ label, path, format, octets });
	}
	return { exists: true, files, problems };
}

type Say = (label: string, message: string, code?: string) => void;

async function listFiles(root: string, name: string, say: Say): Promise<string[]> {
	const found: string[] = [];
	const folders: { path: string; depth: number }[] = [{ path: "", depth: 0 }];
	for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
		let entries: Dirent[];
		try {
			entries = await readdir(join(root, next.path), { withFileTypes: true });
		} catch (error) {
			say(labelOf(name, next.path), `folder cannot be read (${codeOf(error)}); nothing is judged on a register that was not read whole`);
			continue;
		}
		for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
			const path = next.path === "" ? entry.name : `${next.path}/${entry.name}`;
			if (detectIdentifiers(entry.name).length > 0 && (entry.isDirectory() || isRegister(entry.name))) {
				say(labelOf(name, next.path), "a name in this folder looks like a patient identifier; name not shown", "REC-120");
				continue;
			}
			if (entry.isDirectory()) {
				if (entry.name === ".git") continue;
				if (next.depth + 1 > maxDepth) say(labelOf(name, path), `folders are nested deeper than ${maxDepth}`);
				else folders.push({ path, depth: next.depth + 1 });
				continue;
			}
			if (entry.isSymbolicLink() && !isRegister(entry.name) && (await leadsToFolder(join(root, path)))) {
				say(labelOf(name, path), "symbolic link to a folder is not followed; put the records themselves here");
				continue;
			}
			if (!isRegister(entry.name)) continue;
			found.push(path);
			if (found.length > maxFiles) {
				say(name, `more than ${maxFiles} files; use JSON Lines for large registers`);
				return [];
			}
		}
	}
	return found;
}

function isRegister(name: string): boolean {
	return /\.(?:ya?ml|jsonl)$/i.test(name);
}

async function leadsToFolder(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch (error) {
		// A link that leads nowhere and has no record's name is none of our business.
		if (codeOf(error) !== undefined) return false;
		throw error;
	}
}

/** Reads a file that was opened once: what was checked is what is read. */
async function readFile(root: string, path: string, limit: number, say: (message: string) => void): Promise<Buffer | undefined> {
	try {
		const real = await realpath(join(root, path));
		if (!isInside(root, real)) {
			say("symbolic link leads out of the records folder; put the file itself here");
			return undefined;
		}
		// A named pipe would block the open: look before.
		const before = await stat(real);
		if (!before.isFile()) {
			say(`not a regular file but a ${fileKind(before)}`);
			return undefined;
		}
		const handle = await open(real, "r");
		try {
			const { size } = await handle.stat();
			if (size > limit) {
				say(
					`file has ${size} bytes; at most ${limit} are read${limit === maxYamlFileBytes ? "; split it or use JSON Lines, one record a line" : "; split it"}`,
				);
				return undefined;
			}
			const octets = await handle.readFile();
			if (octets.length > limit) {
				say(`file grew beyond ${limit} bytes while it was read`);
				return undefined;
			}
			return octets;
		} finally {
			await handle.close();
		}
	} catch (error) {
		const code = codeOf(error);
		if (code === undefined) throw error;
		say(code === "ENOENT" ? "symbolic link leads nowhere" : code === "ELOOP" ? "symbolic link leads back to itself" : `cannot be read (${code})`);
		return undefined;
	}
}

function fileKind(stats: Stats): string {
	if (stats.isDirectory()) return "folder";
	if (stats.isFIFO()) return "named pipe";
	return stats.isSocket() ? "socket" : "device";
}

export function isInside(root: string, path: string): boolean {
	const below = relative(root, path);
	return below === "" || !(below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below));
}

function labelOf(folder: string, path: string): string {
	if (path === "") return folder;
	return folder.endsWith("/") ? `${folder}${path}` : `${folder}/${path}`;
}

/** The system's error code; undefined for what is no system error and must not be swallowed. */
export function codeOf(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
	return typeof code === "string" ? code : undefined;
}
