import { chmod, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes a file of the bundle whole or not at all, readable by the owner alone. */
export async function writeBundleFile(dir: string, path: string, chunks: Iterable<string>): Promise<void> {
	const file = join(dir, path);
	const partial = `${file}.partial`;
	await writeFile(partial, inBlocks(chunks), { mode: 0o600 });
	await chmod(partial, 0o600);
	await rename(partial, file);
}

const blockLength = 256 * 1024;

/** Small chunks put together: each that is written by itself is a call to the system and a turn of the event loop. */
export function* inBlocks(chunks: Iterable<string>): Iterable<string> {
	let block: string[] = [];
	let length = 0;
	for (const chunk of chunks) {
		block.push(chunk);
		length += chunk.length;
		if (length < blockLength) continue;
		yield block.join("");
		block = [];
		length = 0;
	}
	if (length > 0) yield block.join("");
}
