import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allChecks } from "../../checks/engine/policy-lock.ts";
import { runTerraform, terraformIsMissing } from "../../constructs/testing/terraform.test-support.ts";
import type { ResultItem } from "../../model/result.ts";
import { judgeStack, type StackJudgement } from "../../pipeline/testing.ts";

/**
 * examples/broken: a stack that is right but for the faults named here. Each is found where it is, and nothing else is found.
 * A fault is told by rows of the catalogue, since several checks may speak to one.
 */
const faults: readonly { fault: string; resource: RegExp; rows: readonly string[] }[] = [
	{ fault: "TLS only where the receiver offers it", resource: /^aws_sesv2_configuration_set\.second_/, rows: ["SES-04"] },
	{ fault: "no event destination", resource: /^aws_sesv2_configuration_set\.second_/, rows: ["SES-07"] },
	{ fault: "click tracking", resource: /^aws_sesv2_configuration_set\.second_/, rows: ["SES-06"] },
	{ fault: "an identity without a default configuration set", resource: /^aws_sesv2_email_identity\.old_/, rows: ["SES-05"] },
	{ fault: "a DKIM key of 1024 bits", resource: /^aws_sesv2_email_identity\.old_/, rows: ["SES-02"] },
	{ fault: "a log that keeps one day", resource: /^aws_cloudwatch_log_group\.log$/, rows: ["LOG-01"] },
	{ fault: "a key that does not rotate", resource: /^aws_kms_key\.open_/, rows: ["KMS-02"] },
	{ fault: "a key policy for everyone", resource: /^aws_kms_key\.open_/, rows: ["KMS-03"] },
	{ fault: "ses:* with Effect in front of Action", resource: /^aws_iam_policy\.effect-in-front$/, rows: ["IAM-06", "SES-13"] },
	{ fault: "ses:* with Effect behind Action", resource: /^aws_iam_policy\.effect-behind$/, rows: ["IAM-06", "SES-13"] },
	{ fault: "events sent by e-mail", resource: /^aws_sns_topic_subscription\.bounces-by-mail$/, rows: ["SNS-03"] },
	{ fault: "an SMTP password in an output", resource: /^(output\.smtp-password|aws_iam_access_key\.smtp-key|aws_iam_user\.smtp)$/, rows: ["SES-14"] },
];

const root = join(import.meta.dirname, "../..");
const references = new Map(allChecks().map(({ id, reference }) => [id, reference]));
let judged: StackJudgement;

beforeAll(async () => {
	judged = await judgeStack(readFileSync(join(root, "examples/broken/cdktf.out/stacks/mail/cdk.tf.json"), "utf8"));
});

function tells({ check, resource }: ResultItem, fault: (typeof faults)[number]): boolean {
	return fault.resource.test(resource) && (references.get(check) ?? []).some((row) => fault.rows.includes(row));
}

describe("the broken stack", () => {
	it.each(faults)("shows $fault", (fault) => {
		// Every row that some check judges on plans finds its fault.
		const rows = fault.rows.filter((row) => [...references.values()].some((reference) => reference.includes(row)));
		const told = judged.failed.filter((one) => tells(one, fault)).flatMap(({ check }) => references.get(check) ?? []);
		for (const row of rows) expect(told, row).toContain(row);
	});

	it("shows nothing else", () => {
		const others = judged.failed.filter((one) => !faults.some((fault) => tells(one, fault)));
		expect(others.map(({ check, resource, message }) => `${check} ${resource}: ${message}`)).toEqual([]);
	});

	it("is judged as on file", () => {
		const lines = judged.result.results.map((one) => JSON.stringify([one.check, one.resource, one.state, one.reason?.code ?? null, one.severity]));
		const text = `{\n"results": [\n${lines.sort().join(",\n")}\n]\n}\n`;
		const file = join(import.meta.dirname, "broken.json");
		if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
		expect(text, "changed verdicts: if they are meant, run with UPDATE_GOLDEN=1").toBe(readFileSync(file, "utf8"));
	});
});

const missing = terraformIsMissing();
if (missing !== undefined) console.log(`test/golden/broken.test.ts: Terraform's own plan is not judged: ${missing}`);

describe.skipIf(missing !== undefined)("Terraform's plan of the broken stack", () => {
	it("fails at the same findings and no others", async () => {
		const directory = mkdtempSync(join(tmpdir(), "mailward-broken-"));
		try {
			cpSync(join(root, "examples/broken/cdktf.out/stacks/mail"), directory, { recursive: true });
			for (const command of [["init"], ["plan", "-out=plan"]]) {
				const { status, stdout, stderr } = runTerraform(directory, ...command, "-no-color");
				expect(status, `${stdout}${stderr}`).toBe(0);
			}
			const planned = await judgeStack(runTerraform(directory, "show", "-json", "plan").stdout);
			const findings = (all: readonly ResultItem[]) => all.map(({ check, resource }) => `${check} ${resource}`).sort();
			expect(findings(planned.failed)).toEqual(findings(judged.failed));
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	}, 60_000);
});
