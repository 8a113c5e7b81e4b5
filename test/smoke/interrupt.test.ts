import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClinics, patchWorld } from "../../lab/index.ts";
import type { EvidenceManifest } from "../../model/evidence.ts";
import { built, labProject, mailward, now, type Project, removeTemporaryFolders, resultIn } from "./support.ts";

let project: Project;
beforeAll(async () => {
	await built();
	// DNS is quick, one mail server speaks at once and the other takes its time.
	const slow = { greeting: { delayMs: 60_000 } };
	const world = patchWorld(await loadClinics(), { smtp: { "192.0.2.11": slow }, https: { "mta-sts.exemplary.example": { silent: true } } });
	project = await labProject(world, {}, { timeoutMs: { dns: 500, smtp: 60_000, https: 4000 } });
});
afterAll(async () => {
	await project.close();
	removeTemporaryFolders();
});

describe("Ctrl-C during a scan", () => {
	it.each<[string, RegExp | number]>([
		["while the first target is looked at", /collecting evidence/],
		["while a policy host keeps silent", 1500],
		["while a mail server keeps silent", /mx mx1\.exemplary\.example\|192/],
	])("%s: stops within 2 s, keeps what was seen, passes nothing that was not looked at, exit 130", async (_when, interruptOn) => {
		const { code, stopMs, stderr } = await mailward(["scan", "--now", now], { cwd: project.dir, interruptOn });
		expect(code, stderr).toBe(130);
		expect(stopMs).toBeLessThan(2000);
		const bundle = join(project.dir, "mailward-report");
		const manifest = JSON.parse(readFileSync(join(bundle, "evidence-manifest.json"), "utf8")) as EvidenceManifest;
		expect(manifest.run.interrupted).toBe(true);
		expect(manifest.files.length).toBeGreaterThan(0);
		const { run, results } = resultIn(bundle);
		expect([run.interrupted, run.complete]).toEqual([true, false]);
		const unseen = results.filter(
			(one) => (one.resource.includes("192.0.2.11|25") && /^(smtp|tls|certificate)\./.test(one.check)) || one.check.startsWith("mta_sts.policy"),
		);
		expect(unseen.filter((one) => one.status === "pass" || one.status === "fail").map((one) => `${one.check} ${one.resource} ${one.status}`)).toEqual([]);
		expect(results.some((one) => one.reason?.code === "interrupted")).toBe(true);
		expect(readFileSync(join(bundle, "report.html"), "utf8")).toMatch(/interrupted|incomplete/i);
		// Judged again, what was stopped stays stopped.
		const again = await mailward(["evaluate", bundle, "--out", "-"]);
		expect(again.code).toBe(130);
		expect(again.stdout).toBe(readFileSync(join(bundle, "result.json"), "utf8"));
	});

	it("and a second scan works", async () => {
		const whole = await labProject(await loadClinics());
		try {
			expect((await mailward(["scan", "--now", now], { cwd: whole.dir, interruptOn: /collecting/ })).code).toBe(130);
			const { code, stderr } = await mailward(["scan", "--now", now], { cwd: whole.dir });
			expect(code, stderr).toBe(0);
			expect(stderr).toContain("the earlier bundle was moved to");
		} finally {
			await whole.close();
		}
	});
});
