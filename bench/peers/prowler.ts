import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Timing, timed } from "../timed.ts";

/** The services that mailward reads and Prowler knows. */
const services = [
	...["account", "acm", "apigateway", "apigatewayv2", "awslambda", "backup", "cloudfront", "cloudtrail", "cloudwatch", "config", "dynamodb"],
	...["ec2", "eventbridge", "firehose", "iam", "kinesis", "kms", "organizations", "route53", "s3", "secretsmanager", "ses", "sns", "sqs"],
];

/** Runs Prowler over the account that the environment points at, one Region, installed into `dir` on demand, and prints its figures beside ours. */
export async function prowler(dir: string, ours: Timing): Promise<void> {
	const program = install(dir);
	if (program === undefined) return;
	const out = join(dir, "prowler-out");
	const args = [
		"aws",
		"--region",
		"us-east-1",
		"--services",
		...services,
		"--output-formats",
		"csv",
		"--output-directory",
		out,
		"--no-banner",
		"--ignore-exit-code-3",
	];
	const theirs = await timed(dir, program, args, "ignore");
	if (!existsSync(out)) {
		process.stdout.write(`Prowler ended with ${theirs.code} and wrote nothing\n`);
		return;
	}
	process.stdout.write(
		`Prowler, the same account and Region, ${services.length} services: ${theirs.seconds.toFixed(1)} s, ${theirs.cpuSeconds.toFixed(1)} s of CPU, peak ${theirs.peakMegabytes} MB, exit ${theirs.code}; mailward is ${(theirs.seconds / ours.seconds).toFixed(1)} times as fast, with ${(theirs.cpuSeconds / ours.cpuSeconds).toFixed(1)} times less CPU and ${(theirs.peakMegabytes / ours.peakMegabytes).toFixed(1)} times less memory\n`,
	);
}

/** The path of the program in a virtual environment of its own; undefined, and the reason printed, where it cannot be had. */
function install(dir: string): string | undefined {
	const venv = join(dir, "prowler");
	const program = join(venv, "bin", "prowler");
	if (existsSync(program)) return program;
	const installed = spawnSync("sh", ["-c", `python3 -m venv ${venv} && ${venv}/bin/pip install --quiet prowler==5.46.0`], { encoding: "utf8" });
	if (installed.status === 0 && existsSync(program)) return program;
	process.stdout.write(`Prowler could not be installed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}\n`);
	return undefined;
}
