import { byCodeUnit, sha256Hex } from "../../../model/canonical.ts";
import { recordKinds } from "../../../model/records/index.ts";
import { type RecordKind, retentionOf } from "../../../model/records/kind.ts";
import { isObject, type Loose } from "../../../model/records/rules.ts";
import { formatPath, type Problem, type YamlSource } from "../../../model/source.ts";
import { Documents, withDocumentStatus } from "./documents.ts";
import { readRegisterFiles } from "./files.ts";
import { parseRegisterFile } from "./syntax.ts";
import { validateFile } from "./validate.ts";

export interface RecordItem {
	/** The kind of record (model/records), or `statement`: what a log says of itself, by the file's path. */
	kind: string;
	id: string;
	/** The record as parsed, with documentStatus beside each document, and file and disposeNotBefore added. */
	values: RecordValues;
}

export interface RecordValues extends Record<string, unknown> {
	/** Where the record stands: path below the folder, place in the file, SHA-256 of the file. */
	file: { path: string; line: number; sha256: string };
	/** The computed date, or "open" while in force; a statement has none. */
	disposeNotBefore?: string;
}

export interface LoadedRecords {
	/** In order of kind and id. Empty if there is any problem: nothing is judged on a half-read register. */
	items: RecordItem[];
	/** All problems of all files, by file, line and column. */
	problems: Problem[];
}

export interface LoadOptions {
	/** How problems name the folder; as given by default. */
	label?: string;
	kinds?: readonly RecordKind[];
	signal?: AbortSignal;
}

interface Entry {
	record: Loose;
	index: number;
	source: YamlSource;
	path: string;
	sha256: string;
}

/**
 * Reads every record below a folder. Never throws for what the files hold; rejects with the signal's reason when stopped.
 * A folder that does not exist holds no records, which is a positive answer and no problem.
 */
export async function loadRecords(folder: string, options: LoadOptions = {}): Promise<LoadedRecords> {
	const kinds = options.kinds ?? recordKinds;
	const { exists, files, problems } = await readRegisterFiles(folder, options.label ?? folder);
	if (!exists) return { items: [], problems: [] };
	const entries = new Map<RecordKind, Entry[]>(kinds.map((kind) => [kind, []]));
	const statements: RecordItem[] = [];
	for (const file of files) {
		options.signal?.throwIfAborted();
		const { parsed, problems: faults } = parseRegisterFile(file);
		problems.push(...faults);
		if (parsed === undefined) continue;
		const { file: read, problems: wrong } = validateFile(parsed, kinds);
		problems.push(...wrong);
		if (read === undefined) continue;
		const sha256 = sha256Hex(file.octets);
		if (read.statement !== undefined) {
			const { line } = parsed.source.locate(["statement"]);
			statements.push({ kind: "statement", id: file.path, values: { kind: read.kind.kind, ...read.statement, file: { path: file.path, line, sha256 } } });
		}
		for (const [index, record] of read.records.entries()) {
			if (isObject(record)) entries.get(read.kind)?.push({ record, index, source: parsed.source, path: file.path, sha256 });
		}
	}
	const register = (name: string): Loose[] => [...entries].flatMap(([kind, list]) => (kind.kind === name ? list.map((entry) => entry.record) : []));
	for (const [kind, list] of entries) problems.push(...acrossFiles(kind, list, register));
	if (problems.length > 0) {
		return { items: [], problems: problems.sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line || a.column - b.column) };
	}
	const items = [...(await itemsOf(entries, folder, options.signal)), ...statements];
	return { items: items.sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.id, b.id)), problems };
}

async function itemsOf(entries: ReadonlyMap<RecordKind, readonly Entry[]>, folder: string, signal: AbortSignal | undefined): Promise<RecordItem[]> {
	const documents = await Documents.in(folder, signal);
	const items: RecordItem[] = [];
	for (const [kind, list] of entries) {
		for (const { record, index, source, path, sha256 } of list) {
			signal?.throwIfAborted();
			const values = (await withDocumentStatus(record, documents)) as Record<string, unknown>;
			const { line } = source.locate(["records", index]);
			items.push({
				kind: kind.kind,
				id: String(record.id),
				values: { ...values, disposeNotBefore: retentionOf(kind, record), file: { path, line, sha256 } },
			});
		}
	}
	return items;
}

/** Rules that need the whole register: an id is used once in its kind, and what the kind says of its records together. */
function acrossFiles(kind: RecordKind, entries: readonly Entry[], register: (kind: string) => Loose[]): Problem[] {
	const problems: Problem[] = [];
	const say = (entry: Entry, other: Entry | undefined, code: string, path: (string | number)[], message: string): void => {
		const full = ["records", entry.index, ...path];
		const { line, column } = entry.source.locate(full);
		const place = other === undefined ? "" : `; the other one stands at ${other.source.file}:${other.source.locate(["records", other.index]).line}`;
		problems.push({ file: entry.source.file, line, column, code, field: formatPath(full), message: `${message}${place}` });
	};
	const first = new Map<string, Entry>();
	for (const entry of entries) {
		const { id } = entry.record;
		if (typeof id !== "string") continue;
		const known = first.get(id);
		if (known === undefined) first.set(id, entry);
		else say(entry, known, "REC-106", ["id"], "id used twice");
	}
	for (const issue of kind.across(
		entries.map((entry) => entry.record),
		register,
	)) {
		const entry = entries[issue.record];
		if (entry !== undefined) say(entry, issue.other === undefined ? undefined : entries[issue.other], issue.rec, issue.path, issue.message);
	}
	return problems;
}
