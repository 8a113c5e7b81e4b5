import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";

/** Writes a file of the bundle whole or not at all, readable by the owner alone. */
export async function writeBundleFile(dir: string, path: string, chunks: Iterable<string>): Promise<void> {
	const file = join(dir, path);
	const partial = `${file}.partial`;
	const handle = await open(partial, "w", 0o600);
	try {
		// One that an earlier run left may have another mode.
		await handle.chmod(0o600);
		await writeAll(handle, chunks);
	} finally {
		await handle.close();
	}
	await rename(partial, file);
}

const blockLength = 256 * 1024;
/** UTF-8 of one UTF-16 unit. */
const maxOctets = 3;

/** Through one buffer: a buffer for each block of a large file costs more memory than the blocks. */
async function writeAll(handle: FileHandle, chunks: Iterable<string>): Promise<void> {
	const buffer = Buffer.allocUnsafe(blockLength);
	let length = 0;
	for (const chunk of chunks) {
		const most = chunk.length * maxOctets;
		if (length > 0 && length + most > buffer.length) {
			await handle.writeFile(buffer.subarray(0, length));
			length = 0;
		}
		if (most > buffer.length) await handle.writeFile(chunk);
		else length += buffer.write(chunk, length, "utf8");
	}
	await handle.writeFile(buffer.subarray(0, length));
}

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
