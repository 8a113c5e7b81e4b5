import { visible } from "../../model/visible-text.ts";
import { shown } from "./text.ts";

/**
 * Text from outside for a machine format: characters that cannot be seen are written as codes, line ends too, so that it stays on one
 * line, and no blank stands at either end.
 */
export function oneLine(text: string): string {
	return visible(text.toWellFormed().replaceAll(/[\r\n\t]+/g, " ")).trim();
}

/** As oneLine, cut to at most `limit` UTF-16 units, the last of them an ellipsis that says so. */
export function cutLine(text: string, limit: number): string {
	const line = oneLine(text);
	return line.length <= limit
		? line
		: `${line
				.slice(0, limit - 1)
				.toWellFormed()
				.replace(/\uFFFD$/, "")}…`;
}

/** An observed or expected value on one line; empty where there is none. */
export function valueLine(value: unknown): string {
	return oneLine(shown(value) ?? "");
}
