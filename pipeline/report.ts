import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import { byCodeUnit, canonicalJson, sha256Hex } from "../model/canonical.ts";
import { readInputFile } from "../model/input-file.ts";
import { type ResultDocument, resultDocumentSchema } from "../model/result.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { writers } from "../reports/index.ts";
import { logoFrom, type Theme, themeOf as themeOfResult } from "../reports/theme/theme.ts";
import { ReportError } from "../reports/writer.ts";

import { writeBundleFile } from "./evaluate.ts";
import { manifestName } from "./evidence-files.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

export const formats: readonly string[] = Object.keys(writers);

/** Reads result.json of a bundle. Throws InputError. */
export async function readResult(dir: string): Promise<ResultDocument> {
	const file = join(dir, "result.json");
	const remedy = "mailward evaluate writes it";
	await refuseNamedPipe(file, file, remedy);
	const octets = await readInputFile(file, file, { remedy });
	const parsed = resultDocumentSchema.safeParse(parseJsonText(decodeUtf8(octets, file), file));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new InputError([{ file, line: 1, column: 1, field: issue?.path.join("."), message: `not a result of a known version: ${issue?.message ?? ""}` }]);
	}
	return parsed.data as ResultDocument;
}

/**
 * Stage 3: writes the formats into a bundle, result.json always among them, then manifest.json over every file. Returns what a format
 * has no place for, a sentence each: nothing is dropped without a word.
 */
export async function writeReports(dir: string, result: ResultDocument, wanted: readonly string[], theme: Theme): Promise<string[]> {
	const omitted: string[] = [];
	for (const writer of Object.values(writers)) {
		if (writer.format !== "json" && !wanted.includes(writer.format)) continue;
		for (const file of writer.write(result, theme)) {
			await mkdir(dirname(join(dir, file.path)), { recursive: true, mode: 0o700 });
			await writeBundleFile(dir, file.path, file.chunks);
			if (file.omitted !== undefined) omitted.push(file.omitted);
		}
	}
	await writeBundleManifest(dir);
	return omitted;
}

/** manifest.json and manifest.sha256 (sha256sum -c reads it): every file of the bundle with size and hash. */
async function writeBundleManifest(dir: string): Promise<void> {
	const files: { path: string; bytes: number; sha256: string }[] = [];
	for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
		const path = relative(dir, join(entry.parentPath, entry.name));
		if (!entry.isFile() || path === "manifest.json" || path === "manifest.sha256") continue;
		files.push({ path, bytes: (await stat(join(dir, path))).size, sha256: await hashFile(join(dir, path)) });
	}
	files.sort((a, b) => byCodeUnit(a.path, b.path));
	const text = `${canonicalJson({ schema: "mailward/manifest/v1", files })}\n`;
	await writeBundleFile(dir, "manifest.json", [text]);
	await writeBundleFile(dir, "manifest.sha256", [...files.map((file) => `${file.sha256}  ${file.path}\n`), `${sha256Hex(text)}  manifest.json\n`]);
}

async function hashFile(file: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
	return hash.digest("hex");
}

/** The theme of a bundle: what the result says of branding, and the hash of its evidence manifest. */
export async function themeOf(dir: string, result: ResultDocument, open: (path: string) => string): Promise<Theme> {
	const { preparedBy } = result.report;
	const logo = preparedBy?.logo === undefined ? null : await logoOf(preparedBy.logo, preparedBy.name, open);
	const manifest = join(dir, manifestName);
	await refuseNamedPipe(manifest, manifest);
	return themeOfResult(result, { logo, evidenceManifestSha256: sha256Hex(await readInputFile(manifest, manifest)) });
}

async function logoOf(file: string, name: string, open: (path: string) => string): Promise<Theme["logo"]> {
	await refuseNamedPipe(open(file), file);
	const octets = await readInputFile(open(file), file);
	try {
		return logoFrom(octets, name);
	} catch (error) {
		if (!(error instanceof ReportError)) throw error;
		throw new InputError([{ file, line: 1, column: 1, field: "report.preparedBy.logo", message: error.message }]);
	}
}
