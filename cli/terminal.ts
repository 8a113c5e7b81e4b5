import { styleText } from "node:util";
import { visible } from "../model/visible-text.ts";

export interface TerminalOptions {
	quiet: boolean;
	colour: boolean;
}

/** Diagnostics go to stderr, data to stdout. Text from outside is made visible first: no control sequence reaches the terminal. */
export interface Terminal {
	readonly interactive: boolean;
	line(text: string): void;
	/** Shown in spite of --quiet. */
	error(text: string): void;
	paint(style: "red" | "green" | "yellow" | "cyan" | "dim" | "bold", text: string): string;
}

export function createTerminal(options: TerminalOptions): Terminal {
	// styleText honours NO_COLOR, FORCE_COLOR and whether the stream is a terminal.
	const paint: Terminal["paint"] = (style, text) => (options.colour ? styleText(style, text, { stream: process.stderr }) : text);
	return {
		interactive: process.stderr.isTTY === true && !options.quiet,
		line(text) {
			if (!options.quiet) process.stderr.write(`${text}\n`);
		},
		error(text) {
			process.stderr.write(`${text}\n`);
		},
		paint,
	};
}

/** Text from outside for one terminal line, cut at a width that keeps lines readable. */
export function shownText(text: string, limit = 400): string {
	const safe = visible(text);
	return safe.length <= limit ? safe : `${safe.slice(0, limit)}…`;
}
