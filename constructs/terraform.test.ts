import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Verdict } from "../checks/engine/verdict.ts";
import { DeliverySettings, MailEventTrail, MailKey, SendingIdentity } from "./index.ts";
import { idsWith, judge, synthesize, told } from "./testing/judge.test-support.ts";
import { runTerraform, terraformIsMissing } from "./testing/terraform.test-support.ts";

const root = join(import.meta.dirname, "..");
const example = join(root, "examples/first-stack");
const output = ["manifest.json", "stacks/mail/cdk.tf.json"];

const temporary = mkdtempSync(join(tmpdir(), "mailward-constructs-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe("examples/first-stack", () => {
	it("synthesizes to the committed output, byte for byte, with no path of this machine in it", () => {
		const outdir = join(temporary, "synthesized");
		execFileSync(process.execPath, [join(example, "main.ts")], { cwd: temporary, env: { ...process.env, CDKTF_OUTDIR: outdir } });
		for (const file of output) {
			const committed = readFileSync(join(example, "cdktf.out", file), "utf8");
			expect(readFileSync(join(outdir, file), "utf8"), `${file} is out of date: run node examples/first-stack/main.ts`).toBe(committed);
			expect(committed).not.toContain(root);
			expect(committed).not.toContain(temporary);
		}
	});

	it("passes every check that judges it", async () => {
		const verdicts = await judge(readFileSync(join(example, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8"));
		expect(idsWith(verdicts, "fail"), told(verdicts)).toEqual([]);
		// What belongs to the account as a whole is in no stack's plan.
		const unclear = verdicts.filter(({ status, reason }) => status === "not_assessed" && reason?.code !== "not_in_plan");
		expect(unclear, told(unclear)).toEqual([]);
		expect(idsWith(verdicts, "pass").length).toBeGreaterThanOrEqual(12);
	});
});

const missing = terraformIsMissing();
if (missing !== undefined) console.log(`constructs/terraform.test.ts: Terraform is not run: ${missing}`);

describe.skipIf(missing !== undefined)("Terraform takes", () => {
	describe.each<[string, () => string]>([
		["the first stack", () => readFileSync(join(example, "cdktf.out/stacks/mail/cdk.tf.json"), "utf8")],
		["every optional prop", everyProp],
		["a sandbox", sandbox],
	])("%s", (name, stackJson) => {
		const directory = join(temporary, name.replaceAll(" ", "-"));
		let configuration: string;
		let plan: string;
		let state: string;

		beforeAll(() => {
			cpSync(join(example, "cdktf.out/stacks/mail"), directory, { recursive: true });
			configuration = stackJson();
			writeFileSync(join(directory, "cdk.tf.json"), configuration);
			terraform(directory, "init", "-no-color");
			terraform(directory, "validate", "-no-color");
			terraform(directory, "plan", "-no-color", "-out=plan");
			plan = terraform(directory, "show", "-json", "plan");
			terraform(directory, "apply", "-no-color", "plan");
			state = terraform(directory, "show", "-json");
		}, 180_000);

		it("as a plan that creates each resource once and has nothing left to change", () => {
			const { resource_changes } = JSON.parse(plan) as { resource_changes: { mode: string; change: { actions: string[] } }[] };
			const managed = resource_changes.filter(({ mode }) => mode === "managed");
			const declared = Object.values((JSON.parse(configuration) as { resource: Record<string, object> }).resource).flatMap((instances) =>
				Object.keys(instances),
			);
			expect(managed).toHaveLength(declared.length);
			for (const { change } of managed) expect(change.actions).toEqual(["create"]);
			// Exit status 2 of plan -detailed-exitcode would mean a difference that never settles.
			expect(runTerraform(directory, "plan", "-no-color", "-detailed-exitcode").status).toBe(0);
		});

		it("and its plan and state get the verdicts of the synthesized stack", async () => {
			const written = await judge(configuration);
			expect(idsWith(written, "fail"), told(written)).toEqual([]);
			const stateFile = readFileSync(join(directory, "terraform.mail.tfstate"), "utf8");
			for (const json of [plan, state, stateFile]) expectSameVerdicts(written, await judge(json));
		});
	});
});

/**
 * The same checks judge the same resources and say the same of each. What either document says is known only after apply
 * is compared by check and resource alone: a state knows it and a plan does not.
 */
function expectSameVerdicts(written: readonly Verdict[], seen: readonly Verdict[]): void {
	const [expected, actual] = [statuses(written), statuses(seen)];
	for (const key of new Set([...expected.keys(), ...actual.keys()])) {
		const pair = [expected.get(key), actual.get(key)];
		expect(pair, key).not.toContain(undefined);
		if (!pair.includes("unknown_until_apply")) expect(actual.get(key), `${key}\n${told(seen)}`).toBe(expected.get(key));
	}
}

/** check + resource -> status, or why there is none. */
function statuses(verdicts: readonly Verdict[]): Map<string, string> {
	return new Map(verdicts.map(({ check, resource, status, reason }) => [`${check.id} ${resource}`, reason?.code ?? status]));
}

function everyProp(): string {
	return synthesize((stack) => {
		const administrators = ["arn:aws:iam::111122223333:role/key-admin"];
		const { key } = new MailKey(stack, "key", {
			administratorArns: administrators,
			aliasName: "clinic/mail",
			description: "Clinic mail",
			rotationPeriodDays: 180,
		});
		const { configurationSet } = new DeliverySettings(stack, "settings", { configurationSetName: "transactional" });
		new SendingIdentity(stack, "identity", { domain: "clinic.example", configurationSet, mailFromSubdomain: "returns" });
		new MailEventTrail(stack, "events", { configurationSet, encryptionKey: key, retentionDays: 2557, bucketPrefix: "clinic-mail-events-" });
	});
}

function sandbox(): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new SendingIdentity(stack, "identity", { domain: "clinic.example", configurationSet });
		new MailEventTrail(stack, "events", { configurationSet, sandbox: true });
	});
}

function terraform(directory: string, ...command: string[]): string {
	const { status, stdout, stderr } = runTerraform(directory, ...command);
	if (status !== 0) throw new Error(`terraform ${command.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
	return stdout;
}
