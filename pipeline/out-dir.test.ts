import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { manifestName } from "./evidence-files.ts";
import { prepareOutDir } from "./out-dir.ts";

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-out-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function bundle(dir: string, text: string): Promise<void> {
	await mkdir(dir, { recursive: true });
	await writeFile(join(dir, manifestName), text);
	const written = new Date("2026-03-01T10:20:30.456Z");
	await utimes(join(dir, manifestName), written, written);
}

describe("the output folder", () => {
	it("is made, with its parents, for the owner alone", async () => {
		const dir = join(root, "a", "b");
		expect(await prepareOutDir(dir)).toBeUndefined();
		expect((await stat(dir)).mode & 0o777).toBe(0o700);
		expect(await readdir(dir)).toEqual([]);
		expect(await prepareOutDir(dir)).toBeUndefined();
	});

	it("moves an older bundle aside to the time it was written, and never over another", async () => {
		const dir = join(root, "out");
		const moved: (string | undefined)[] = [];
		for (const text of ["first", "second", "third"]) {
			await bundle(dir, text);
			moved.push(await prepareOutDir(`${dir}/`));
		}
		expect(moved).toEqual([`${dir}.20260301T102030Z`, `${dir}.20260301T102030Z-1`, `${dir}.20260301T102030Z-2`]);
		expect(await Promise.all(moved.map((one) => readFile(join(String(one), manifestName), "utf8")))).toEqual(["first", "second", "third"]);
		expect(await readdir(dir)).toEqual([]);
	});

	it("takes another mark for ours", async () => {
		const dir = join(root, "demo");
		await mkdir(dir);
		await writeFile(join(dir, "index.html"), "x");
		await expect(prepareOutDir(dir)).rejects.toThrow(InputError);
		expect(await prepareOutDir(dir, "index.html")).toMatch(/demo\.\d{8}T\d{6}Z$/);
	});

	it("refuses a folder that holds something else, and leaves it alone", async () => {
		await writeFile(join(root, "thesis.txt"), "x");
		await expect(prepareOutDir(root)).rejects.toThrow(/not empty and holds no bundle of mailward/);
		expect(await readdir(root)).toEqual(["thesis.txt"]);
	});

	it("refuses what is no folder", async () => {
		const file = join(root, "file");
		await writeFile(file, "x");
		await expect(prepareOutDir(file)).rejects.toThrow(InputError);
		await expect(prepareOutDir(join(file, "below"))).rejects.toThrow(InputError);
	});
});
