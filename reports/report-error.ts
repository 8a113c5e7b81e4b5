/** The document or the theme cannot be turned into a report that tells the truth. */
export class ReportError extends Error {
	override name = "ReportError";
}
