import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { built, cli, firstStack, now } from "./support.ts";

const run = promisify(execFile);
let dir: string;

async function mailward(...args: string[]): Promise<{ code: number; stderr: string }> {
	try {
		return { code: 0, stderr: (await run(process.execPath, [cli, ...args], { cwd: dir })).stderr };
	} catch (error) {
		const { code, stderr } = error as { code: number; stderr: string };
		return { code, stderr };
	}
}

beforeAll(async () => {
	await built();
	dir = await mkdtemp(join(tmpdir(), "mailward-verify-"));
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

it("signs, chains, packs and verifies a bundle from the command line", async () => {
	await mailward("probe", "--new-key", "clinic.key");
	await writeFile(join(dir, "mailward.yaml"), `version: 1\nplans: [${JSON.stringify(firstStack)}]\nsign: {key: clinic.key}\n`);
	expect((await mailward("scan", "--now", now, "--bundle", "one.zip")).code).toBe(0);
	expect((await mailward("scan", "--now", now, "--bundle", "one.zip")).stderr).toContain("one.zip:1:1: error exists already and is not overwritten");
	expect((await mailward("scan", "--now", now)).code).toBe(0);
	const good = await mailward("verify", "mailward-report", "--key", "clinic.pub");
	expect(good).toEqual({ code: 0, stderr: expect.stringMatching(/^intact: \d+ files, \d+ lines of evidence; signed by clinic\.pub/) });
	expect((await mailward("verify", "mailward-report")).stderr).toMatch(/signer not verified \(key id [0-9a-f]{64};/);

	expect((await mailward("report", "mailward-report", "--format", "sarif", "-c", "mailward.yaml")).code).toBe(0);
	expect((await mailward("verify", "mailward-report", "--key", "clinic.pub")).code).toBe(0);

	const older = (await readdir(dir)).find((name) => name.startsWith("mailward-report."));
	expect(older).toBeDefined();
	const same = await mailward("diff", older ?? "", "mailward-report", "--fail-on-regression");
	expect(same.code).toBe(0);
	expect((await mailward("diff", "nowhere", "mailward-report")).stderr).toContain("nowhere:1:1: error no such file; OLD takes a bundle or a result.json");

	await appendFile(join(dir, "mailward-report", "evidence", "aws_kms_key.jsonl"), "{}\n");
	const bad = await mailward("verify", "mailward-report", "--key", "clinic.pub");
	expect(bad.code).toBe(1);
	expect(bad.stderr).toContain("evidence/aws_kms_key.jsonl: was changed");
	expect((await mailward("diff", older ?? "", "mailward-report")).code).toBe(2);
	expect((await mailward("verify", "nowhere")).code).toBe(2);
}, 60_000);
