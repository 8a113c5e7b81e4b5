/**
 * npm run e2e:terraform: the first-stack example through the real AWS provider, against an emulator of AWS on this machine. Init, plan and
 * apply; the plan and the state must get the verdicts of the synthesized stack.
 *
 * Exit code 0: they do. 1: they do not, or Terraform refuses the stack. 3: it cannot be run here, and stderr says why. Needs Terraform or
 * OpenTofu (TF_BIN names one), the provider from its registry or a mirror, and an emulator: AWS_ENDPOINT_URL on a loopback address, or
 * tools/aws-emulator under MAILWARD_SHARED.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { differences } from "../constructs/testing/same-verdicts.test-support.ts";
import { judgeStack } from "../pipeline/testing.ts";
import { freePort } from "../test/support/free-port.ts";

const root = join(import.meta.dirname, "..");
const stack = join(root, "examples/first-stack/cdktf.out/stacks/mail");

/** Why it cannot be run here. */
class CannotRun extends Error {}

try {
	await run();
	process.stdout.write("plan and state of the real provider get the verdicts of the synthesized stack\n");
} catch (error) {
	process.exitCode = error instanceof CannotRun ? 3 : 1;
	process.stderr.write(`${error instanceof CannotRun ? "e2e:terraform cannot run here: " : ""}${error instanceof Error ? error.message : String(error)}\n`);
}

async function run(): Promise<void> {
	const program = terraformProgram();
	const emulator = await startEmulator();
	const directory = mkdtempSync(join(tmpdir(), "mailward-e2e-"));
	try {
		const terraform = (...args: string[]) =>
			spawnSync(program, args, { cwd: directory, env: environment(emulator.url), encoding: "utf8", maxBuffer: 64 * 1024 * 1024, timeout: 600_000 });
		cpSync(stack, directory, { recursive: true });
		const written = readFileSync(join(directory, "cdk.tf.json"), "utf8");
		writeFileSync(join(directory, "cdk.tf.json"), atEmulator(written));
		const init = terraform("init", "-no-color", "-input=false");
		if (init.error !== undefined || init.status !== 0) throw new CannotRun(`terraform init does not get the AWS provider: ${reasonOf(init)}`);
		const must = (...args: string[]): string => {
			const { status, stdout, stderr } = terraform(...args);
			if (status !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
			return stdout;
		};
		must("plan", "-no-color", "-input=false", "-out=plan");
		const plan = must("show", "-json", "plan");
		must("apply", "-no-color", "-input=false", "plan");
		const state = must("show", "-json");
		const expected = await verdictsOf(written);
		const found = [
			...differences(expected, await verdictsOf(plan)).map((one) => `plan: ${one}`),
			...differences(expected, await verdictsOf(state)).map((one) => `state: ${one}`),
		];
		if (found.length > 0) throw new Error(found.join("\n"));
	} finally {
		emulator.stop();
		rmSync(directory, { recursive: true, force: true });
	}
}

function terraformProgram(): string {
	const names = process.env.TF_BIN === undefined ? ["terraform", "tofu"] : [process.env.TF_BIN];
	const found = names.find((name) => spawnSync(name, ["version"], { encoding: "utf8" }).status === 0);
	if (found === undefined) throw new CannotRun(`${names.join(" and ")} cannot be started; install Terraform or OpenTofu, or name one in TF_BIN`);
	return found;
}

/** The provider as it is written, but for what an emulator does not have: a metadata service, and a host for each bucket. */
function atEmulator(text: string): string {
	const document = JSON.parse(text) as { provider: { aws: object[] } };
	const settings = { s3_use_path_style: true, skip_credentials_validation: true, skip_metadata_api_check: true };
	document.provider.aws = document.provider.aws.map((provider) => ({ ...provider, ...settings }));
	return JSON.stringify(document);
}

/** Made-up credentials and the emulator's address alone: nothing here can reach a real account. */
function environment(url: string): NodeJS.ProcessEnv {
	const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
	const nowhere = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", AWS_EC2_METADATA_DISABLED: "true" };
	return { ...kept, ...nowhere, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };
}

async function startEmulator(): Promise<{ url: string; stop(): void }> {
	const given = process.env.AWS_ENDPOINT_URL;
	if (given !== undefined) {
		const { hostname } = new URL(given);
		if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname))
			throw new CannotRun(`AWS_ENDPOINT_URL names ${hostname}, which is not on this machine; start an emulator on 127.0.0.1`);
		return { url: given, stop: () => undefined };
	}
	const script = join(resolve(root, process.env.MAILWARD_SHARED ?? "../shared"), "tools/aws-emulator");
	if (!existsSync(script))
		throw new CannotRun("there is no emulator: set AWS_ENDPOINT_URL to one on 127.0.0.1, or MAILWARD_SHARED to a folder with tools/aws-emulator");
	const port = String(await freePort());
	execFileSync(script, ["start", port], { stdio: ["ignore", "ignore", "inherit"] });
	return { url: `http://127.0.0.1:${port}`, stop: () => void execFileSync(script, ["stop", port]) };
}

function reasonOf({ error, stderr }: { error?: Error | undefined; stderr: string }): string {
	// Warnings of the machine's own configuration may stand before it.
	const from = Math.max(0, stderr.indexOf("Error:"));
	return error?.message ?? stderr.slice(from).replaceAll(/\s+/g, " ").trim().slice(0, 400);
}

async function verdictsOf(json: string): Promise<Map<string, string>> {
	const { result } = await judgeStack(json);
	return new Map(result.results.map(({ check, resource, status, reason }) => [`${check} ${resource}`, reason?.code ?? status]));
}
