import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cssString } from "../internal/text.ts";
import type { Theme } from "../theme/theme.ts";

const styles = readFileSync(new URL("./styles.css", import.meta.url), "utf8").replaceAll("\r\n", "\n");

const script = readFileSync(new URL("./script.js", import.meta.url), "utf8")
	.replaceAll("\r\n", "\n")
	.replace(/^\s+/gm, "")
	.replace(/^\/\/.*\n/gm, "")
	.replace(/^\/\*\*.*\*\/\n/gm, "");

/** The script of the report: it adds filters and sorting, and nothing is lost without it. */
export const reportScript = { text: script, hash: hashOf(script) } as const;

/** Text of the margin boxes of printed pages. */
interface RunningText {
	left: string;
	right: string;
	foot: string;
}

/**
 * Everything up to </head>. The style is the one block that is not made by a template: its text is this project's file
 * and values that themeStyles escapes, and its hash stands in the policy, so that no other style applies; so does that of the script, where there is one.
 */
export function* openPage(head: string, theme: Theme, running: RunningText, scripted = false): Iterable<string> {
	const css = `\n${minified(styles)}\n${themeStyles(theme, running)}`;
	const scripts = scripted ? `'${reportScript.hash}'` : "'none'";
	const policy = `default-src 'none'; script-src ${scripts}; style-src '${hashOf(css)}'; img-src data:; base-uri 'none'; form-action 'none'`;
	yield `<!DOCTYPE html>\n<html lang="${theme.language}">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
	yield head;
	yield `<style>${css}</style>\n</head>\n`;
}

function hashOf(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
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
