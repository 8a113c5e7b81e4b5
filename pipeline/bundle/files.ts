import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { breather } from "../../checks/engine/breathe.ts";
import { byCodeUnit, canonicalJson } from "../../model/canonical.ts";
import { ioMessage } from "../../model/input-file.ts";
import { InputError } from "../../model/source.ts";

export const bundleManifestName = "manifest.json";
export const checksumsName = "manifest.sha256";
export const envelopeName = "manifest.dsse.json";
export const signedTextName = "manifest.pae";
export const signatureName = "manifest.sig";
/** The public key of a signer that keeps its key elsewhere. It proves nothing: trust comes by another way. */
export const publicKeyName = "manifest.pub";
export const timestampName = "manifest.tsr";

/** Files that speak of manifest.json and so cannot stand in it. */
export const besideManifest: ReadonlySet<string> = new Set([
	bundleManifestName,
	checksumsName,
	envelopeName,
	signedTextName,
	signatureName,
	publicKeyName,
	timestampName,
]);

/** A path inside a bundle: relative, forward slashes, no dot segments, nothing that a shell or a terminal could take for something else. */
const safePath = /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

export function isSafePath(path: string): boolean {
	return path.length <= 512 && safePath.test(path);
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** manifest.json: every file of the bundle but those beside it, and the manifest of the bundle before this one. */
export const bundleManifestSchema = z.strictObject({
	schema: z.literal("mailward/manifest/v1"),
	previous: sha256.nullable().describe("SHA-256 of manifest.json of the bundle that stood here before"),
	redactedFrom: sha256.optional().describe("On a redacted bundle: SHA-256 of manifest.json of the original"),
	files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int().min(0), sha256 })),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

export function bundleManifestText(manifest: BundleManifest): string {
	return `${canonicalJson(manifest)}\n`;
}

/** manifest.sha256, as sha256sum writes it and `sha256sum -c` reads it: the files of the manifest, then those beside it that are there. */
export function checksumsText(manifest: BundleManifest, beside: ReadonlyMap<string, string>): string {
	const lines = manifest.files.map((file) => `${file.sha256}  ${file.path}\n`);
	for (const name of besideManifest) {
		const sha256 = beside.get(name);
		if (sha256 !== undefined && name !== checksumsName) lines.push(`${sha256}  ${name}\n`);
	}
	return lines.join("");
}

/** The hashes of the files beside the manifest that are there, by name. */
export async function hashesBeside(dir: string, present: ReadonlySet<string>): Promise<Map<string, string>> {
	const hashes = new Map<string, string>();
	for (const name of besideManifest) if (present.has(name)) hashes.set(name, await hashFile(join(dir, name)));
	return hashes;
}

export interface Entry {
	/** Relative to the bundle, with forward slashes. */
	path: string;
	kind: "file" | "folder" | "other";
	bytes: number;
}

/** No bundle of ours has more; a folder that does is not walked to its end. */
const maxEntries = 100_000;

/** Everything below a folder, in code-unit order, links and devices not followed. Throws InputError. */
export async function entriesOf(dir: string): Promise<Entry[]> {
	const entries: Entry[] = [];
	const walk = async (folder: string): Promise<void> => {
		for (const name of (await readdir(join(dir, folder))).sort(byCodeUnit)) {
			const path = folder === "" ? name : `${folder}/${name}`;
			const stats = lstatSync(join(dir, path));
			entries.push({ path, kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other", bytes: stats.size });
			if (entries.length > maxEntries) throw new InputError([{ file: dir, line: 1, column: 1, message: `holds more than ${maxEntries} files` }]);
			if (stats.isDirectory()) await walk(path);
		}
	};
	try {
		await walk("");
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw new InputError([{ file: dir, line: 1, column: 1, message: ioMessage(error) }]);
	}
	return entries.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** The value of a JSON text, or undefined, which every schema refuses, for what is none. */
export function jsonOf(octets: Buffer): unknown {
	try {
		return JSON.parse(octets.toString("utf8"));
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

const chunkBytes = 64 * 1024;

/** A bundle has many small files: each is read on the spot, where a stream would wait for another thread several times. */
export async function hashFile(file: string): Promise<string> {
	const hash = createHash("sha256");
	const breathe = breather();
	const descriptor = openSync(file, "r");
	try {
		const chunk = Buffer.allocUnsafe(chunkBytes);
		for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
			hash.update(chunk.subarray(0, read));
			await breathe();
		}
	} finally {
		closeSync(descriptor);
	}
	return hash.digest("hex");
}
