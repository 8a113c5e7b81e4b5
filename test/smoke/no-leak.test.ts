import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { content, leaks, mark } from "../support/planted.ts";
import { batch, built, mailward, type Run, removeTemporaryFolders, temporaryFolder, write } from "./support.ts";

const dir = temporaryFolder();
const lint = ["lint", "content"];
const scan = ["scan", "--content", "content"];
const jobs: readonly (readonly string[])[] = [
	...["text", "json", "sarif", "junit", "github"].map((format) => [...lint, "--format", format]),
	[...lint, "--quiet"],
	[...lint, "--verbose"],
	[...lint, "--records", "records", "--verbose"],
	[...scan, "--out", "out-a", "--verbose"],
	[...scan, "--out", "out-b", "--verbose", "--log-format", "json"],
	[...scan, "--out", "out-c", "--quiet"],
	["report", "out-a", "--verbose"],
	["lint", "wrong-meta", "--verbose"],
	["lint", "wrong-template", "--verbose"],
	["records", "check", "wrong-records"],
];
let runs: Run[];

beforeAll(async () => {
	await built();
	for (const [name, text] of Object.entries(content)) write(join(dir, "content", name), text);
	write(join(dir, "mailward.yaml"), "version: 1\n");
	write(join(dir, "records", "campaigns.yaml"), "schema: mailward/campaign/v1\nrecords: []\n");
	write(join(dir, "wrong-meta", "a.html"), "<p>Hello</p>");
	write(join(dir, "wrong-meta", "a.meta.yaml"), `subject: "${mark}\n`);
	write(join(dir, "wrong-template", "a.template.json"), `{"SubjectPart": ["${mark}"`);
	write(join(dir, "wrong-records", "a.yaml"), `schema: mailward/baa/v1\nrecords: [{id: "${mark}", notes: "${mark}", "${mark}": 1}]\n`);
	runs = await batch(jobs.map((args) => ({ args, cwd: dir })));
}, 120_000);
afterAll(removeTemporaryFolders);

describe("of what was planted in content and records", () => {
	it("the command line says nothing, whatever it is asked and however much it tells", () => {
		expect(runs).toHaveLength(jobs.length);
		for (const [index, { code, stdout, stderr }] of runs.entries()) {
			const [what, told] = [jobs[index]?.join(" "), `${stdout}\n${stderr}`];
			expect([what, ...leaks(told)]).toEqual([what]);
			const isWrong = what?.includes("wrong-") === true;
			expect([what, code === 2], told).toEqual([what, isWrong]);
			if (isWrong) expect(stderr).toMatch(/wrong-\S+:\d+:\d+: error/);
		}
	});

	it("no file of the working folder holds anything but what was planted there", () => {
		const made = readdirSync(dir, { withFileTypes: true }).filter(({ name }) => name.startsWith("out-"));
		expect(made.length).toBeGreaterThanOrEqual(3);
		for (const { name } of made) expectClean(join(dir, name));
	});

	it("nothing stays in the cache, the home or the temporary folder", async () => {
		const [home, temporary] = [temporaryFolder(), temporaryFolder()];
		const env = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), TMPDIR: temporary };
		const { code } = await mailward([...lint, "--verbose"], { cwd: dir, env, timeoutMs: 120_000 });
		expect(code).toBe(1);
		expect(expectClean(home)).toBeGreaterThan(0);
		expect(readdirSync(temporary)).toEqual([]);
	}, 130_000);
});

/** How many files there are, each without a trace. */
function expectClean(folder: string): number {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	for (const { parentPath, name } of files) expect([name, ...leaks(readFileSync(join(parentPath, name)).toString("latin1"))]).toEqual([name]);
	return files.length;
}
