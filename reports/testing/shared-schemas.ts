import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The official schemas, which are not part of the repository. */
const folder = join(process.env.MAILWARD_SHARED ?? "../shared", "schemas");
export const noSchemas = existsSync(folder) ? null : `${folder} is missing (set MAILWARD_SHARED)`;
if (noSchemas !== null) console.log(`validation against official schemas skipped: ${noSchemas}`);

export function schemaText(path: string): string {
	return readFileSync(join(folder, path), "utf8");
}

export function schemaJson(path: string): object {
	return JSON.parse(schemaText(path)) as object;
}
