/** The key that was to sign could be used when the run began, and did not sign at its end. */
export class SigningError extends Error {
	override name = "SigningError";
}
