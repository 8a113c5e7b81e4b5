import { stat } from "node:fs/promises";
import { readInputFile } from "../model/input-file.ts";
import { InputError } from "../model/source.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

const minBytes = 32;
/** More than this is another file than was meant. */
const maxBytes = 64 * 1024;

/**
 * The key under which addresses become pseudonyms (HMAC-SHA-256): the octets of a file, at least 32, a line end at its end left out.
 * Throws InputError for a file that others may read: who has it can try every address against the pseudonyms.
 */
export async function readSubjectKey(file: string): Promise<Uint8Array> {
	const fault = (message: string): InputError => new InputError([{ file, line: 1, column: 1, message }]);
	const remedy = "make one with: openssl rand -hex 32, and chmod 600";
	await refuseNamedPipe(file, file, remedy);
	const octets = await readInputFile(file, file, { remedy, maxBytes });
	const { mode } = await stat(file);
	if ((mode & 0o077) !== 0) throw fault("is readable by others and is not used; make a new key, or: chmod 600");
	const end = octets.at(-1) === 0x0a ? (octets.at(-2) === 0x0d ? -2 : -1) : octets.length;
	const key = octets.subarray(0, end);
	if (key.length < minBytes) throw fault(`holds ${key.length} octets; at least ${minBytes} are needed: ${remedy}`);
	return key;
}
