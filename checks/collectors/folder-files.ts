import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { byCodeUnit, sha256Hex } from "../../model/canonical.ts";
import type { EvidenceError } from "../../model/evidence.ts";
import { detectIdentifiers } from "../../model/records/identifiers.ts";
import { codeOf, isInside } from "./records/files.ts";

/** Some 30,000 templates with a settings file and a plain text each. */
const maxFiles = 100_000;
const maxDepth = 20;

export interface FolderFile {
	/** The path as the user gave it, and what stands below it. A name that looks like a patient's identifier is replaced by its hash. */
	label: string;
	/** What is opened; of a symbolic link where it leads. */
	path: string;
	/** Where it stands, by which it has its name and its neighbours. */
	place: string;
}

/** What is to be read of a target, or why nothing is. */
export interface FolderContent {
	files: FolderFile[];
	fault: EvidenceError | undefined;
}

/** Files of a target: itself, or all regular files below the folder in the order of their paths; names that begin with a dot are left out. `what` names them in messages; more than `atMost` are too large. */
export async function listFolder(path: string, shown: string, what: string, atMost = maxFiles): Promise<FolderContent> {
	const fault = (code: EvidenceError["code"], message: string): FolderContent => ({
		files: [],
		fault: { code, detail: shown, message },
	});
	const files: { label: string; place: string; isLink: boolean }[] = [];
	try {
		const root = await realpath(path);
		if (!(await stat(root)).isDirectory()) return { files: [{ label: labelOf(shown, ""), path: root, place: root }], fault: undefined };
		const folders = [{ below: "", depth: 0 }];
		for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
			for (const entry of await readdir(join(root, next.below), { withFileTypes: true })) {
				if (entry.name.startsWith(".")) continue;
				const below = next.below === "" ? entry.name : `${next.below}/${entry.name}`;
				if (entry.isDirectory()) {
					if (next.depth >= maxDepth) return fault("too_large", `folders are nested deeper than ${maxDepth}`);
					folders.push({ below, depth: next.depth + 1 });
				} else if (files.push({ label: below, place: join(root, below), isLink: entry.isSymbolicLink() }) > atMost)
					return fault("too_large", `the folder holds more than ${atMost} files; name its folders one by one`);
			}
		}
		files.sort((a, b) => byCodeUnit(a.label, b.label));
		const inside: FolderFile[] = [];
		for (const file of files) {
			// The folders above it are no links: they were walked.
			const real = file.isLink ? await realpath(file.place) : file.place;
			if (!isInside(root, real)) return fault("permission_denied", "a symbolic link leads out of the folder; put the file itself here");
			inside.push({ label: labelOf(shown, file.label), path: real, place: file.place });
		}
		return { files: inside, fault: undefined };
	} catch (error) {
		const code = codeOf(error);
		if (code === undefined) throw error;
		return code === "EACCES" || code === "EPERM"
			? fault("permission_denied", `${what} cannot be listed: no permission`)
			: fault("evidence_missing", `${what} cannot be listed (${code})`);
	}
}

/**
 * Octets of a file that was opened once and is a regular file within the limit, or why it was not read. At once: a folder holds tens of
 * thousands of small files, and waiting for each costs several times what reading does.
 */
export function readRegularFile(path: string, maxBytes: number): { ok: true; octets: Buffer } | { ok: false; error: EvidenceError } {
	const fault = (code: EvidenceError["code"], message: string): { ok: false; error: EvidenceError } => ({ ok: false, error: { code, message } });
	let descriptor: number | undefined;
	try {
		// Opening a named pipe would wait for its writer, but for O_NONBLOCK; a socket or a device is told by what was opened.
		descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) return fault("malformed", "this is no regular file");
		if (stats.size > maxBytes) return fault("too_large", `the file has ${stats.size} octets; at most ${maxBytes} are read`);
		const octets = readFileSync(descriptor);
		return octets.length > maxBytes ? fault("too_large", "the file grew while it was read") : { ok: true, octets };
	} catch (error) {
		const code = codeOf(error);
		if (code === undefined) throw error;
		if (code === "ENXIO") return fault("malformed", "this is no regular file");
		return code === "EACCES" || code === "EPERM"
			? fault("permission_denied", "there is no permission to read the file")
			: fault("evidence_missing", `the file cannot be read (${code})`);
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
}

function labelOf(shown: string, below: string): string {
	if (below === "") return shown;
	const name = detectIdentifiers(below).length > 0 ? `file-${sha256Hex(below).slice(0, 12)}` : below;
	return shown.endsWith("/") ? `${shown}${name}` : `${shown}/${name}`;
}
