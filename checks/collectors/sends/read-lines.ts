import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { EvidenceError } from "../../../model/evidence.ts";
import { codeOf } from "../records/files.ts";

const maxLineBytes = 1024 * 1024;
/** Octets read at a time. A text of more than 128 KiB would be a large object to V8, which collects those late. */
const readBytes = 64 * 1024;
/** Octets of one file once unpacked: a small file must not unpack into days of reading. */
const maxFileBytes = 64 * 1024 ** 3;

export interface LinesRead {
	/** SHA-256 of the file as it lies there, in hex; undefined where it was not read to its end. */
	sha256?: string;
	error?: EvidenceError;
}

/**
 * Streams the lines of a text file, gzip by its name, to `take` with their numbers, blank ones left out. A line beyond 1 MiB is passed
 * over and reported to `skipped`. Never throws for what the file is; rejects with the signal's reason when stopped.
 */
export async function readLines(
	path: string,
	options: { signal: AbortSignal; take: (line: string, number: number) => void; skipped: (number: number) => void },
): Promise<LinesRead> {
	const { signal } = options;
	const hash = createHash("sha256");
	try {
		// A named pipe would block the open: look before.
		if (!(await stat(path)).isFile()) return { error: { code: "malformed", message: "this is no regular file" } };
		const splitter = new Splitter(options);
		for await (const chunk of unpacked(octetsOf(path, hash, signal), path)) {
			const fault = splitter.push(chunk as Buffer);
			if (fault !== undefined) return { error: fault };
		}
		splitter.end();
		return { sha256: hash.digest("hex") };
	} catch (error) {
		if (signal.aborted) throw error;
		const code = codeOf(error);
		if (code === undefined) throw error;
		if (code.startsWith("Z_")) return { error: { code: "malformed", message: "this is not a whole gzip file" } };
		return code === "EACCES" || code === "EPERM"
			? { error: { code: "permission_denied", message: "there is no permission to read the file" } }
			: { error: { code: "evidence_missing", message: `the file cannot be read (${code})` } };
	}
}

async function* octetsOf(path: string, hash: Hash, signal: AbortSignal): AsyncGenerator<Buffer> {
	for await (const chunk of createReadStream(path, { highWaterMark: readBytes, signal })) {
		hash.update(chunk as Buffer);
		yield chunk as Buffer;
	}
}

function unpacked(octets: AsyncGenerator<Buffer>, path: string): AsyncIterable<unknown> {
	if (!/\.gz$/i.test(path)) return octets;
	// What fails is thrown to who reads the result.
	return pipeline(Readable.from(octets), createGunzip({ chunkSize: readBytes }), () => undefined);
}

class Splitter {
	readonly #options: { take: (line: string, number: number) => void; skipped: (number: number) => void };
	#rest: Buffer[] = [];
	#restBytes = 0;
	#bytes = 0;
	#number = 1;

	constructor(options: { take: (line: string, number: number) => void; skipped: (number: number) => void }) {
		this.#options = options;
	}

	push(chunk: Buffer): EvidenceError | undefined {
		this.#bytes += chunk.length;
		if (this.#bytes > maxFileBytes) return { code: "too_large", message: `the file holds more than ${maxFileBytes} octets` };
		let start = 0;
		const last = chunk.lastIndexOf(0x0a);
		if (this.#restBytes > 0 && last >= 0) {
			const first = chunk.indexOf(0x0a);
			this.#keep(chunk.subarray(0, first));
			this.end();
			start = first + 1;
		}
		if (last >= start) this.#lines(chunk.subarray(start, last).toString("utf8"));
		this.#keep(chunk.subarray(last + 1));
		return undefined;
	}

	/** The line that is not ended yet. Of one beyond the limit nothing more is kept. */
	#keep(part: Buffer): void {
		if (part.length === 0) return;
		this.#restBytes += part.length;
		if (this.#restBytes > maxLineBytes) this.#rest = [];
		// A copy: the chunk's memory is the stream's.
		else this.#rest.push(Buffer.from(part));
	}

	/** Ends the line that was begun. */
	end(): void {
		if (this.#restBytes > maxLineBytes) this.#options.skipped(this.#number);
		else this.#take(Buffer.concat(this.#rest).toString("utf8"), this.#number);
		this.#number += 1;
		this.#rest = [];
		this.#restBytes = 0;
	}

	#lines(text: string): void {
		for (let start = 0; start <= text.length; ) {
			const found = text.indexOf("\n", start);
			const end = found < 0 ? text.length : found;
			if (end - start > maxLineBytes) this.#options.skipped(this.#number);
			else this.#take(text.slice(start, end), this.#number);
			this.#number += 1;
			start = end + 1;
		}
	}

	#take(line: string, number: number): void {
		if (line.trim() !== "") this.#options.take(line, number);
	}
}
