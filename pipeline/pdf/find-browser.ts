import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { InputError } from "../../model/source.ts";

/** Names the browser that writes PDF; nothing else is tried when it is set. */
export const browserVariable = "MAILWARD_CHROMIUM";

/** Tried on PATH, in this order: Chromium as distributions name it, then browsers made from it. */
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge"];
/** Tried after them: where installers put it without an entry on PATH. */
const places = ["/usr/bin/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * The browser that prints the report: MAILWARD_CHROMIUM, or else the first of the known names on PATH, or else of the known places.
 * Throws InputError where there is none: it is asked for before anything is looked at.
 */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env, known: readonly string[] = places): Promise<string> {
	const named = env[browserVariable];
	if (named !== undefined && named !== "") {
		if (await isExecutable(named)) return named;
		throw fault(`${browserVariable} names ${named}, which is no program that can be run`);
	}
	const onPath = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
	for (const file of [...names.flatMap((name) => onPath.map((folder) => join(folder, name))), ...known]) if (await isExecutable(file)) return file;
	throw fault(
		`PDF is written by Chromium, and none was found on PATH (${names.join(", ")}); install it, or set ${browserVariable} to its path, or print report.html from a browser`,
	);
}

async function isExecutable(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		// Not there, or not ours to run: the next place is tried, and the message above says what was.
		return false;
	}
}

function fault(message: string): InputError {
	return new InputError([{ file: "--format pdf", line: 1, column: 1, message }]);
}
