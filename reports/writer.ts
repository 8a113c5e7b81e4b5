import type { ResultDocument } from "../model/result.ts";
import type { Theme } from "./theme/theme.ts";

/** One file of a report. Chunks are text, to be written as UTF-8 in order; iterate them once. */
export interface ReportFile {
	/** Relative to the bundle, with forward slashes. */
	path: string;
	chunks: Iterable<string>;
	/** What the format has no place for, in one sentence for the person at the terminal. The file counts it too. */
	omitted?: string;
}

/** Turns a result into files. Pure: no clock, no network, no file beyond its own templates; the same input gives the same bytes. */
export interface ReportWriter {
	/** The name used by --format. */
	format: string;
	/** Throws ReportError when the document contradicts itself. Nothing is to be published then. */
	write(result: ResultDocument, theme: Theme): Iterable<ReportFile>;
}
