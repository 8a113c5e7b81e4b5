import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { built, cli, firstStack, removeTemporaryFolders, root, temporaryFolder, write } from "./smoke/support.ts";

interface Step {
	id?: string;
	if?: string;
	uses?: string;
	shell?: string;
	run?: string;
	env?: Record<string, string>;
	with?: Record<string, string>;
}
interface Action {
	inputs: Record<string, { description: string; default: string }>;
	outputs: Record<string, { value: string }>;
	runs: { using: string; steps: Step[] };
}

const text = readFileSync(join(root, "action.yml"), "utf8");
const action = parse(text) as Action;
const names = (pattern: RegExp, where: string): string[] => [...new Set([...where.matchAll(pattern)].map((match) => match[1] ?? ""))].sort();

beforeAll(built, 60_000);
afterAll(removeTemporaryFolders);

describe("action.yml", () => {
	it("uses each of its inputs and no other, and outputs of steps that write them", () => {
		expect(names(/inputs\.([a-z-]+)/g, text)).toEqual(Object.keys(action.inputs).sort());
		const script = readFileSync(join(root, "ci/github/scan.sh"), "utf8");
		const given = action.runs.steps[0]?.env ?? {};
		for (const variable of names(/\b(INPUT_[A-Z_]+|REPOSITORY_PRIVATE)\b/g, script)) expect(Object.keys(given)).toContain(variable);
		for (const output of names(/steps\.scan\.outputs\.([a-z-]+)/g, text)) expect(script).toContain(`echo "${output}=`);
	});

	it("puts no expression into the text of a command", () => {
		for (const { run, shell } of action.runs.steps) {
			if (run === undefined) continue;
			expect(run).not.toContain("${{");
			expect(shell).toBe("bash");
		}
		expect(action.runs.using).toBe("composite");
	});

	it("installs the version that it comes with", () => {
		expect(action.inputs.version?.default).toBe((JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version);
	});
});

interface Outcome {
	code: number | null;
	said: string;
	output: Record<string, string>;
	summary: string;
	temp: string;
}

/** Runs the steps' scripts as a runner does. */
function runAction(inputs: Record<string, string>, isPrivate: string, files: Record<string, string> = {}): Outcome {
	const dir = temporaryFolder();
	const temp = join(dir, "temp");
	mkdirSync(temp);
	for (const [name, content] of Object.entries(files)) write(join(dir, name), content);
	const [output, summary] = [write(join(dir, "output"), ""), write(join(dir, "summary"), "")];
	const env: Record<string, string> = {};
	for (const [name, value] of Object.entries(action.runs.steps[0]?.env ?? {})) {
		const input = /inputs\.([a-z-]+)/.exec(value)?.[1];
		env[name] = input === undefined ? isPrivate : (inputs[input] ?? action.inputs[input]?.default ?? "");
	}
	const runner = {
		GITHUB_ACTION_PATH: root,
		GITHUB_OUTPUT: output,
		GITHUB_STEP_SUMMARY: summary,
		RUNNER_TEMP: temp,
		MAILWARD_COMMAND: `${process.execPath} ${cli}`,
	};
	const { status, stdout, stderr } = spawnSync("bash", ["-c", action.runs.steps[0]?.run ?? "exit 99"], {
		cwd: dir,
		encoding: "utf8",
		env: { PATH: process.env.PATH, HOME: dir, ...runner, ...env },
	});
	const lines = readFileSync(output, "utf8")
		.split("\n")
		.filter((line) => line !== "");
	return {
		code: status,
		said: `${stdout}${stderr}`,
		output: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])),
		summary: readFileSync(summary, "utf8"),
		temp,
	};
}

const failing = readFileSync(firstStack, "utf8").replace('"tls_policy": "REQUIRE"', '"tls_policy": "OPTIONAL"');

describe("the Action's steps", () => {
	it("keep a redacted bundle, and say counts alone where the repository is public or of unknown kind", () => {
		for (const kind of ["false", ""]) {
			const { code, said, output, summary, temp } = runAction({ plans: "cdk.tf.json" }, kind, { "cdk.tf.json": failing });
			expect([code, output["exit-code"]], said).toEqual([0, "1"]);
			expect(output.bundle).toBe(join(temp, "mailward-redacted.zip"));
			expect(existsSync(output.bundle ?? "")).toBe(true);
			expect(summary).toMatch(/\| fail \| [1-9]\d* \|/);
			expect(said).toMatch(/::error title=mailward::\d+ high results? fails?; the bundle says which/);
			expect(`${said}${summary}`).not.toContain("aws_sesv2_configuration_set");
			expect(spawnSync("bash", ["-c", action.runs.steps[2]?.run ?? ""], { env: { EXIT_CODE: output["exit-code"] } }).status).toBe(1);
		}
	}, 60_000);

	it("annotate each failure in a private repository", () => {
		const { said, output } = runAction({ plans: "cdk.tf.json", upload: "plain" }, "true", { "cdk.tf.json": failing });
		expect(said).toMatch(/::error file=cdk\.tf\.json,title=mailward::.*\[sending\.tls_required\] aws_sesv2_configuration_set\./);
		expect(output.bundle).toMatch(/mailward\.zip$/);
	}, 60_000);

	it("refuse a plain bundle where the repository is not known to be private, and encryption to nobody", () => {
		for (const kind of ["false", ""]) {
			const { code, said, output, temp } = runAction({ plans: "cdk.tf.json", upload: "plain" }, kind, { "cdk.tf.json": failing });
			expect([code, output]).toEqual([2, {}]);
			expect(said).toContain("::error title=mailward::upload: plain is refused");
			expect(existsSync(join(temp, "mailward-report"))).toBe(false);
		}
		expect(runAction({ plans: "cdk.tf.json", upload: "encrypted" }, "true", { "cdk.tf.json": failing }).said).toContain("needs the input recipients");
		expect(runAction({ plans: "cdk.tf.json", upload: "all" }, "true", { "cdk.tf.json": failing }).said).toContain(
			"expected redacted, encrypted, plain or none",
		);
		expect(runAction({}, "true").said).toContain("there is no mailward.yaml");
	}, 60_000);

	it("encrypt to an age recipient", () => {
		const recipients = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n";
		const { output, said } = runAction({ plans: "cdk.tf.json", upload: "encrypted", recipients }, "false", { "cdk.tf.json": failing });
		expect(output.bundle, said).toMatch(/mailward-encrypted\.zip$/);
		expect(
			readFileSync(output.bundle ?? "")
				.subarray(0, 21)
				.toString("latin1"),
		).toBe("age-encryption.org/v1");
	}, 60_000);

	it("run no command that an input spells", () => {
		const { code, said, temp } = runAction({ plans: "cdk.tf.json\n$(touch ../owned)\n`touch ../owned`; touch owned" }, "true", { "cdk.tf.json": failing });
		expect([code, existsSync(join(temp, "..", "owned"))], said).toEqual([0, false]);
	}, 60_000);
});

describe("the GitLab template", () => {
	const job = (
		parse(readFileSync(join(root, "ci/gitlab/mailward.gitlab-ci.yml"), "utf8")) as { mailward: { script: string[]; artifacts: { paths: string[] } } }
	).mailward;
	it("keeps the redacted bundle alone", () => {
		expect(job.artifacts.paths).toEqual(["mailward-redacted.zip"]);
		expect(job.script.join("\n")).toMatch(/--redact --bundle mailward-redacted\.zip/);
	});
	it("runs as it is written", () => {
		const dir = temporaryFolder();
		write(join(dir, "cdk.tf.json"), failing);
		write(join(dir, "mailward.yaml"), "version: 1\nplans: [cdk.tf.json]\n");
		write(join(dir, "bin/mailward"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
		const command = job.script.find((line) => line.startsWith("mailward scan")) ?? "exit 99";
		const env = { PATH: `${join(dir, "bin")}:${process.env.PATH}`, MAILWARD_CONFIG: "mailward.yaml", MAILWARD_FAIL_ON: "high" };
		spawnSync("chmod", ["+x", join(dir, "bin/mailward")]);
		expect(spawnSync("bash", ["-c", command.replace("/tmp/mailward.log", "log")], { cwd: dir, env, encoding: "utf8" }).status).toBe(1);
		expect(existsSync(join(dir, "mailward-redacted.zip"))).toBe(true);
	}, 60_000);
});
