import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Hex } from "../model/canonical.ts";
import { readInputFile } from "../model/input-file.ts";
import type { ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { isSummarized } from "../reports/html/limits.ts";
import { writers } from "../reports/index.ts";
import { logoFrom, type Theme, themeOf as themeOfResult } from "../reports/theme/theme.ts";
import { ReportError } from "../reports/writer.ts";
import { type Seal, sealBundle } from "./bundle/seal.ts";
import { writeBundleFile } from "./evaluate.ts";
import { manifestName } from "./evidence-files.ts";
import { refuseNamedPipe } from "./named-pipe.ts";
import { findBrowser } from "./pdf/find-browser.ts";

/** pdf is report.html as a browser prints it, and so comes with it. */
const pdfFormat = "pdf";

export const formats: readonly string[] = [...Object.keys(writers), pdfFormat];

/** Whether everything that the formats need is there: asked before a long run and not after it. Throws InputError. */
export async function checkFormats(wanted: readonly string[]): Promise<void> {
	if (wanted.includes(pdfFormat)) await findBrowser();
}

/**
 * Stage 3: writes the formats into a bundle, result.json always among them, and seals it. Returns what a format
 * has no place for, a sentence each: nothing is dropped without a word. Throws BrowserError where the PDF could not be printed; the
 * bundle is then whole and sealed without it.
 */
export async function writeReports(dir: string, result: ResultDocument, wanted: readonly string[], theme: Theme, seal: Seal = {}): Promise<string[]> {
	const omitted: string[] = [];
	for (const writer of Object.values(writers)) {
		if (!isWanted(writer.format, wanted, result)) continue;
		for (const file of writer.write(result, theme)) {
			await mkdir(dirname(join(dir, file.path)), { recursive: true, mode: 0o700 });
			await writeBundleFile(dir, file.path, file.chunks);
			if (file.omitted !== undefined) omitted.push(file.omitted);
		}
	}
	try {
		if (wanted.includes(pdfFormat)) await writePdf(dir, result, seal.signal);
	} finally {
		await sealBundle(dir, result, seal);
	}
	return omitted;
}

/** The table comes with a report that shows first rows only, whose reader is sent there. */
function isWanted(format: string, wanted: readonly string[], result: ResultDocument): boolean {
	if (format === "json" || wanted.includes(format)) return true;
	if (format === "html") return wanted.includes(pdfFormat);
	return format === "csv" && isWanted("html", wanted, result) && isSummarized(result.results.length);
}

async function writePdf(dir: string, result: ResultDocument, signal: AbortSignal | undefined): Promise<void> {
	// An earlier one must not stand for this report if it cannot be printed.
	await rm(join(dir, "report.pdf"), { force: true });
	const { printPdf } = await import("./pdf/print.ts");
	await printPdf(join(dir, "report.html"), join(dir, "report.pdf"), { browser: await findBrowser(), at: new Date(result.run.asOf), signal });
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
