import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../model/canonical.ts";
import { bundleManifestName, bundleManifestSchema, jsonOf } from "./files.ts";

/** SHA-256 of a bundle's manifest: what the next bundle names as the one before it. Undefined where there is none. */
export async function manifestSha256Of(dir: string): Promise<string | undefined> {
	const octets = await readManifest(dir);
	return octets === undefined ? undefined : sha256Hex(octets);
}

/** What a bundle names as the one before it, so that sealing it again keeps the chain. */
export async function previousOf(dir: string): Promise<string | undefined> {
	const octets = await readManifest(dir);
	const parsed = bundleManifestSchema.safeParse(octets === undefined ? undefined : jsonOf(octets));
	return parsed.success ? (parsed.data.previous ?? undefined) : undefined;
}

async function readManifest(dir: string): Promise<Buffer | undefined> {
	try {
		return await readFile(join(dir, bundleManifestName));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
