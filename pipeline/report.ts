import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Hex } from "../model/canonical.ts";
import { evidenceManifestSchema } from "../model/evidence.ts";
import { readInputFile } from "../model/input-file.ts";
import type { ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { handOuts } from "../reports/html/hand-out.ts";
import { isSummarized } from "../reports/html/limits.ts";
import { writers } from "../reports/index.ts";
import { ReportError } from "../reports/report-error.ts";
import { logoFrom, type Theme, themeOf as themeOfResult } from "../reports/theme/theme.ts";
import { jsonOf } from "./bundle/files.ts";
import { type Seal, sealBundle } from "./bundle/seal.ts";
import { writeBundleFile } from "./bundle-file.ts";
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
 * has no place for, a sentence each: nothing is dropped without a word. Each of `findings`, the id of a finding or of one of its results, gets a
 * page of its own. Throws BrowserError where the PDF could not be printed; the
 * bundle is then whole and sealed without it.
 */
export async function writeReports(
	dir: string,
	result: ResultDocument,
	wanted: readonly string[],
	theme: Theme,
	seal: Seal = {},
	findings: readonly string[] = [],
): Promise<string[]> {
	const omitted: string[] = [];
	const pages = ["report"];
	const chained = { ...theme, previousManifestSha256: seal.previous ?? null };
	for (const writer of Object.values(writers)) {
		if (!isWanted(writer.format, wanted, result)) continue;
		for (const file of writer.write(result, chained)) {
			await mkdir(dirname(join(dir, file.path)), { recursive: true, mode: 0o700 });
			await writeBundleFile(dir, file.path, file.chunks);
			if (file.omitted !== undefined) omitted.push(file.omitted);
		}
	}
	if (findings.length > 0) {
		const handOut = handOuts(result, chained);
		for (const id of findings) {
			const page = handOut(id);
			if (page === null) omitted.push(noFinding(id));
			else {
				await writeBundleFile(dir, page.path, page.chunks);
				pages.push(page.path.replace(/\.html$/, ""));
			}
		}
	}
	try {
		if (wanted.includes(pdfFormat)) for (const page of pages) await writePdf(dir, page, result, seal.signal);
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

function noFinding(id: string): string {
	return `--finding ${id}: no finding of this result has this id, nor has a result of one: it may be fixed. Section 9 of the report lists them.`;
}

/** Throws InputError for an id that no finding of the result has. */
export function checkFindings(result: ResultDocument, ids: readonly string[]): void {
	if (ids.length === 0) return;
	const handOut = handOuts(result, themeOfResult(result));
	const unknown = ids.filter((id) => handOut(id) === null);
	if (unknown.length > 0) throw new InputError(unknown.map((id) => ({ file: "result.json", line: 1, column: 1, message: noFinding(id) })));
}

async function writePdf(dir: string, page: string, result: ResultDocument, signal: AbortSignal | undefined): Promise<void> {
	const pdf = join(dir, `${page}.pdf`);
	// An earlier one must not stand for this report if it cannot be printed.
	await rm(pdf, { force: true });
	const { printPdf } = await import("./pdf/print.ts");
	await printPdf(join(dir, `${page}.html`), pdf, { browser: await findBrowser(), at: new Date(result.run.asOf), signal });
}

/** The theme of a bundle: what the result says of branding, and the hashes of its evidence. `open` leads from the logo's path to its file. */
export async function themeOf(dir: string, result: ResultDocument, open: (path: string) => string, edition: Theme["edition"] = "draft"): Promise<Theme> {
	const logo = await logoOf(result.report, open);
	const manifest = join(dir, manifestName);
	await refuseNamedPipe(manifest, manifest);
	const octets = await readInputFile(manifest, manifest);
	// One that is none has a hash all the same; verify says what is wrong with it.
	const parsed = evidenceManifestSchema.safeParse(jsonOf(octets));
	return themeOfResult(result, { logo, edition, evidenceManifestSha256: sha256Hex(octets), evidenceFiles: parsed.success ? parsed.data.files : null });
}

/** The logo that a report is to carry: read before a long run too, so that one that cannot be used is known then. Throws InputError. */
export async function logoOf({ preparedBy }: Pick<ResultDocument["report"], "preparedBy">, open: (path: string) => string): Promise<Theme["logo"]> {
	if (preparedBy?.logo === undefined) return null;
	const { logo: file, name } = preparedBy;
	const remedy = "report.preparedBy.logo names it from the folder of mailward.yaml: give that with -c";
	await refuseNamedPipe(open(file), file, remedy);
	const octets = await readInputFile(open(file), file, { remedy });
	try {
		return logoFrom(octets, name);
	} catch (error) {
		if (!(error instanceof ReportError)) throw error;
		throw new InputError([{ file, line: 1, column: 1, field: "report.preparedBy.logo", message: error.message }]);
	}
}
