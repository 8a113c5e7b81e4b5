import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { InputError } from "../model/source.ts";
import { ioMessage } from "./config.ts";
import { manifestName } from "./evidence-files.ts";

/**
 * Makes an empty output folder. An older bundle there is moved aside to <dir>.<time it was written>, never overwritten;
 * a folder that holds something else is refused. Returns where the older one went.
 */
export async function prepareOutDir(dir: string): Promise<string | undefined> {
	let names: string[];
	try {
		names = await readdir(dir);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw new InputError([{ file: dir, line: 1, column: 1, message: `cannot be used as --out: ${ioMessage(error)}` }]);
		names = [];
	}
	let moved: string | undefined;
	if (names.length > 0) {
		if (!names.includes(manifestName)) throw new InputError([{ file: dir, line: 1, column: 1, message: "is not empty and holds no mailward bundle; choose another --out" }]);
		const written = (await stat(`${dir}/${manifestName}`)).mtime.toISOString().replaceAll(/[-:]|\.\d+/g, "");
		moved = await freeName(`${dir.replace(/\/+$/, "")}.${written}`);
		await rename(dir, moved);
	}
	await mkdir(dir, { recursive: true, mode: 0o700 });
	return moved;
}

async function freeName(wanted: string): Promise<string> {
	for (let suffix = 0; ; suffix++) {
		const name = suffix === 0 ? wanted : `${wanted}-${suffix}`;
		try {
			await stat(name);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return name;
			throw error;
		}
	}
}
