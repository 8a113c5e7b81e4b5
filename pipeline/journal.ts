import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../model/source.ts";

/**
 * What a run over a list of domains has finished, one JSON line each, in the order of finishing. A line that was cut by a
 * kill is dropped on resuming; everything before it counts. Only offsets are kept in memory.
 */
export class Journal {
	readonly #file: number;
	#end: number;
	readonly #domains = new Map<number, Place>();
	readonly #hosts = new Map<string, Place>();

	private constructor(file: number, end: number) {
		this.#file = file;
		this.#end = end;
	}

	static create(dir: string, header: JournalHeader): Journal {
		const journal = new Journal(openSync(join(dir, journalName), "wx+", 0o600), 0);
		journal.#append({ type: "header", ...header });
		return journal;
	}

	/** Opens the journal of an earlier run. Throws InputError if it is not one of the same list, configuration and policies. */
	static resume(dir: string, header: JournalHeader): Journal {
		const path = join(dir, journalName);
		let file: number;
		try {
			file = openSync(path, "r+");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			throw new InputError([{ file: path, line: 1, column: 1, message: "there is no interrupted run to resume here; leave --resume out" }]);
		}
		const journal = new Journal(file, 0);
		journal.#readLines(path, header);
		return journal;
	}

	has(index: number): boolean {
		return this.#domains.has(index);
	}

	hasHost(id: string): boolean {
		return this.#hosts.has(id);
	}

	get finished(): number {
		return this.#domains.size;
	}

	appendDomain(entry: Omit<DomainEntry, "type">): void {
		this.#domains.set(entry.index, this.#append({ type: "domain", ...entry }));
	}

	appendHost(entry: Omit<HostEntry, "type">): void {
		this.#hosts.set(entry.id, this.#append({ type: "host", ...entry }));
	}

	domain(index: number): DomainEntry {
		return this.#read(this.#domains.get(index)) as DomainEntry;
	}

	host(id: string): HostEntry {
		return this.#read(this.#hosts.get(id)) as HostEntry;
	}

	close(): void {
		closeSync(this.#file);
	}

	#append(entry: object): Place {
		const line = Buffer.from(`${JSON.stringify(entry)}\n`);
		for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written, line.length - written, this.#end + written);
		const place = { offset: this.#end, bytes: line.length };
		this.#end += line.length;
		return place;
	}

	#read(place: Place | undefined): unknown {
		if (place === undefined) throw new Error("the journal holds no such entry");
		const octets = Buffer.alloc(place.bytes);
		for (let read = 0; read < place.bytes; ) {
			const got = readSync(this.#file, octets, read, place.bytes - read, place.offset + read);
			if (got === 0) throw new Error("the journal is shorter than it was");
			read += got;
		}
		return JSON.parse(octets.toString("utf8"));
	}

	/** Walks the file in blocks; only the start of each line is looked at, so that a large journal is opened quickly. */
	#readLines(path: string, header: JournalHeader): void {
		const size = fstatSync(this.#file).size;
		let offset = 0;
		let line = 0;
		while (offset < size) {
			const bytes = this.#lineLength(offset, size);
			if (bytes === undefined) break;
			const entry = parseEntry(this.#read({ offset, bytes: bytes - 1 }));
			line += 1;
			if (entry === undefined || (line === 1) !== (entry.type === "header"))
				throw new InputError([{ file: path, line, column: 1, message: "is no journal of this version; leave --resume out" }]);
			if (entry.type === "header" && JSON.stringify(headerSchema.parse(entry)) !== JSON.stringify(headerSchema.parse(header))) {
				throw new InputError([
					{ file: path, line, column: 1, message: "was written for another list, configuration, clock or policy; leave --resume out to start anew" },
				]);
			}
			if (entry.type === "domain") this.#domains.set(entry.index, { offset, bytes });
			if (entry.type === "host") this.#hosts.set(entry.id, { offset, bytes });
			offset += bytes;
		}
		if (line === 0) throw new InputError([{ file: path, line: 1, column: 1, message: "is empty; leave --resume out" }]);
		ftruncateSync(this.#file, offset);
		this.#end = offset;
	}

	#lineLength(offset: number, size: number): number | undefined {
		const block = Buffer.alloc(256 * 1024);
		for (let at = offset; at < size; ) {
			const got = readSync(this.#file, block, 0, block.length, at);
			const newline = block.subarray(0, got).indexOf(0x0a);
			if (newline !== -1) return at + newline + 1 - offset;
			at += got;
		}
		return undefined;
	}
}

export const journalName = "journal.jsonl";

interface Place {
	offset: number;
	bytes: number;
}

const headerSchema = z.object({
	listSha256: z.string(),
	configSha256: z.string(),
	policySha256: z.string(),
	profile: z.string(),
	asOf: z.string().nullable(),
	options: z.string(),
});
export type JournalHeader = z.infer<typeof headerSchema>;

/** A finished domain: its evidence lines by kind, the MX addresses it led to, and its result document as one line. */
export interface DomainEntry {
	type: "domain";
	index: number;
	domain: string;
	hosts: string[];
	evidence: { kind: string; line: string }[];
	result: string;
}

/** An MX address, looked at once however many domains share it. */
export interface HostEntry {
	type: "host";
	id: string;
	evidence: { kind: string; line: string }[];
}

const evidenceLines = z.array(z.strictObject({ kind: z.string(), line: z.string() }));
const entrySchema = z.union([
	headerSchema.extend({ type: z.literal("header") }),
	z.strictObject({
		type: z.literal("domain"),
		index: z.number().int(),
		domain: z.string(),
		hosts: z.array(z.string()),
		evidence: evidenceLines,
		result: z.string(),
	}),
	z.strictObject({ type: z.literal("host"), id: z.string(), evidence: evidenceLines }),
]);

function parseEntry(value: unknown): z.infer<typeof entrySchema> | undefined {
	const parsed = entrySchema.safeParse(value);
	return parsed.success ? parsed.data : undefined;
}
