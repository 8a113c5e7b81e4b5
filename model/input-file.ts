import { type FileHandle, open } from "node:fs/promises";
import { InputError } from "./source.ts";

/** The most that is read of any input file but those that are streamed. */
export const maxInputBytes = 512 * 1024 * 1024;

interface InputFileOptions {
	/** What to do about a file that is not there, for the message. */
	remedy?: string | undefined;
	maxBytes?: number;
}

/**
 * Octets of a file that the user named. A regular file or a pipe (`<(terraform show -json p)`) is read up to the limit;
 * devices, folders, and what is absent or unreadable are InputErrors under the name `shown`.
 */
export async function readInputFile(path: string, shown: string, options: InputFileOptions = {}): Promise<Buffer> {
	return withInputFile(path, shown, options, async (handle, fault, hasSize) => {
		if (hasSize) return handle.readFile();
		const chunks: Buffer[] = [];
		await readToLimit(handle, options.maxBytes, fault, (chunk) => chunks.push(Buffer.from(chunk)));
		return Buffer.concat(chunks);
	});
}

/** The same piece by piece, for what is too large to stand in memory whole. A piece holds its octets until `each` returns. */
export async function readInputChunks(path: string, shown: string, options: InputFileOptions, each: (chunk: Buffer) => void): Promise<void> {
	await withInputFile(path, shown, options, (handle, fault) => readToLimit(handle, options.maxBytes, fault, each));
}

type Fault = (message: string) => InputError;
/** `hasSize`: a regular file that says how large it is. */
type Use<T> = (handle: FileHandle, fault: Fault, hasSize: boolean) => Promise<T>;

async function withInputFile<T>(path: string, shown: string, options: InputFileOptions, use: Use<T>): Promise<T> {
	const { remedy, maxBytes = maxInputBytes } = options;
	const fault = (message: string): InputError =>
		new InputError([{ file: shown, line: 1, column: 1, message: remedy === undefined ? message : `${message}; ${remedy}` }]);
	let handle: FileHandle;
	try {
		handle = await open(path, "r");
	} catch (error) {
		throw fault(ioMessage(error));
	}
	try {
		const stats = await handle.stat();
		if (stats.isDirectory()) throw fault("is a directory; expected a file");
		// A device such as /dev/zero has no end.
		if (!stats.isFile() && !stats.isFIFO()) throw fault("is neither a file nor a pipe");
		if (stats.size > maxBytes) throw fault(`has ${stats.size} bytes; at most ${maxBytes} are read`);
		return await use(handle, fault, stats.isFile() && stats.size > 0);
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw fault(ioMessage(error));
	} finally {
		await handle.close();
	}
}

/** Also what has no size of its own: pipes, and files of the kernel's that say 0. */
async function readToLimit(handle: FileHandle, maxBytes = maxInputBytes, fault: Fault, each: (chunk: Buffer) => void): Promise<void> {
	const buffer = Buffer.allocUnsafe(1024 * 1024);
	for (let bytes = 0; ; ) {
		const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
		if (bytesRead === 0) return;
		bytes += bytesRead;
		if (bytes > maxBytes) throw fault(`has more than ${maxBytes} bytes`);
		each(buffer.subarray(0, bytesRead));
	}
}

/** An I/O fault in words. Throws what is no I/O fault but a defect. */
export function ioMessage(error: unknown): string {
	switch ((error as NodeJS.ErrnoException).code) {
		case "ENOENT":
			return "no such file";
		case "EACCES":
		case "EPERM":
			return "no permission to read it";
		case "EISDIR":
			return "is a directory; expected a file";
		case "ENOTDIR":
			return "a part of the path is not a directory";
		case "ELOOP":
			return "its links lead in a circle";
		case "ENAMETOOLONG":
			return "the path is too long";
		case "ENXIO":
		case "ENODEV":
			return "cannot be opened as a file";
		case "ERR_INVALID_ARG_VALUE":
			return "is no path";
		default:
			// Every other fault of the system carries the call it came from (EIO, EMFILE, EBUSY ...).
			if (error instanceof Error && "syscall" in error) return `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown fault"})`;
			throw error;
	}
}
