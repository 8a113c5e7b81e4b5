import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { PublishedKey } from "../checks/collectors/dns/shared-keys.ts";
import type { Totals } from "../model/result.ts";
import { InputError } from "../model/source.ts";

/**
 * What a run over a list of domains has finished, one record each, in the order of finishing. A record that was cut by a
 * kill is dropped on resuming; everything before it counts. Only offsets are kept in memory.
 */
export class Journal {
	readonly #file: number;
	#end: number;
	readonly #domains = new Map<number, Place>();
	readonly #hosts = new Map<string, Place>();
	readonly #keys = new Map<number, PublishedKey[]>();
	/** Where a record is put together, and where one is read, each as large as the largest so far. */
	#room = Buffer.allocUnsafeSlow(256 * 1024);
	#seen = Buffer.allocUnsafeSlow(256 * 1024);

	private constructor(file: number, end: number) {
		this.#file = file;
		this.#end = end;
	}

	static create(dir: string, header: JournalHeader): Journal {
		const journal = new Journal(openSync(join(dir, journalName), "wx+", 0o600), 0);
		journal.#append({ type: "header", ...header }, [], []);
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

	/** The DKIM keys that a finished domain publishes. */
	keys(index: number): PublishedKey[] {
		return this.#keys.get(index) ?? [];
	}

	appendDomain(entry: Omit<DomainEntry, "type" | "lines">, evidence: readonly EvidenceLine[], result: string): void {
		this.#keys.set(entry.index, entry.keys);
		this.#domains.set(entry.index, this.#append({ type: "domain", ...entry }, evidence, [result]));
	}

	appendHost(id: string, evidence: readonly EvidenceLine[]): void {
		this.#hosts.set(id, this.#append({ type: "host", id }, evidence, []));
	}

	domain(index: number): { entry: DomainEntry; evidence: EvidenceOctets[]; result: Buffer } {
		const { entry, evidence, rest } = this.#read(this.#domains.get(index));
		return { entry: entry as DomainEntry, evidence, result: rest[0] ?? Buffer.alloc(0) };
	}

	host(id: string): EvidenceOctets[] {
		return this.#read(this.#hosts.get(id)).evidence;
	}

	close(): void {
		closeSync(this.#file);
	}

	/** One record: a line that says how many lines follow, then evidence and result as they will stand in their files. */
	#append(entry: object, evidence: readonly EvidenceLine[], rest: readonly string[]): Place {
		const head = JSON.stringify({ ...entry, kinds: evidence.map((one) => one.kind), lines: evidence.length + rest.length });
		let bytes = this.#put(head, 0);
		for (const { line } of evidence) bytes = this.#put(line, bytes);
		for (const line of rest) bytes = this.#put(line, bytes);
		for (let written = 0; written < bytes; ) written += writeSync(this.#file, this.#room, written, bytes - written, this.#end + written);
		const place = { offset: this.#end, bytes };
		this.#end += bytes;
		return place;
	}

	/** Puts a line at an offset of the room and says where it ends. */
	#put(line: string, at: number): number {
		// A UTF-16 code unit takes three octets at most.
		const most = at + line.length * 3 + 1;
		if (most > this.#room.length) {
			const larger = Buffer.allocUnsafeSlow(most * 2);
			this.#room.copy(larger, 0, 0, at);
			this.#room = larger;
		}
		const end = at + this.#room.write(line, at);
		this.#room[end] = 0x0a;
		return end + 1;
	}

	/** The lines stay octets, and hold until the next record is read: most are copied into their files and never looked into. */
	#read(place: Place | undefined): { entry: unknown; evidence: EvidenceOctets[]; rest: Buffer[] } {
		if (place === undefined) throw new Error("the journal holds no such entry");
		if (place.bytes > this.#seen.length) this.#seen = Buffer.allocUnsafeSlow(place.bytes * 2);
		const octets = this.#seen.subarray(0, place.bytes);
		for (let read = 0; read < place.bytes; ) {
			const got = readSync(this.#file, octets, read, place.bytes - read, place.offset + read);
			if (got === 0) throw new Error("the journal is shorter than it was");
			read += got;
		}
		const lines: Buffer[] = [];
		for (let start = 0, end = octets.indexOf(0x0a); end !== -1; start = end + 1, end = octets.indexOf(0x0a, start)) lines.push(octets.subarray(start, end));
		const [head, ...rest] = lines;
		const entry = JSON.parse(head?.toString("utf8") ?? "") as { kinds?: string[] };
		const kinds = entry.kinds ?? [];
		const evidence = rest.splice(0, kinds.length).map((line, index) => ({ kind: kinds[index] ?? "", line }));
		return { entry, evidence, rest };
	}

	/** Walks the records by their heads. What a kill cut off at the end is dropped. */
	#readLines(path: string, header: JournalHeader): void {
		const size = fstatSync(this.#file).size;
		let offset = 0;
		let record = 0;
		while (offset < size) {
			const headBytes = this.#lineLength(offset, size);
			if (headBytes === undefined) break;
			const head = Buffer.alloc(headBytes - 1);
			readSync(this.#file, head, 0, head.length, offset);
			const entry = parseHead(head.toString("utf8"));
			record += 1;
			if (entry === undefined || (record === 1) !== (entry.type === "header")) {
				throw new InputError([{ file: path, line: record, column: 1, message: "is no journal of this version; leave --resume out" }]);
			}
			if (entry.type === "header" && JSON.stringify(headerSchema.parse(entry)) !== JSON.stringify(headerSchema.parse(header))) {
				throw new InputError([
					{ file: path, line: 1, column: 1, message: "was written for another list, configuration, clock or policy; leave --resume out to start anew" },
				]);
			}
			let bytes = headBytes;
			for (let left = entry.lines; left > 0; left--) {
				const more = this.#lineLength(offset + bytes, size);
				if (more === undefined) {
					bytes = -1;
					break;
				}
				bytes += more;
			}
			if (bytes === -1) break;
			if (entry.type === "domain") {
				this.#domains.set(entry.index, { offset, bytes });
				this.#keys.set(entry.index, entry.keys);
			}
			if (entry.type === "host") this.#hosts.set(entry.id, { offset, bytes });
			offset += bytes;
		}
		if (offset === 0) throw new InputError([{ file: path, line: 1, column: 1, message: "is empty; leave --resume out" }]);
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

export interface EvidenceLine {
	kind: string;
	line: string;
}

/** A line as it was read back: it holds until the next record is read. */
export interface EvidenceOctets {
	kind: string;
	line: Buffer;
}

/** A finished domain: the MX addresses it led to, and what the summary needs of its result. */
export interface DomainEntry {
	type: "domain";
	index: number;
	domain: string;
	hosts: string[];
	totals: Totals;
	/** Checks with at least one fail, and with at least one result that is not assessed. */
	fail: string[];
	notAssessed: string[];
	exitCode: number;
	/** What is compared with the other domains at the end. */
	keys: PublishedKey[];
	lines: number;
}

const follows = { kinds: z.array(z.string()), lines: z.number().int().min(0) };
const publishedKey = z.object({ name: z.string(), publicKeySha256: z.string(), delegated: z.boolean() });
const headSchema = z.union([
	headerSchema.extend({ type: z.literal("header"), ...follows }),
	z.looseObject({ type: z.literal("domain"), index: z.number().int().min(0), keys: z.array(publishedKey), ...follows }),
	z.looseObject({ type: z.literal("host"), id: z.string(), ...follows }),
]);

function parseHead(text: string): z.infer<typeof headSchema> | undefined {
	try {
		const parsed = headSchema.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : undefined;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
