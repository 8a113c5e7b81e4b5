import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CollectContext } from "../../checks/collectors/collector.ts";
import content from "../../checks/collectors/content/index.ts";
import type { Evidence } from "../../model/evidence.ts";

/** What the content collector sees in files of a case, by path below the target. */
export async function contentItems(files: Readonly<Record<string, string>>, target: string, asOf: string): Promise<Evidence[]> {
	const dir = await mkdtemp(join(tmpdir(), "mailward-content-case-"));
	try {
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(join(dir, path)), { recursive: true });
			await writeFile(join(dir, path), text);
		}
		const context = { path: dir, now: () => asOf, signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: target, type: "content" }, context)) items.push(item);
		return items;
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}
