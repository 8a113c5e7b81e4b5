import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cssString } from "../internal/text.ts";
import type { Theme } from "../theme/theme.ts";

const styles = readFileSync(new URL("./styles.css", import.meta.url), "utf8").replaceAll("\r\n", "\n");

/** Text of the margin boxes of printed pages. */
interface RunningText {
	left: string;
	right: string;
	foot: string;
}

/**
 * Everything up to </head>. The style is the one block that is not made by a template: its text is this project's file
 * and values that themeStyles escapes, and its hash stands in the policy, so that no other style applies.
 */
export function* openPage(head: string, theme: Theme, running: RunningText): Iterable<string> {
	const css = `\n${minified(styles)}\n${themeStyles(theme, running)}`;
	const hash = createHash("sha256").update(css).digest("base64");
	const policy = `default-src 'none'; script-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
	yield `<!DOCTYPE html>\n<html lang="${theme.language}">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
	yield head;
	yield `<style>${css}</style>\n</head>\n`;
}

/** Colours have the form #rrggbb (checkTheme), texts are CSS strings with every special character escaped. */
function themeStyles(theme: Theme, running: RunningText): string {
	return [
		`:root{--accent:${theme.colours.accent}}`,
		`@media screen and (prefers-color-scheme:dark){:root{--accent:${theme.colours.accentDark}}}`,
		`@page{size:${theme.paperSize};@top-left{content:${cssString(running.left)}}@top-right{content:${cssString(running.right)}}@bottom-left{content:${cssString(running.foot)}}}`,
		`@page wide{size:${theme.paperSize} landscape}`,
		"",
	].join("\n");
}

/** Comments and indentation are for the reader of the file. */
function minified(css: string): string {
	return css
		.replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, "")
		.replace(/^\s+/gm, "")
		.trim();
}
