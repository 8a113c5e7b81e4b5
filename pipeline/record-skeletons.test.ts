import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { loadRecords } from "../checks/collectors/records/load.ts";
import { recordKinds } from "../model/records/index.ts";
import { formatProblem } from "../model/source.ts";
import { recordSkeletons } from "./record-skeletons.ts";

async function written(change: (text: string) => string): Promise<{ counts: Map<string, number>; problems: string[] }> {
	const dir = await mkdtemp(join(tmpdir(), "mailward-skeletons-"));
	try {
		for (const [path, text] of Object.entries(recordSkeletons)) {
			const file = join(dir, path);
			await mkdir(dirname(file), { recursive: true });
			await writeFile(file, change(text));
		}
		const { items, problems } = await loadRecords(join(dir, "records"));
		const counts = new Map([...Map.groupBy(items, (item) => item.kind)].map(([kind, list]) => [kind, list.length]));
		return { counts, problems: problems.map(formatProblem) };
	} finally {
		await rm(dir, { recursive: true });
	}
}

it("hold no record and no problem as they are written", async () => {
	const { counts, problems } = await written((text) => text);
	expect(problems).toEqual([]);
	expect([...counts]).toEqual([]);
});

it("hold one record of each kind that is valid, once its comment marks are gone", async () => {
	const { counts, problems } = await written((text) =>
		text
			.split("\n")
			.filter((line, index) => index > 1 || !line.startsWith("#"))
			.map((line) => line.replace(/^# /, "").replace("records: []", "records:"))
			.join("\n"),
	);
	expect(problems).toEqual([]);
	const own = recordKinds.map(({ kind }) => kind).filter((kind) => !["attestation", "baa", "waiver"].includes(kind));
	expect([...counts.keys()].sort()).toEqual([...own, "statement"].sort());
});
