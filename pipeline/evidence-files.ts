import { createHash, type Hash } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, writeFileSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import { breather } from "../checks/engine/breathe.ts";
import { byCodeUnit, canonicalJson, sha256Hex, writtenEvidence } from "../model/canonical.ts";
import { type Evidence, type EvidenceManifest, evidenceManifestSchema, evidenceSchema } from "../model/evidence.ts";
import { ioMessage, readInputFile } from "../model/input-file.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import { octetLines } from "./octet-lines.ts";

export const manifestName = "evidence-manifest.json";

/** An item as its line reads, and the hash of the line. */
export interface HashedItem {
	item: Evidence;
	sha256: string;
}

/** A file of evidence that is being written. */
interface OpenFile {
	descriptor: number;
	hash: Hash;
	bytes: number;
	items: number;
	/** What is to be written next: a list of domains has some twenty kinds of few lines each. */
	block: Buffer;
	used: number;
}

const blockBytes = 32 * 1024;

/**
 * Appends evidence to evidence/<kind>.jsonl, one target after the other, lines of a target by id, hashing as it writes. Writes on the spot:
 * a block goes into the cache of the system, and waiting for another thread to put it there takes longer.
 */
export class EvidenceWriter {
	readonly #dir: string;
	readonly #files = new Map<string, OpenFile>();

	constructor(dir: string) {
		this.#dir = dir;
	}

	/** `written` is told each item as its line reads. */
	async writeTarget(items: readonly Evidence[], written?: (item: Evidence, sha256: string) => void): Promise<void> {
		const breathe = breather();
		for (const item of items.toSorted((a, b) => byCodeUnit(a.id, b.id))) {
			const { line, sha256, item: read } = writtenEvidence(item);
			const octets = Buffer.from(line);
			if (this.#append(item.kind, octets)) await breathe();
			written?.(read, sha256);
		}
	}

	/** Lines of one target that are in order already. */
	writeLines(lines: readonly { kind: string; line: string | Buffer }[]): void {
		for (const { kind, line } of lines) {
			this.#append(kind, typeof line === "string" ? Buffer.from(line) : line);
		}
	}

	/** Closes the files and says what was written, by path. */
	close(): EvidenceManifest["files"] {
		const files: EvidenceManifest["files"] = [];
		for (const [kind, file] of this.#files) {
			flush(file);
			closeSync(file.descriptor);
			files.push({ path: `evidence/${kind}.jsonl`, bytes: file.bytes, sha256: file.hash.digest("hex"), items: file.items });
		}
		this.#files.clear();
		return files.sort((a, b) => byCodeUnit(a.path, b.path));
	}

	/** Puts a line into the block of its file, which is written first where it has no room. Tells whether anything was written. */
	#append(kind: string, octets: Buffer): boolean {
		const file = this.#files.get(kind) ?? this.#open(kind);
		file.items += 1;
		const isFull = file.used + octets.length + 1 > blockBytes;
		if (isFull) flush(file);
		if (octets.length + 1 > blockBytes) append(file, Buffer.concat([octets, newline]));
		else {
			file.used += octets.copy(file.block, file.used);
			file.used += newline.copy(file.block, file.used);
		}
		return isFull;
	}

	#open(kind: string): OpenFile {
		mkdirSync(join(this.#dir, "evidence"), { recursive: true, mode: 0o700 });
		const descriptor = openSync(join(this.#dir, "evidence", `${kind}.jsonl`), "wx", 0o600);
		const file = { descriptor, hash: createHash("sha256"), bytes: 0, items: 0, block: Buffer.allocUnsafe(blockBytes), used: 0 };
		this.#files.set(kind, file);
		return file;
	}
}

const newline = Buffer.from("\n");

function flush(file: OpenFile): void {
	const octets = file.block.subarray(0, file.used);
	file.used = 0;
	if (octets.length > 0) append(file, octets);
}

function append(file: OpenFile, octets: Buffer): void {
	file.hash.update(octets);
	file.bytes += octets.length;
	writeFileSync(file.descriptor, octets);
}

export function manifestText(manifest: EvidenceManifest): string {
	return `${canonicalJson(manifest)}\n`;
}

/** Reads evidence-manifest.json of a bundle. Throws InputError. */
export async function readManifest(dir: string): Promise<{ manifest: EvidenceManifest; sha256: string }> {
	const file = join(dir, manifestName);
	await refuseNamedPipe(file, file, `${dir} holds no evidence (mailward collect writes it)`);
	const octets = await readInputFile(file, file, { remedy: `${dir} holds no evidence (mailward collect writes it)` });
	const parsed = evidenceManifestSchema.safeParse(parseJsonText(decodeUtf8(octets, file), file));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new InputError([
			{ file, line: 1, column: 1, field: issue?.path.join("."), message: `not an evidence manifest of this version: ${issue?.message ?? ""}` },
		]);
	}
	return { manifest: parsed.data, sha256: sha256Hex(octets) };
}

/** Reads every evidence file of a bundle and compares its hash with the manifest: evidence that was changed is not judged. Throws InputError. */
export async function* readEvidence(dir: string, manifest: EvidenceManifest): AsyncIterable<HashedItem> {
	for (const { path, sha256, items, bytes } of manifest.files) {
		if (!/^evidence\/[A-Za-z0-9_.-]+\.jsonl$/.test(path))
			throw new InputError([{ file: join(dir, manifestName), line: 1, column: 1, message: `refuses the path ${JSON.stringify(path)}` }]);
		const file = join(dir, path);
		const changed = new InputError([
			{ file, line: 1, column: 1, message: "was changed after it was collected: it differs from evidence-manifest.json; collect again or restore the file" },
		]);
		const hash = createHash("sha256");
		let line = 0;
		try {
			const stats = await lstat(file);
			if (!stats.isFile() || stats.size !== bytes) throw changed;
			for await (const octets of octetLines(createReadStream(file))) {
				line += 1;
				hash.update(octets);
				const { text, value } = parseLine(octets, file, line);
				const parsed = evidenceSchema.safeParse(value);
				if (!parsed.success) throw new InputError([{ file, line, column: 1, message: `not an evidence item: ${parsed.error.issues[0]?.message ?? ""}` }]);
				yield { item: parsed.data as Evidence, sha256: sha256Hex(text) };
			}
		} catch (error) {
			if (error instanceof InputError) throw error;
			throw new InputError([{ file, line: Math.max(line, 1), column: 1, message: ioMessage(error) }]);
		}
		if (line !== items || hash.digest("hex") !== sha256) throw changed;
	}
}

function parseLine(octets: Buffer, file: string, line: number): { text: string; value: unknown } {
	try {
		const text = decodeUtf8(octets.at(-1) === 0x0a ? octets.subarray(0, -1) : octets, file);
		return { text, value: parseJsonText(text, file) };
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new InputError(error.problems.map((problem) => ({ ...problem, line })));
	}
}
