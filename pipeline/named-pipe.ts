import { realpath, stat } from "node:fs/promises";
import { ioMessage } from "../model/input-file.ts";
import { InputError } from "../model/source.ts";

/**
 * Throws InputError for a named pipe, and for what cannot be looked up at all. To open one waits for a writer, and that wait
 * ends neither by a signal nor by process.exit. Pipes that the shell has opened, as <(...) does, have their writer already.
 */
export async function refuseNamedPipe(path: string, shown: string, remedy?: string): Promise<void> {
	let named: boolean;
	try {
		named = (await stat(path)).isFIFO() && !/^\/(dev|proc)\//.test(path) && !/^\/(dev|proc)\//.test(await realpath(path));
	} catch (error) {
		throw inputError(shown, `${ioMessage(error)}${remedy === undefined ? "" : `; ${remedy}`}`);
	}
	if (named) throw inputError(shown, "is a named pipe; expected a file");
}

function inputError(file: string, message: string): InputError {
	return new InputError([{ file, line: 1, column: 1, message }]);
}
