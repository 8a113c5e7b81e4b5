import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One folder for all that a run of the tests and the programs it starts leave behind, so that nothing of it stays on the machine. */
export default function setup(): () => void {
	const folder = mkdtempSync(join(tmpdir(), "mailward-tests-"));
	// Servers that give up their privileges have to come through to their own folders below it.
	chmodSync(folder, 0o711);
	process.env.TMPDIR = folder;
	return () => rmSync(folder, { recursive: true, force: true });
}
