import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { entriesOf } from "./files.ts";

/** Turns the octets of a bundle into those of an encrypted file, as they come. */
export type Encrypt = (plain: Readable) => AsyncIterable<Uint8Array>;

/** One time for every entry: the archive of the same bundle is the same octets, whenever it is made. */
const entryTime = new Date(Date.UTC(1980, 0, 1));

/**
 * Packs a bundle into one file, readable by its owner alone, whole or not at all. Entries are streamed, in order of their paths; with
 * `encrypt` the archive never stands on disk in the clear.
 */
export async function zipBundle(dir: string, file: string, encrypt?: Encrypt): Promise<void> {
	const archive = new ZipFile();
	for (const { path, kind } of await entriesOf(dir)) {
		if (kind !== "file") continue;
		archive.addReadStreamLazy(path, { mtime: entryTime, forceDosTimestamp: true, mode: 0o100600 }, (callback) =>
			callback(null, createReadStream(join(dir, path))),
		);
	}
	archive.end();
	const partial = `${file}.partial`;
	try {
		const packed = archive.outputStream as Readable;
		await pipeline(encrypt === undefined ? packed : encrypt(packed), createWriteStream(partial, { mode: 0o600 }));
		await rename(partial, file);
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}
