import { stat } from "node:fs/promises";
import { ioMessage } from "../model/input-file.ts";
import type { ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { verifyBundle } from "./bundle/verify.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import { readResultFile } from "./read-result.ts";

/** A scan that was written before. */
export interface ReadScan {
	result: ResultDocument;
	/** A bundle, whose hashes hold; a bare result.json tells of itself alone. */
	isBundle: boolean;
}

/**
 * Reads a bundle, whose hashes are verified first, or a bare result.json. `option` is what it was given as, for messages. Throws
 * InputError for what is neither, and for a bundle that was changed.
 */
export async function readScan(path: string, option: string): Promise<ReadScan> {
	if (!(await isDirectory(path, option))) return { result: await readResultFile(path), isBundle: false };
	const { problems, result } = await verifyBundle({ dir: path, trusted: [] });
	if (result === null || problems.length > 0) {
		throw new InputError(
			problems.slice(0, 20).map(({ path: file, message }) => ({
				file: `${path}/${file}`,
				line: 1,
				column: 1,
				message: `${message}; a bundle that was changed is not taken as ${option}`,
			})),
		);
	}
	// What was verified, and not what stands there a moment later.
	return { result, isBundle: true };
}

async function isDirectory(path: string, option: string): Promise<boolean> {
	try {
		if ((await stat(path)).isDirectory()) return true;
		await refuseNamedPipe(path, path);
		return false;
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw new InputError([{ file: path, line: 1, column: 1, message: `${ioMessage(error)}; ${option} takes a bundle or a result.json` }]);
	}
}
