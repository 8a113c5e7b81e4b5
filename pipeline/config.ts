import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { canonicalJson, sha256Hex } from "../model/canonical.ts";
import { type Config, configSchema, type Judgement, judgementSchema } from "../model/config.ts";
import { InputError, parseYamlSource, problemsOf } from "../model/source.ts";

/** Reads and validates mailward.yaml. Throws InputError with file, line, field and remedy for every problem at once. */
export async function loadConfig(file: string): Promise<Config> {
	const octets = await readInput(file, "write one with: mailward init");
	const source = parseYamlSource(octets, file);
	const parsed = configSchema.safeParse(source.value ?? {});
	if (!parsed.success) throw new InputError(problemsOf(parsed.error, source, configSchema));
	return parsed.data;
}

/** Octets of an input file the user named; absent, unreadable and not-a-file are input errors, not crashes. */
export async function readInput(file: string, remedy?: string): Promise<Buffer> {
	try {
		return await readFile(file);
	} catch (error) {
		throw new InputError([{ file, line: 1, column: 1, message: `${ioMessage(error)}${remedy === undefined ? "" : `; ${remedy}`}` }]);
	}
}

export function ioMessage(error: unknown): string {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === "ENOENT") return "no such file";
	if (code === "EACCES" || code === "EPERM") return "no permission to read it";
	if (code === "EISDIR") return "is a directory; expected a file";
	if (code === "ENOTDIR") return "a part of the path is not a directory";
	if (code === "ERR_FS_FILE_TOO_LARGE") return "the file is too large to read";
	throw error;
}

/** Paths in mailward.yaml are relative to its folder. */
export function fromConfig(configFile: string, path: string): string {
	return isAbsolute(path) ? path : resolve(dirname(configFile), path);
}

export function judgementOf(config: Config): Judgement {
	return judgementSchema.parse({ entity: config.entity, parameters: config.parameters, accept: config.accept, report: config.report });
}

export function configSha256(config: Config): string {
	return sha256Hex(canonicalJson(config));
}
