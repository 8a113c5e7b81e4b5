/** A redacted file would still have held an original. */
export class RedactionError extends Error {
	override name = "RedactionError";
}
