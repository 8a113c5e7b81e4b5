import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collectors } from "../../checks/registry.ts";
import { expectNoFail, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { ScheduledScan, type ScheduledScanProps } from "./index.ts";

const configuration = 'version: 1\nentity: {name: "Clinic of $HOME"}\ndomains:\n  - {name: clinic.example}\n';
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };

function build(props: Partial<ScheduledScanProps> = {}): string {
	return synthesize((stack) => {
		new ScheduledScan(stack, "scan", { configuration, ...props });
	});
}

const projectOf = (json: string) =>
	onlyResource(json, "aws_codebuild_project") as unknown as {
		source: { buildspec: string };
		environment: { environment_variable: { name: string; value: string }[] };
	};

const specificationOf = (json: string) =>
	JSON.parse(projectOf(json).source.buildspec) as { phases: Record<"install" | "build" | "post_build", { commands: string[] }> };

describe("ScheduledScan", () => {
	it("fails no check in a sandbox", async () => {
		await expectNoFail(build({ sandbox: true }));
	});

	it("may do what the collectors ask for and write its report, and nothing else", () => {
		const json = build();
		const [scan = [], ...others] = resources(json, "aws_iam_role_policy").map(({ policy }) => statementsOf(json, policy));
		expect(others.flat().flatMap(({ actions }) => actions)).toEqual(["codebuild:StartBuild"]);
		const own = ["kms:Decrypt", "kms:GenerateDataKey", "logs:CreateLogStream", "logs:PutLogEvents", "s3:PutObject"];
		const asked = collectors.flatMap(({ iamActions }) => iamActions);
		expect(new Set(scan.flatMap(({ actions }) => actions))).toEqual(new Set([...own, ...asked]));
		for (const { sid, resources } of scan) expect(resources?.includes("*") ?? false, sid).toBe(sid === "Look");
	});

	it("installs one version, its own or the one given", () => {
		expect(specificationOf(build()).phases.install.commands).toEqual([`npm install --global --ignore-scripts --no-audit --no-fund mailward@${version}`]);
		expect(specificationOf(build({ version: "9.8.7" })).phases.install.commands[0]).toMatch(/mailward@9\.8\.7$/);
	});

	it.each([0, 1, 3])("runs the scan with its configuration, and stores the report whatever the exit code: %i", (code) => {
		const folder = mkdtempSync(join(tmpdir(), "mailward-build-"));
		try {
			const program = (name: string, script: string) => {
				writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
				chmodSync(join(folder, name), 0o755);
			};
			program("mailward", `printf '%s\\n' "$@" > arguments; cp mailward.yaml seen.yaml; mkdir report; exit ${code}`);
			program("aws", `printf '%s\\n' "$@" > uploaded`);
			const { phases } = specificationOf(build({ options: ["--accept", "egress_blocked"] }));
			const env = { PATH: `${folder}:${process.env.PATH}`, MAILWARD_BUCKET: "reports", MAILWARD_CONFIGURATION: configuration };
			const statuses = [...phases.build.commands, ...phases.post_build.commands].map(
				(command) => spawnSync("bash", ["-c", command], { cwd: folder, env, encoding: "utf8" }).status,
			);
			expect(statuses).toEqual([0, code, 0]);
			expect(readFileSync(join(folder, "seen.yaml"), "utf8")).toBe(configuration);
			expect(readFileSync(join(folder, "arguments"), "utf8").trim().split("\n")).toEqual([
				"scan",
				"--config",
				"mailward.yaml",
				"--out",
				"report",
				"--no-color",
				"--accept",
				"egress_blocked",
			]);
			expect(existsSync(join(folder, "uploaded"))).toBe(true);
			expect(readFileSync(join(folder, "uploaded"), "utf8")).toMatch(/^report\ns3:\/\/reports\/scans\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\/$/m);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});

	it("hands the configuration on octet by octet", () => {
		const [given] = projectOf(build()).environment.environment_variable;
		expect(given).toEqual({ name: "MAILWARD_CONFIGURATION", type: "PLAINTEXT", value: configuration });
	});

	it("raises an alarm when a scan fails, and when none takes place", () => {
		const alarms = resources(build({ maxSilenceDays: 7 }), "aws_cloudwatch_metric_alarm");
		expect(alarms).toMatchObject([
			{ metric_name: "FailedBuilds", comparison_operator: "GreaterThanOrEqualToThreshold", treat_missing_data: "notBreaching", evaluation_periods: 1 },
			{ metric_name: "Builds", comparison_operator: "LessThanThreshold", treat_missing_data: "breaching", period: 86_400, evaluation_periods: 7 },
		]);
	});

	it("locks reports for six years, and for a day in a sandbox", () => {
		const lock = (props: Partial<ScheduledScanProps>) => onlyResource(build(props), "aws_s3_bucket_object_lock_configuration").rule;
		expect(lock({})).toEqual({ default_retention: { mode: "COMPLIANCE", days: 2192 } });
		expect(lock({ sandbox: true })).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
	});

	it.each<[string, Partial<ScheduledScanProps>, RegExp]>([
		["a path for a configuration", { configuration: "mailward.yaml" }, /mail\/scan: configuration must be the text of a mailward\.yaml/],
		["a schedule by the minute", { scheduleExpression: "rate(5 minutes)" }, /scheduleExpression must be cron/],
		["a range for a version", { version: "^1.0.0" }, /version must be one version, no range, got "\^1\.0\.0"/],
		["a command among the options", { options: ["--skip", "a'; curl x"] }, /options\[1\] must be one option/],
		["a silence of weeks", { maxSilenceDays: 14 }, /maxSilenceDays must be a whole number of days from 1 to 7/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
