import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listFolder } from "./folder-files.ts";

let root: string;
let dir: string;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-folder-"));
	dir = join(root, "given");
	await mkdir(join(dir, "b"), { recursive: true });
	for (const name of ["c.html", "b/b.html", "a.html"]) await writeFile(join(dir, name), "");
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("files of a folder", () => {
	it("are listed in order up to the limit, and beyond it not at all, with what to do", async () => {
		const { files, fault } = await listFolder(dir, "given", "the content", 3);
		expect(fault).toBeUndefined();
		expect(files.map(({ label }) => label)).toEqual(["given/a.html", "given/b/b.html", "given/c.html"]);
		expect(await listFolder(dir, "given", "the content", 2)).toEqual({
			files: [],
			fault: { code: "too_large", detail: "given", message: "the folder holds more than 2 files; name its folders one by one" },
		});
	});

	it("are followed through a link inside the folder, and none is listed where a link leads out of it", async () => {
		await symlink(join(dir, "a.html"), join(dir, "d.html"));
		const inside = await listFolder(dir, "given", "the content");
		expect(inside.files.at(-1)).toMatchObject({ label: "given/d.html", path: inside.files[0]?.path });
		await writeFile(join(root, "outside.html"), "");
		await symlink(join(root, "outside.html"), join(dir, "e.html"));
		expect(await listFolder(dir, "given", "the content")).toMatchObject({ files: [], fault: { code: "permission_denied", detail: "given" } });
	});
});
