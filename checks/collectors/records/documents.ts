import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, parse, resolve } from "node:path";
import { codeOf, isInside } from "./files.ts";

/**
 * What became of a document that a record names by path or URI. `unreadable`: it is there, or may be, and could not be
 * looked at; `not_checked`: it is named by URI, and nothing is fetched; `not_hashed`: the record states no hash to compare with.
 */
export type DocumentStatus = "ok" | "missing" | "hash_differs" | "unreadable" | "not_checked" | "not_hashed";

const maxDocumentBytes = 2 * 1024 * 1024 * 1024;

/** Hashes documents relative to a records folder. They may lie in the folder or beside it, no further away. */
export class Documents {
	readonly #folder: string;
	readonly #root: string;
	readonly #signal: AbortSignal | undefined;
	readonly #known = new Map<string, Promise<string | DocumentStatus>>();

	private constructor(folder: string, signal: AbortSignal | undefined) {
		this.#folder = folder;
		const parent = dirname(folder);
		// A register at the top of the file system would otherwise reach every file there is.
		this.#root = parent === parse(folder).root ? folder : parent;
		this.#signal = signal;
	}

	static async in(folder: string, signal?: AbortSignal): Promise<Documents> {
		return new Documents(await realpath(folder), signal);
	}

	async statusOf(reference: { path?: string | undefined; uri?: string | undefined; sha256?: string | undefined }): Promise<DocumentStatus> {
		if (reference.path === undefined) return "not_checked";
		let hashed = this.#known.get(reference.path);
		if (hashed === undefined) {
			hashed = this.#hash(reference.path);
			this.#known.set(reference.path, hashed);
		}
		const result = await hashed;
		if (result === "missing" || result === "unreadable") return result;
		if (reference.sha256 === undefined) return "not_hashed";
		return result === reference.sha256 ? "ok" : "hash_differs";
	}

	/** The file's hash in hex, or why there is none. Streams: a scanned agreement of hundreds of pages is never held in memory. */
	async #hash(path: string): Promise<string | DocumentStatus> {
		try {
			const wanted = resolve(this.#folder, path);
			// Checked before and after links are resolved, so that nothing outside is even looked at.
			if (!isInside(this.#root, wanted)) return "unreadable";
			const real = await realpath(wanted);
			if (!isInside(this.#root, real)) return "unreadable";
			const stats = await stat(real);
			if (!stats.isFile() || stats.size > maxDocumentBytes) return "unreadable";
			const hash = createHash("sha256");
			const options = this.#signal === undefined ? {} : { signal: this.#signal };
			for await (const chunk of createReadStream(real, { ...options, end: maxDocumentBytes })) hash.update(chunk as Buffer);
			return hash.digest("hex");
		} catch (error) {
			const code = codeOf(error);
			if (code === undefined || code === "ABORT_ERR") throw error;
			return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unreadable";
		}
	}
}

/** The same values with `documentStatus` beside each document and piece of evidence, however deep they stand. */
export async function withDocumentStatus(values: unknown, documents: Documents): Promise<unknown> {
	if (Array.isArray(values)) {
		const list: unknown[] = [];
		for (const item of values) list.push(await withDocumentStatus(item, documents));
		return list;
	}
	if (typeof values !== "object" || values === null) return values;
	const copy: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(values)) {
		if (key === "document") copy[key] = await marked(value, documents);
		else if (key === "evidence" && Array.isArray(value)) {
			const list: unknown[] = [];
			for (const item of value) list.push(await marked(item, documents));
			copy[key] = list;
		} else copy[key] = await withDocumentStatus(value, documents);
	}
	return copy;
}

async function marked(reference: unknown, documents: Documents): Promise<unknown> {
	return { ...(reference as object), documentStatus: await documents.statusOf(reference as { path?: string; uri?: string; sha256?: string }) };
}
