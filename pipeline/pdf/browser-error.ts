/** The browser could not be started, ended early, took too long or refused what was asked of it. */
export class BrowserError extends Error {
	override name = "BrowserError";
}
