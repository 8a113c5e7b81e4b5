import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultConfig } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { writers } from "../reports/index.ts";
import { themeOf } from "../reports/theme/theme.ts";
import { inBlocks } from "./bundle-file.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import type { HashedItem } from "./evidence-files.ts";
import { checkInputs, type Request } from "./targets.ts";

export interface LintOptions {
	/** Files and folders, as the user wrote them. */
	paths: readonly string[];
	/** From a path as written to the path to open. */
	open?: (path: string) => string;
	/** Folder of records: the campaigns that messages and segments are for. */
	records?: string | undefined;
	signal: AbortSignal;
	now?: () => Date;
}

/** The content part of a scan alone: one collector and one engine for both. Nothing is kept. Throws InputError. */
export async function lintContent(options: LintOptions): Promise<ResultDocument> {
	const { paths, records, open = (path: string) => resolve(path), signal, now = () => new Date() } = options;
	const request: Request = { domains: [], plans: [], records, content: [...paths], open };
	await checkInputs(request);
	const dir = await mkdtemp(join(tmpdir(), "mailward-lint-"));
	try {
		const include = ["content.*"];
		const evidence: HashedItem[] = [];
		await collect({
			written: (item, sha256) => evidence.push({ item, sha256 }),
			config: defaultConfig,
			request,
			out: dir,
			profile: "hipaa",
			concurrency: 4,
			now,
			signal,
			progress: () => undefined,
			log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
			include,
		});
		return await evaluateBundle({ dir, evidence, include });
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}

/** One result as the text of a single-file format, block by block: the whole of a large one never stands in memory. */
export function* formatted(result: ResultDocument, format: "json" | "sarif" | "junit"): Iterable<string> {
	for (const { chunks } of writers[format]?.write(result, themeOf(result)) ?? []) yield* inBlocks(chunks);
}
