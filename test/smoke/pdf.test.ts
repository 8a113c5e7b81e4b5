import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noBrowser } from "../../reports/testing/browser.ts";
import { built, firstStack, mailward, now, removeTemporaryFolders, temporaryFolder } from "./support.ts";

beforeAll(built, 60_000);
afterAll(removeTemporaryFolders);

const scan = ["scan", "--plan", firstStack, "--now", now, "--format", "pdf"];

it("says before it looks at anything that there is no browser, exit 2", async () => {
	const cwd = temporaryFolder();
	const { code, stderr } = await mailward(scan, { cwd, env: { MAILWARD_CHROMIUM: join(cwd, "absent") } });
	expect([code, stderr]).toEqual([2, expect.stringContaining("absent, which is no program that can be run")]);
	expect(existsSync(join(cwd, "mailward-report"))).toBe(false);
});

it("leaves a whole bundle where the browser fails, exit 4", async () => {
	const cwd = temporaryFolder();
	const { code, stderr } = await mailward(scan, { cwd, env: { MAILWARD_CHROMIUM: "/bin/false" } });
	expect([code, stderr]).toEqual([4, expect.stringContaining("report.pdf was not written: /bin/false ended early (1)")]);
	expect((await mailward(["verify", "mailward-report"], { cwd })).stderr).toMatch(/^intact: /);
});

describe.skipIf(noBrowser !== null)("--format pdf", () => {
	it("puts report.pdf into the bundle, and stops on Ctrl-C", async () => {
		const cwd = temporaryFolder();
		const run = await mailward(scan, { cwd, timeoutMs: 90_000 });
		expect(run.code, run.stderr).toBe(0);
		const pdf = readFileSync(join(cwd, "mailward-report/report.pdf")).toString("latin1");
		expect(pdf).toMatch(/^%PDF-/);
		for (const part of [/\/Marked true/, /\/Outlines \d+ 0 R/, /\/CreationDate \(D:20261124090000\+00'00'\)/]) expect(pdf).toMatch(part);
		expect((await mailward(["verify", "mailward-report"], { cwd })).stderr).toMatch(/^intact: /);

		const stopped = await mailward(["report", "mailward-report", "--format", "pdf"], { cwd, interruptOn: /Printing/ });
		expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining("report.pdf was not written: interrupted")]);
		expect(existsSync(join(cwd, "mailward-report/report.pdf"))).toBe(false);
		expect((await mailward(["verify", "mailward-report"], { cwd })).stderr).toMatch(/^intact: /);
	}, 120_000);
});
