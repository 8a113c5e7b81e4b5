import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ioMessage } from "../model/input-file.ts";
import { InputError } from "../model/source.ts";

import { manifestName } from "./evidence-files.ts";
import { journalName } from "./journal.ts";

/**
 * Makes an empty output folder. An older one of ours there (it holds `mark`) is moved aside to <dir>.<time it was written>,
 * never overwritten; a folder that holds something else is refused. Returns where the older one went.
 */
export async function prepareOutDir(dir: string, mark: string = manifestName): Promise<string | undefined> {
	let names: string[];
	try {
		names = await readdir(dir);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT")
			throw new InputError([{ file: dir, line: 1, column: 1, message: `cannot be used as --out: ${ioMessage(error)}` }]);
		names = [];
	}
	let moved: string | undefined;
	if (names.length > 0) {
		if (names.includes(journalName))
			throw new InputError([{ file: dir, line: 1, column: 1, message: "holds an interrupted run: continue it with --resume, or choose another --out" }]);
		const written = await writtenAt(join(dir, mark));
		if (written === undefined)
			throw new InputError([{ file: dir, line: 1, column: 1, message: "is not empty and holds no bundle of mailward; choose another --out" }]);
		moved = await freeName(`${dir.replace(/\/+$/, "")}.${written.toISOString().replaceAll(/[-:]|\.\d+/g, "")}`);
		await rename(dir, moved);
	}
	await makeFolder(dir);
	return moved;
}

async function makeFolder(dir: string): Promise<void> {
	try {
		// Tried alone first: with recursive, a parent that refuses (as /proc does) sends the runtime round in circles.
		await mkdir(dir, { mode: 0o700 });
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === "EEXIST") return;
		if (code !== "ENOENT" || (await writtenAt(dirname(dir))) !== undefined)
			throw new InputError([{ file: dir, line: 1, column: 1, message: `cannot be made as --out: ${ioMessage(error)}` }]);
		await makeFolder(dirname(dir));
		await makeFolder(dir);
	}
}

async function writtenAt(file: string): Promise<Date | undefined> {
	try {
		return (await stat(file)).mtime;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

async function freeName(wanted: string): Promise<string> {
	for (let suffix = 0; ; suffix++) {
		const name = suffix === 0 ? wanted : `${wanted}-${suffix}`;
		if ((await writtenAt(name)) === undefined) return name;
	}
}
