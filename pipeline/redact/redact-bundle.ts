import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../model/canonical.ts";
import { readInputFile } from "../../model/input-file.ts";
import { InputError } from "../../model/source.ts";
import { defaultTheme } from "../../reports/theme/theme.ts";
import { entriesOf, jsonOf } from "../bundle/files.ts";
import { manifestSha256Of } from "../bundle/previous.ts";
import type { Seal } from "../bundle/seal.ts";
import { readEvidence, readManifest } from "../evidence-files.ts";
import { prepareOutDir } from "../out-dir.ts";
import { readScan } from "../read-scan.ts";
import { writeReports } from "../report.ts";
import { Names, type RedactionMap, redactionMapSchema } from "./names.ts";
import { ResultRedaction } from "./redact-result.ts";
import { RedactionError } from "./redaction-error.ts";

export interface RedactOptions {
	/** The bundle; it stays as it is, and is verified first. */
	dir: string;
	formats: readonly string[];
	seal?: Pick<Seal, "key" | "tsa" | "signal"> | undefined;
}

export interface Redacted {
	/** Holds the redacted bundle. */
	dir: string;
	/** Leads from the ordinal names back; it lies outside the bundle, and is never to be given away. */
	map: string;
	/** Where an earlier redacted bundle went. */
	moved: string | undefined;
	omitted: string[];
}

/**
 * Writes a bundle for sharing beside a bundle: the same reports, with ordinal names for what identifies somebody, and without the
 * evidence, which could not be read without it. Its manifest names the original's. The map is kept from one redaction to the next, so
 * that names stay the same over time. Throws InputError, and RedactionError where an original would still be readable: nothing is
 * left then.
 */
export async function redactBundle({ dir, formats, seal = {} }: RedactOptions): Promise<Redacted> {
	const { result } = await readScan(dir, "the bundle to redact");
	const original = await manifestSha256Of(dir);
	if (original === undefined) throw new InputError([{ file: dir, line: 1, column: 1, message: "holds no manifest.json; mailward report writes it" }]);
	const base = dir.replace(/\/+$/, "");
	const [out, mapFile] = [`${base}.redacted`, `${base}.redaction-map.json`];
	const names = new Names(await readMap(mapFile));
	const redaction = new ResultRedaction(result, names);
	const { manifest } = await readManifest(dir);
	for await (const { item } of readEvidence(dir, manifest)) redaction.learn(item);
	const redacted = redaction.redacted();
	const moved = await prepareOutDir(out, "manifest.json");
	try {
		const omitted = await writeReports(
			out,
			redacted,
			formats,
			{
				...defaultTheme,
				classification: redacted.report.classification,
				paperSize: redacted.report.paperSize,
				evidenceFiles: [],
				coverText:
					"Redacted for sharing: names are replaced by ordinal ones, texts that people wrote are left out. The evidence stays with the owner of the original.",
			},
			{ ...seal, redactedFrom: original },
		);
		await prove(out, redaction, [original]);
		await writeFile(mapFile, `${JSON.stringify(names.map(), null, 2)}\n`, { mode: 0o600 });
		return { dir: out, map: mapFile, moved, omitted };
	} catch (error) {
		await rm(out, { recursive: true, force: true });
		throw error;
	}
}

async function readMap(file: string): Promise<RedactionMap | undefined> {
	try {
		await readFile(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
	}
	const parsed = redactionMapSchema.safeParse(jsonOf(await readInputFile(file, file)));
	if (parsed.success) return parsed.data;
	throw new InputError([{ file, line: 1, column: 1, message: "is no redaction map of this version; move it away to begin a new one" }]);
}

/** The last word: every text that was written is read again, and nothing is published that still holds an original. */
async function prove(dir: string, redaction: ResultRedaction, allowed: readonly string[]): Promise<void> {
	for (const { path, kind } of await entriesOf(dir)) {
		// Pages of the PDF are those of report.html, which is read.
		if (kind !== "file" || path.endsWith(".pdf")) continue;
		const text = (await readFile(join(dir, path), "utf8")).replaceAll(/\\[nrt]|&#?[a-z0-9]+;/gi, " ");
		const left = redaction.leaks(text).filter((one) => !allowed.includes(one));
		if (left.length > 0)
			throw new RedactionError(`${path} would still hold ${left.length} of the originals (${sha256Hex(left[0] ?? "").slice(0, 8)}); nothing was written`);
	}
}
