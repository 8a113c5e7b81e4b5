/** What was to be sent did not arrive, or not all of it. */
export class SendError extends Error {
	override name = "SendError";
}
