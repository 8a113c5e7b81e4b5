import { statSync } from "node:fs";
import { loadRouting, type RoutingData } from "../checks/data/routing/load-routing.ts";
import { InputError } from "../model/source.ts";

/** Dated facts of the user's own, from the folder of --data. Throws InputError for a folder that is none, that holds nothing of use, or whose files are wrong. */
export function readDatedFacts(folder: string | undefined): { routing?: RoutingData | undefined } {
	if (folder === undefined) return {};
	const fault = (message: string): InputError => new InputError([{ file: folder, line: 1, column: 1, message }]);
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw fault("no such folder; name one that holds routing.tsv");
	const routing = loadRouting(folder);
	if (routing === undefined) throw fault("holds no file that is read; expected routing.tsv");
	return { routing };
}
