import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClinics } from "../../lab/index.ts";
import { built, contents, labProject, mailward, now, type Project, type Run, removeTemporaryFolders, resultIn, temporaryFolder } from "./support.ts";

const clinics = ["exemplary", "typical", "neglected"];
/** Gaps that a run of the demo leaves on purpose: the user did not ask for what would answer them. */
const explained = new Set(["input_not_supplied", "not_in_plan", "not_at_this_depth", "single_vantage", "not_permitted", "unknown_until_apply"]);
let dir: string;
let first: Run;

beforeAll(async () => {
	await built();
	dir = temporaryFolder();
	first = await mailward(["demo"], { cwd: dir });
	console.log(`demo: ${(first.ms / 1000).toFixed(1)} s`);
});
afterAll(removeTemporaryFolders);

describe("mailward demo", () => {
	it("writes three bundles and a page over them, says where, and exits 0", () => {
		expect(first.code, first.stderr).toBe(0);
		for (const file of ["report.html", "result.json", "evidence-manifest.json", "manifest.json", "manifest.sha256"])
			for (const clinic of clinics) expect(existsSync(join(dir, "mailward-demo", clinic, file)), `${clinic}/${file}`).toBe(true);
		const page = readFileSync(join(dir, "mailward-demo/index.html"), "utf8");
		for (const clinic of clinics) {
			expect(page).toContain(`href="${clinic}/report.html"`);
			expect(first.stderr).toContain(join("mailward-demo", clinic, "report.html"));
		}
		expect(first.stderr).toContain(join("mailward-demo", "index.html"));
		expect(first.stdout).toBe("");
	});

	it("shows a clinic in order, one with some faults and one with many", () => {
		const results = clinics.map((clinic) => resultIn(join(dir, "mailward-demo", clinic)).results);
		const fails = results.map((all) => all.filter((one) => one.state === "fail").length);
		const [exemplary = 0, typical = 0, neglected = 0] = fails;
		expect(exemplary).toBe(0);
		expect(typical).toBeGreaterThan(3);
		expect(neglected).toBeGreaterThan(typical);
		const gaps = (results[0] ?? []).filter((one) => one.status === "not_assessed" && one.state === "not_assessed" && !explained.has(one.reason?.code ?? ""));
		expect(gaps.map((one) => `${one.check} ${one.resource} ${one.reason?.code}`)).toEqual([]);
		expect((results[0] ?? []).length).toBeGreaterThan(50);
	});

	it("moves the earlier demo aside, and stops within 2 s when it is interrupted", async () => {
		const second = await mailward(["demo"], { cwd: dir, interruptOn: /collect|records/ });
		expect(second.code, second.stderr).toBe(130);
		expect(second.stopMs).toBeLessThan(2000);
		const names = readdirSync(dir).sort();
		expect(names).toHaveLength(2);
		expect(second.stderr).toContain(`moved to ${names.find((name) => name !== "mailward-demo")}`);
		expect(resultIn(join(dir, names.find((name) => name !== "mailward-demo") ?? "", "exemplary")).results.length).toBeGreaterThan(50);
	});
});

describe("stored evidence", () => {
	let bundle: string;
	let project: Project;

	beforeAll(async () => {
		project = await labProject(await loadClinics(), { domains: [{ name: "typical.example" }, { name: "neglected.example" }] });
		await mailward(["scan", "--now", now], { cwd: project.dir });
		bundle = join(project.dir, "mailward-report");
	});
	afterAll(() => project.close());

	it("of the demo gives the same result again, offline, byte for byte", async () => {
		const [aside = ""] = readdirSync(dir).filter((name) => name !== "mailward-demo");
		for (const clinic of clinics) {
			const before = readFileSync(join(dir, aside, clinic, "result.json"));
			const { code } = await mailward(["evaluate", join(dir, aside, clinic)]);
			expect(code).toBe(clinic === "exemplary" ? 0 : 1);
			expect(readFileSync(join(dir, aside, clinic, "result.json")).equals(before), clinic).toBe(true);
		}
	});

	it("is the same bytes at any concurrency with a fixed clock, and so are result and report", async () => {
		for (const concurrency of ["1", "50"]) {
			const out = join(project.dir, `at-${concurrency}`);
			await mailward(["scan", "--now", now, "--concurrency", concurrency, "--out", out], { cwd: project.dir });
			expect(Object.keys(contents(out))).toContain("evidence/dns.txt.jsonl");
			expect(contents(out)).toEqual(contents(bundle));
		}
	});

	it("is judged as of another time with --now: a certificate that ends in ten days has ended by then", async () => {
		const late = await mailward(["evaluate", bundle, "--now", "2027-01-15T00:00:00Z", "--out", "-", "--check", "certificate.in_date"]);
		const result = JSON.parse(late.stdout) as { run: { asOf: string }; results: { resource: string; status: string }[] };
		expect(result.run.asOf).toBe("2027-01-15T00:00:00.000Z");
		expect(result.results.filter((one) => one.resource.startsWith("mail.typical.example")).map((one) => one.status)).toEqual(["fail"]);
		const wrong = await mailward(["evaluate", bundle, "--now", "2027-13-45T00:00:00Z"]);
		expect(wrong.code).toBe(2);
		expect(wrong.stderr).toContain("--now");
	});

	it("that was changed by one byte is not judged: exit 2, naming the file", async () => {
		const copy = join(temporaryFolder(), "copy");
		for (const file of Object.keys(contents(join(bundle, "evidence")))) {
			cpSync(bundle, copy, { recursive: true });
			const path = join(copy, "evidence", file);
			const octets = readFileSync(path);
			const at = Math.floor(octets.length / 2);
			octets[at] = (octets[at] ?? 0) ^ 0x01;
			writeFileSync(path, octets);
			if (!["dns.txt.jsonl", "tls.session.jsonl", "listing.jsonl"].includes(file)) continue;
			const { code, stderr } = await mailward(["evaluate", copy, "--out", "-"]);
			expect(code, stderr).toBe(2);
			expect(stderr).toContain(`evidence/${file}`);
		}
	});

	it("that got a carriage return, lost its last line feed, or lost a file is not judged either", async () => {
		const changes: [string, (octets: Buffer) => Buffer][] = [
			["carriage return", (octets) => Buffer.from(octets.toString("latin1").replace("\n", "\r\n"), "latin1")],
			["no last line feed", (octets) => octets.subarray(0, -1)],
			["one line twice", (octets) => Buffer.concat([octets, octets.subarray(0, octets.indexOf(0x0a) + 1)])],
		];
		for (const [name, change] of changes) {
			const copy = join(temporaryFolder(), "copy");
			cpSync(bundle, copy, { recursive: true });
			const path = join(copy, "evidence/dns.txt.jsonl");
			writeFileSync(path, change(readFileSync(path)));
			const { code, stderr } = await mailward(["evaluate", copy, "--out", "-"]);
			expect(code, `${name}: ${stderr}`).toBe(2);
			expect(stderr, name).toContain("evidence/dns.txt.jsonl");
		}
	});

	it("holds hostile text that appears nowhere as more than text", async () => {
		const evidence = readFileSync(join(bundle, "evidence/dns.txt.jsonl"), "utf8");
		expect(evidence).toContain("<script>alert(1)</script>");
		const report = readFileSync(join(bundle, "report.html"), "latin1");
		expect(report).not.toContain("<script>alert(1)");
		expect(report).not.toContain("<img src=x");
		expect(report.match(/<script/g)?.length ?? 0).toBeLessThanOrEqual(1);
		const controls = /[\0-\x08\x0b-\x1f\x7f]/;
		expect(report).not.toMatch(controls);
		for (const args of [
			["evaluate", bundle, "--out", "-"],
			["scan", "--now", now, "--verbose", "--out", join(project.dir, "loud")],
		]) {
			const { stdout, stderr } = await mailward(args, { cwd: project.dir });
			expect(stdout).not.toMatch(controls);
			expect(stderr).not.toMatch(controls);
		}
	});
});
