import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lintImports } from "../scripts/lint-imports.ts";
import { lintPolicy } from "../scripts/lint-policies.ts";

const root = join(import.meta.dirname, "..");
const parts = ["model", "lab", "constructs", "checks", "reports", "pipeline", "cli", "scripts", "test"];
const files = ["package.json", "tsconfig.json", "biome.json", "vitest.config.ts"];
const copy = mkdtempSync(join(tmpdir(), "mailward-new-"));
const bin = (name: string) => join(copy, "node_modules/.bin", name);
/** Without what a surrounding vitest sets, which would confuse the one in the copy. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST|NODE_ENV)/.test(name)));

interface Ran {
	code: number | null;
	out: string;
	err: string;
}

function run(command: string, args: readonly string[]): Ran {
	const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: copy, encoding: "utf8", env: { ...env, NO_COLOR: "1" } });
	if (error !== undefined) throw error;
	return { code: status, out: stdout, err: stderr };
}

const make = (...args: string[]): Ran => run(process.execPath, ["scripts/new.ts", ...args]);

beforeAll(() => {
	for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
	for (const file of files) cpSync(join(root, file), join(copy, file));
	for (const shared of ["node_modules", "examples"]) symlinkSync(join(root, shared), join(copy, shared));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const made = {
	check: ["checks/policies/sending/sample_state/sample_state.rego", "checks/policies/sending/sample_state/sample_state.cases.yaml"],
	collector: ["checks/collectors/sample-source/index.ts", "checks/collectors/sample-source/schema.ts", "checks/collectors/sample-source/index.test.ts"],
	derivation: ["checks/derive/sample-fact/index.ts", "checks/derive/sample-fact/index.test.ts"],
	construct: ["constructs/sample-store/index.ts", "constructs/sample-store/index.test.ts"],
	report: ["reports/sample-lines/index.ts", "reports/sample-lines/index.test.ts"],
};
const names = { check: "sending.sample_state", collector: "sample-source", derivation: "sample-fact", construct: "SampleStore", report: "sample-lines" };

describe("npm run new", () => {
	it.each(Object.keys(made) as (keyof typeof made)[])("writes a %s and says what comes next", (what) => {
		const { code, out, err } = make(what, names[what]);
		expect(err).toBe("");
		expect(code).toBe(0);
		expect(out.match(/^wrote .*$/gm)).toEqual(made[what].map((path) => `wrote ${path}`));
		expect(out).toMatch(/^next:\n(?:- .+\n)+$/m);
		for (const path of made[what]) expect(existsSync(join(copy, path)), path).toBe(true);
	});

	it("writes a check on another kind, path and value", () => {
		expect(
			make("check", "sample_area.sample_topic", "--evidence", "aws_sns_topic", "--path", "tracing_config", "--value", "Active", "--control", "TEC-09"),
		).toMatchObject({ code: 0, err: "" });
		expect(readFileSync(join(copy, "checks/policies/sample_area/sample_topic/sample_topic.rego"), "utf8")).toMatch(
			/controls: \[TEC-09\][\s\S]*evidence: \[aws_sns_topic\]/,
		);
	});

	it.each([
		[[], /^usage: npm run new/],
		[["check"], /^usage: npm run new/],
		[["gadget", "a"], /unknown kind "gadget": check, collector/],
		[["check", "tls_required"], /"tls_required" is no name for a check: write <area>\.<name> in snake_case/],
		[["check", "sending.TlsRequired"], /is no name for a check/],
		[["check", "../x.y"], /is no name for a check/],
		[["collector", "Sample_Source"], /is no name for a collector: write kebab-case/],
		[["construct", "sample-store"], /is no name for a construct: write a noun in PascalCase/],
		[["report", "../../etc"], /is no name for a report/],
		[["check", "lib.thing"], /the area lib is for libraries/],
		[["check", "sending.other", "--evidence", "aws_sns_topic"], /give --path and --value too/],
		[
			["check", "sending.other", "--evidence", "aws_nothing_topic", "--path", "a", "--value", "b"],
			/no collector supplies aws_nothing_topic; near to it: .*aws_sns_topic/,
		],
		[["check", "sending.other", "--evidence", "derived.spf", "--path", "a", "--value", "b"], /derived\.spf is derived/],
		[["check", "sending.other", "--path", "a..b", "--value", "b"], /is no dotted path/],
		[["check", "sending.other", "--path", "a", "--value", 'b"'], /--value is plain text/],
		[["check", "sending.other", "--control", "TEC-99"], /TEC-99 is no control/],
		[["check", "new_area.other", "--evidence", "terraform.resource_type", "--path", "type", "--value", "a"], /give --control/],
		[["report", "sample-two", "--control", "TEC-09"], /belong to check/],
		[["report", "sample-two", "--colour"], /--colour/],
	] as [string[], RegExp][])("refuses %j", (args, message) => {
		const { code, out, err } = make(...args);
		expect({ code, out }).toEqual({ code: 2, out: "" });
		expect(err).toMatch(message);
		expect(err).not.toMatch(/^\s+at /m);
	});

	it("overwrites nothing", () => {
		const before = readFileSync(join(copy, made.report[0] as string), "utf8");
		expect(make("report", names.report)).toMatchObject({ code: 2, err: "reports/sample-lines exists and is not empty: nothing is overwritten\n" });
		expect(make("check", "sending.tls_required").err).toMatch(/exists and is not empty/);
		expect(readFileSync(join(copy, made.report[0] as string), "utf8")).toBe(before);
	});
});

describe("what it wrote", () => {
	const code = Object.values(made)
		.flat()
		.filter((path) => path.endsWith(".ts"));

	it("is formatted and passes the linters", () => {
		expect(run(bin("biome"), ["check", "--vcs-enabled=false", ...code])).toMatchObject({ code: 0 });
		for (const path of code) expect(lintImports(path, readFileSync(join(copy, path), "utf8")), path).toEqual([]);
		const [rego] = made.check as [string];
		expect(lintPolicy(readFileSync(join(copy, rego), "utf8"), rego, names.check)).toEqual([]);
	});

	it("is found by folder and compiles", () => {
		expect(run(process.execPath, ["scripts/registry.ts"])).toMatchObject({ code: 0, err: "" });
		expect(readFileSync(join(copy, "checks/registry.ts"), "utf8")).toMatch(/collectSampleSource[\s\S]*deriveSampleFact/);
		writeFileSync(join(copy, "tsconfig.new.json"), JSON.stringify({ extends: "./tsconfig.json", include: [], files: ["checks/registry.ts", ...code] }));
		expect(run(bin("tsc"), ["-p", "tsconfig.new.json"])).toMatchObject({ code: 0, out: "" });
	});

	it("passes its own tests", () => {
		const { code: status, out, err } = run(bin("vitest"), ["run", ...code.filter((path) => path.endsWith(".test.ts"))]);
		expect(`${out}${err}`).toMatch(/Test Files {2}4 passed \(4\)/);
		expect(status).toBe(0);
	});

	it("is a construct that passes the walk, once it is exported and has a row there", () => {
		const edit = (path: string, before: RegExp, added: string) => {
			const text = readFileSync(join(copy, path), "utf8");
			writeFileSync(
				join(copy, path),
				text.replace(before, (found) => `${added}\n${found}`),
			);
		};
		edit("constructs/index.ts", /^export \{ ScheduledScan/m, 'export { SampleStore } from "./sample-store/index.ts";');
		const key = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-4333-8444-555555555555";
		const row = `"sample-store": (stack, more) => new mailward.SampleStore(stack, "subject", { encryptionKeyArn: "${key}", ...more }),`;
		edit("constructs/testing/every-construct.test-support.ts", /^\t"scheduled-scan":/m, row);
		const { code: status, out, err } = run(bin("vitest"), ["run", "constructs/walk.test.ts", "-t", "sample-store|walks every construct"]);
		expect(`${out}${err}`).toMatch(/Tests {2}6 passed/);
		expect(status).toBe(0);
	});

	const opa = hasOpa();
	if (!opa) console.log("skipped: the new check is not compiled, for OPA is not installed (npm run policies installs it)");
	it.runIf(opa)("is a check that compiles, passes, fails and says when it could not look", () => {
		for (const area of readdirSync(join(copy, "checks/policies"))) {
			if (!["lib", "sending", "sample_area"].includes(area)) rmSync(join(copy, "checks/policies", area), { recursive: true });
		}
		expect(run(process.execPath, ["scripts/policies.ts"])).toMatchObject({ code: 0 });
		const {
			code: status,
			out,
			err,
		} = run(bin("vitest"), ["run", "test/cases.test.ts", "test/meta.test.ts", "-t", "sending.sample_state|sample_area.sample_topic"]);
		expect(`${out}${err}`).toMatch(/Tests {2}12 passed/);
		expect(status).toBe(0);
	});
});

/** As scripts/policies.ts finds it, without installing one. */
function hasOpa(): boolean {
	if (existsSync(join(homedir(), "go/bin/opa"))) return true;
	try {
		execFileSync("opa", ["version"], { stdio: "ignore" });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
		throw error;
	}
}
