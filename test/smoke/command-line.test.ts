import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClinics } from "../../lab/index.ts";
import type { ResultDocument } from "../../model/result.ts";
import {
	batch,
	built,
	cli,
	contents,
	firstStack,
	labProject,
	mailward,
	now,
	type Project,
	removeTemporaryFolders,
	resultIn,
	root,
	temporaryFolder,
} from "./support.ts";

let project: Project;
beforeAll(async () => {
	await built();
	project = await labProject(await loadClinics());
});
afterAll(async () => {
	await project.close();
	removeTemporaryFolders();
});

const scan = ["scan", "--plan", firstStack, "--now", now];
const esc = "\u001b";

describe("usage", () => {
	const slips: [string[], RegExp][] = [
		[["scna"], /unknown command 'scna'[\s\S]*scan/],
		[["scan", "--domian", "a.example"], /unknown option '--domian'[\s\S]*--domain/],
		[["scan", "--plan", firstStack, "--fail-on", "hgih"], /--fail-on[\s\S]*critical, high, medium, low, none/],
		[["scan", "--plan", firstStack, "--accept", "egres_blocked"], /did you mean egress_blocked\?/],
		[["scan", "--plan", firstStack, "--accept", "nothing_of_the_kind"], /docs\/reason-codes\.md/],
		[["scan", "--plan", firstStack, "--check", "dmrac.*"], /--check dmrac\.\* matches no check; did you mean dmarc\.\*\?/],
		[["scan", "--plan", firstStack, "--skip", "sending.tls_requird"], /did you mean sending\.tls_required\?/],
		[["scan", "--plan", firstStack, "--check", "dmarc.*"], /nothing was judged/],
		[["scan", "--plan", firstStack, "--now", "yesterday"], /2026-11-24T09:00:00Z/],
		[["scan", "--plan", firstStack, "--concurrency", "0"], /whole number/],
		[["scan", "--plan", firstStack, "--format", "docx"], /expected html/],
		[["scan", "--plan", firstStack, "--out", "-"], /--format json/],
		[["scan", "--domain", "exa mple"], /domain name/],
		[["scan", "extra"], /too many arguments/],
		[["evaluate"], /missing required argument/],
		[["explain", "sending.tls_requird"], /did you mean sending\.tls_required\?/],
		[["--nope"], /unknown option/],
	];

	it("that is wrong: exit 2 and what to do", async () => {
		const cwd = temporaryFolder();
		const runs = await batch(slips.map(([args]) => ({ args, cwd })));
		for (const [index, { code, stdout, stderr }] of runs.entries()) {
			const [args, expected] = slips[index] ?? [[], /^$/];
			expect(code, `${args.join(" ")}: ${stderr}`).toBe(2);
			expect(stderr).toMatch(expected);
			expect(stderr).not.toMatch(/\n\s+at /);
			expect(stdout).toBe("");
		}
	});

	it("no target: exit 2 with what to do", async () => {
		const { code, stderr } = await mailward(["scan"], { cwd: temporaryFolder() });
		expect(code).toBe(2);
		for (const told of ["mailward init", "--domain", "--plan", "--records"]) expect(stderr).toContain(told);
	});

	it("an --out that is no folder, or somebody else's: exit 2, and nothing there is touched", async () => {
		const before = contents(join(root, "cli"));
		for (const out of [join(root, "package.json"), join(root, "cli"), "/proc/mailward", join(root, "package.json", "below")]) {
			const { code, stderr } = await mailward([...scan, "--out", out], { timeoutMs: 8000 });
			expect(code, `${out}: ${stderr}`).toBe(2);
			expect(stderr).toContain(out);
		}
		expect(contents(join(root, "cli"))).toEqual(before);
	});
});

describe("init", () => {
	it("never overwrites, and a scan right after says what is missing, exit 2", async () => {
		const dir = temporaryFolder();
		const first = await mailward(["init"], { cwd: dir });
		expect(first.code, first.stderr).toBe(0);
		expect(first.stdout).toContain("wrote   mailward.yaml");
		const written = contents(dir);
		const second = await mailward(["init"], { cwd: dir });
		expect(second.code).toBe(0);
		expect(second.stdout).not.toContain("wrote ");
		expect(contents(dir)).toEqual(written);
		const { code, stderr } = await mailward(["scan"], { cwd: dir });
		expect(code, stderr).toBe(2);
		expect(stderr).toMatch(/mailward\.yaml names no domain and no plan: add one under domains:/);
		expect(contents(dir)).toEqual(written);
		const records = await mailward(["scan", "--records", "records/"], { cwd: dir });
		expect(records.code, records.stderr).toBe(3);
	});
});

describe("output", () => {
	it("--format json --out - prints one document on stdout and nothing else", async () => {
		const dir = temporaryFolder();
		const { code, stdout, stderr } = await mailward([...scan, "--format", "json", "--out", "-"], { cwd: dir });
		expect(code).toBe(0);
		expect((JSON.parse(stdout) as ResultDocument).schema).toBe("mailward/result/v1");
		expect(stderr).toContain("applicable results assessed");
		expect(readdirSync(dir)).toEqual([]);
	});

	it("checks and controls print only JSON with --json", async () => {
		for (const name of ["checks", "controls"]) {
			const { code, stdout, stderr } = await mailward([name, "--json"]);
			expect([code, stderr]).toEqual([0, ""]);
			expect((JSON.parse(stdout) as { schema: string }).schema).toBe(`mailward/${name}/v1`);
		}
	});

	it("has no colour where nobody looks, with NO_COLOR or with --no-color; colour with FORCE_COLOR", async () => {
		const args = ["evaluate", "bundle", "--out", "-"];
		const dir = temporaryFolder();
		await mailward(["scan", "--now", now, "--domain", "neglected.example", "--out", join(dir, "bundle")], { cwd: project.dir });
		const plain = await mailward(args, { cwd: dir });
		expect(plain.stderr).not.toContain(esc);
		expect((await mailward(args, { cwd: dir, env: { FORCE_COLOR: "1" } })).stderr).toContain(`${esc}[31m`);
		expect((await mailward(args, { cwd: dir, env: { NO_COLOR: "1" } })).stderr).toBe(plain.stderr);
		expect((await mailward([...args, "--no-color"], { cwd: dir, env: { FORCE_COLOR: "1" } })).stderr).toBe(plain.stderr);
	});

	it("prints plain lines elsewhere than on a terminal, and nothing with --quiet", async () => {
		const loud = await mailward(["scan", "--now", now], { cwd: project.dir });
		expect(loud.stderr).toMatch(/^ {2}\[1\/\d+\] domain exemplary\.example: \d+ items(, \d+ could not be looked at)?$/m);
		expect(loud.stderr).not.toMatch(/\r|\u001b/);
		const quiet = await mailward(["scan", "--now", now, "--quiet"], { cwd: project.dir });
		expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([0, "", ""]);
		expect(existsSync(join(project.dir, "mailward-report/report.html"))).toBe(true);
	});

	it("a reader that goes away is no error", () => {
		const run = spawnSync("bash", ["-c", `"${process.execPath}" "${cli}" checks --json | head -c 10; exit "\${PIPESTATUS[0]}"`], { encoding: "utf8" });
		expect([run.status, run.stderr]).toEqual([0, ""]);
	});
});

describe("--dry-run", () => {
	it("lists every host and port and contacts none", async () => {
		const own = await labProject(await loadClinics(), { plans: [firstStack] });
		try {
			const { code, stdout, stderr } = await mailward(["scan", "--dry-run"], { cwd: own.dir });
			expect(code, stderr).toBe(0);
			for (const told of [
				own.lab.network.resolvers[0],
				"exemplary.example",
				"mta-sts.exemplary.example",
				":443",
				"port 25 of every MX address",
				"mx.probe.example:25",
				firstStack,
			])
				expect(stdout).toContain(told);
			const { stats } = own.lab;
			expect([stats.dns, stats.https, stats.httpsConnections]).toEqual([{}, {}, {}]);
			for (const [server, { connections }] of Object.entries(stats.smtp)) expect([server, connections]).toEqual([server, 0]);
			expect(readdirSync(own.dir).sort()).toEqual(["ca.pem", "mailward.yaml", "root.ds"]);
		} finally {
			await own.close();
		}
	});
});

describe("judging", () => {
	const typical = ["scan", "--now", now, "--domain", "typical.example"];
	const run = async (...args: string[]): Promise<{ code: number | null; result: ResultDocument }> => {
		const { code } = await mailward([...typical, ...args], { cwd: project.dir });
		return { code, result: resultIn(join(project.dir, "mailward-report")) };
	};

	it("--check and --skip choose by glob", async () => {
		const chosen = await run("--check", "spf.*", "--check", "dmarc.policy_enforced", "--skip", "spf.*_limit");
		const ids = new Set(chosen.result.results.map((one) => one.check));
		expect(ids).toContain("spf.single_record");
		expect(ids).toContain("dmarc.policy_enforced");
		expect([...ids].filter((id) => !/^spf\.|^dmarc\.policy_enforced$/.test(id) || id.endsWith("_limit"))).toEqual([]);
	});

	it("--fail-on sets what counts", async () => {
		const { code, result } = await run();
		expect(code).toBe(1);
		expect(result.results.some((one) => one.state === "fail" && one.severity === "high")).toBe(true);
		expect((await run("--fail-on", "none")).code).toBe(0);
		const low = await run("--check", "tls_rpt.record_published");
		const [finding] = low.result.results;
		expect(finding?.state).toBe("fail");
		expect([low.code, (await run("--check", "tls_rpt.record_published", "--fail-on", finding?.severity ?? "")).code]).toEqual([
			["critical", "high"].includes(finding?.severity ?? "") ? 1 : 0,
			1,
		]);
	});

	it("--accept takes a gap by name, --require-assessed takes none but those", async () => {
		const bundle = join(project.dir, "mailward-report");
		const own = await labProject({ ...(await loadClinics()), smtp: {} });
		try {
			const scanned = await mailward(["scan", "--now", now, "--skip", "vendors.*"], { cwd: own.dir });
			expect(scanned.code, scanned.stderr).toBe(3);
			const codes = new Set(
				resultIn(join(own.dir, "mailward-report"))
					.results.filter((one) => one.state === "not_assessed")
					.map((one) => one.reason?.code ?? ""),
			);
			const evaluate = ["evaluate", join(own.dir, "mailward-report"), "--out", "-", "--skip", "vendors.*"];
			const accepted = await mailward([...evaluate, ...[...codes].flatMap((code) => ["--accept", code])]);
			expect(accepted.code, accepted.stderr).toBe(0);
			expect((JSON.parse(accepted.stdout) as ResultDocument).accepted.map((one) => one.code).sort()).toEqual([...codes].sort());
			expect((await mailward([...evaluate, "--accept", "servfail"])).code).toBe(3);
		} finally {
			await own.close();
		}
		// Without records the vendors' agreements are a gap that the user chose.
		await mailward(["scan", "--now", now], { cwd: project.dir });
		expect((await mailward(["evaluate", bundle, "--out", "-"])).code).toBe(0);
		const strict = await mailward(["evaluate", bundle, "--out", "-", "--require-assessed"]);
		expect(strict.code, strict.stderr).toBe(3);
		const gaps = new Set(
			resultIn(bundle)
				.results.filter((one) => one.state === "not_assessed")
				.map((one) => one.reason?.code ?? ""),
		);
		const named = [...gaps].flatMap((code) => ["--accept", code]);
		expect((await mailward(["evaluate", bundle, "--out", "-", "--require-assessed", ...named])).code).toBe(0);
		expect((await mailward(["evaluate", bundle, "--out", "-", "--require-assessed", ...named.slice(2)])).code).toBe(3);
	});

	it("evaluate keeps the profile of the evidence", async () => {
		const dir = temporaryFolder();
		await mailward([...scan, "--profile", "nprm-2025", "--out", join(dir, "b")]);
		const before = readFileSync(join(dir, "b/result.json"), "utf8");
		await mailward(["evaluate", join(dir, "b")]);
		expect(readFileSync(join(dir, "b/result.json"), "utf8")).toBe(before);
		expect(before).toContain('"nprm-2025"');
	});
});

describe("cost", () => {
	it("is printed: --version against an empty program, and a scan of one domain", async () => {
		const time = (...args: string[]): number => {
			const times = Array.from({ length: 5 }, () => {
				const start = performance.now();
				spawnSync(process.execPath, args);
				return performance.now() - start;
			});
			return Math.min(...times);
		};
		const empty = time("-e", "0");
		const version = time(cli, "--version");
		console.log(`--version: ${version.toFixed(0)} ms, node -e 0: ${empty.toFixed(0)} ms, ratio ${(version / empty).toFixed(2)}`);
		const hook = `process.on("exit", () => require("node:fs").writeSync(2, "rss " + process.resourceUsage().maxRSS));`;
		const { code, stderr, ms } = await mailward(["scan", "--now", now], {
			cwd: project.dir,
			env: {
				NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`import{createRequire}from"node:module";const require=createRequire("file:///");${hook}`)}`,
			},
		});
		expect(code, stderr).toBe(0);
		console.log(`scan of one lab domain: ${ms.toFixed(0)} ms, peak RSS ${Math.round(Number(/rss (\d+)/.exec(stderr)?.[1]) / 1024)} MB`);
		expect((await mailward(["--version"])).stdout.trim()).toBe((JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version);
	});
});
