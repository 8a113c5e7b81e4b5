/** No time stamp could be had, or what came is none. In a file of its own: the code that reads stamps is loaded only where one is. */
export class TimestampError extends Error {
	override name = "TimestampError";
}
