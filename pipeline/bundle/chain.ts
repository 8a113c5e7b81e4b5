import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { byCodeUnit } from "../../model/canonical.ts";
import { manifestSha256Of, previousOf } from "./previous.ts";

/** A chain is followed so far back. */
const longest = 24;

/**
 * The bundles before a bundle that still lie where `--out` moved them (`<dir>.<time>`), newest first: each is the one whose manifest has
 * the hash that the later one names. The chain ends where the bundle is not there; that its files are as its manifest says is for the
 * reader to verify.
 */
export async function earlierBundles(dir: string): Promise<string[]> {
	const folder = dirname(resolve(dir));
	const prefix = `${basename(resolve(dir))}.`;
	const byManifest = new Map<string, string>();
	for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => byCodeUnit(a.name, b.name))) {
		// Links are not followed: what they lead to is no bundle of ours.
		if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
		const sha256 = await manifestSha256Of(join(folder, entry.name));
		if (sha256 !== undefined) byManifest.set(sha256, join(folder, entry.name));
	}
	const chain: string[] = [];
	for (let current: string | undefined = dir; current !== undefined && chain.length < longest; ) {
		const previous = await previousOf(current);
		current = previous === undefined ? undefined : byManifest.get(previous);
		if (current === undefined || chain.includes(current)) break;
		chain.push(current);
	}
	return chain;
}
