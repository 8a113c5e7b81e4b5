import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseJsonText } from "../checks/adapters/terraform/json-text.ts";
import { sha256Hex } from "../model/canonical.ts";
import { readInputFile } from "../model/input-file.ts";
import { type ResultDocument, resultDocumentSchema } from "../model/result.ts";
import { decodeUtf8, InputError } from "../model/source.ts";
import { writers } from "../reports/index.ts";
import { logoFrom, type Theme, themeOf as themeOfResult } from "../reports/theme/theme.ts";
import { ReportError } from "../reports/writer.ts";
import { type Seal, sealBundle } from "./bundle/seal.ts";
import { writeBundleFile } from "./evaluate.ts";
import { manifestName } from "./evidence-files.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

export const formats: readonly string[] = Object.keys(writers);

/** Reads result.json of a bundle. Throws InputError. */
export async function readResult(dir: string): Promise<ResultDocument> {
	return readResultFile(join(dir, "result.json"));
}

/** Reads a result document. Throws InputError. */
export async function readResultFile(file: string): Promise<ResultDocument> {
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
 * Stage 3: writes the formats into a bundle, result.json always among them, and seals it. Returns what a format
 * has no place for, a sentence each: nothing is dropped without a word.
 */
export async function writeReports(dir: string, result: ResultDocument, wanted: readonly string[], theme: Theme, seal: Seal = {}): Promise<string[]> {
	const omitted: string[] = [];
	for (const writer of Object.values(writers)) {
		if (writer.format !== "json" && !wanted.includes(writer.format)) continue;
		for (const file of writer.write(result, theme)) {
			await mkdir(dirname(join(dir, file.path)), { recursive: true, mode: 0o700 });
			await writeBundleFile(dir, file.path, file.chunks);
			if (file.omitted !== undefined) omitted.push(file.omitted);
		}
	}
	await sealBundle(dir, result, seal);
	return omitted;
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
