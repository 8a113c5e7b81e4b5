import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { InputError } from "../model/source.ts";

/** No input comes near this; a text of more does not fit a string of the runtime. */
export const maxInputBytes = 512 * 1024 * 1024 - 24;

/**
 * Octets of an input file the user named. Absent, unreadable, too large, and what is no regular file (a folder, a pipe that
 * nobody writes to, an endless device) are input errors, not crashes and not a wait without end. Throws InputError.
 */
export async function readInput(file: string, remedy?: string, limit = maxInputBytes): Promise<Buffer> {
	return opened(file, remedy, async (handle) => {
		const { size } = await handle.stat();
		if (size > limit) throw inputFault(file, `has ${size} bytes; at most ${limit} are read`);
		return handle.readFile();
	});
}

/** Throws InputError unless the file can be read; for what a collector opens later. `shown` is the path as the user wrote it. */
export async function checkInputFile(file: string, shown: string, remedy?: string): Promise<void> {
	await opened(file, remedy, () => Promise.resolve(undefined), shown);
}

/** Throws InputError unless there is something at the path; a folder's own reader says what is wrong inside. */
export async function checkInputExists(path: string, shown: string, remedy?: string): Promise<void> {
	try {
		await stat(path);
	} catch (error) {
		throw inputFault(shown, ioMessage(error), remedy);
	}
}

async function opened<T>(file: string, remedy: string | undefined, use: (handle: Awaited<ReturnType<typeof open>>) => Promise<T>, shown = file): Promise<T> {
	try {
		// Without O_NONBLOCK the open itself would wait for a writer of a named pipe, and not even Ctrl-C would end it.
		const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const stats = await handle.stat();
			if (stats.isDirectory()) throw inputFault(shown, "is a directory; expected a file", remedy);
			if (!stats.isFile()) throw inputFault(shown, `is a ${stats.isFIFO() ? "pipe" : "device"}; expected a regular file: write its content to one first`);
			return await use(handle);
		} finally {
			await handle.close();
		}
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw inputFault(shown, ioMessage(error), remedy);
	}
}

export function inputFault(file: string, message: string, remedy?: string): InputError {
	return new InputError([{ file, line: 1, column: 1, message: `${message}${remedy === undefined ? "" : `; ${remedy}`}` }]);
}

const meanings: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	EACCES: "no permission to read it",
	EPERM: "no permission to read it",
	EISDIR: "is a directory; expected a file",
	ENOTDIR: "a part of the path is not a directory",
	ELOOP: "symbolic links lead in a circle",
	ENAMETOOLONG: "the path is too long",
	ENXIO: "is a socket or pipe; expected a regular file",
	ERR_FS_FILE_TOO_LARGE: "the file is too large to read",
	ERR_INVALID_ARG_VALUE: "is no path: it holds a NUL character",
};

/** A fault of the file system in words. What has no code of the system's is no such fault and is thrown on. */
export function ioMessage(error: unknown): string {
	const code = (error as NodeJS.ErrnoException).code;
	if (typeof code !== "string") throw error;
	return meanings[code] ?? `cannot be read (${code})`;
}
