import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { built, firstStack, mailward, now, removeTemporaryFolders, resultIn, shared, temporaryFolder, verdicts, write } from "./support.ts";

beforeAll(built);
afterAll(removeTemporaryFolders);

const optional = (): string => readFileSync(firstStack, "utf8").replace(/"tls_policy": "REQUIRE"/, '"tls_policy": "OPTIONAL"');

const official = "{ name: Security Official, role: Security Official, email: security@clinic.example }";
const partnerWaiver = `schema: mailward/waiver/v1
records:
  - id: partner-tls
    createdOn: 2026-10-01
    owner: ${official}
    kind: compensating_control
    scope: { checks: [sending.tls_required], namedInStack: true }
    compensatingControl: { text: "Messages to the one partner without TLS are encrypted with S/MIME before they are handed over." }
    equivalenceStatement: Nobody on the way can read what S/MIME encrypts, whatever the transport offers.
    riskRef: R-017
    requestedBy: { name: Office Manager, role: Office Manager, email: office@clinic.example }
    approvedBy: ${official}
    approvedOn: 2026-10-01
    reviewOn: 2026-12-01
    expiresOn: 2027-01-31
`;

async function judged(text: string, name: string): Promise<{ code: number | null; stderr: string; result: ResultDocument }> {
	const file = write(join(temporaryFolder(), name), text);
	const { code, stdout, stderr } = await mailward(["scan", "--plan", file, "--now", now, "--format", "json", "--out", "-"]);
	return { code, stderr, result: JSON.parse(stdout) as ResultDocument };
}

describe("scan --plan cdk.tf.json", () => {
	it("passes the first stack, exit 0", async () => {
		const out = join(temporaryFolder(), "report");
		const { code, stdout, stderr } = await mailward(["scan", "--plan", firstStack, "--out", out]);
		expect(code, stderr).toBe(0);
		expect(stdout).toBe("");
		const { totals, run } = resultIn(out);
		expect(totals.results.fail).toBe(0);
		expect(totals.results.pass).toBeGreaterThan(10);
		expect(run.complete).toBe(true);
		expect(stderr).toContain(join(out, "report.html"));
	});

	it("fails it with tls_policy OPTIONAL, exit 1, and names resource, path, observed, expected, citation and fix", async () => {
		expect(optional()).toContain("OPTIONAL");
		const { code, stderr, result } = await judged(optional(), "cdk.tf.json");
		expect(code, stderr).toBe(1);
		const failed = result.results.filter((one) => one.state === "fail");
		expect(failed.map((one) => one.check)).toEqual(["sending.tls_required"]);
		const [finding] = failed;
		expect(finding).toMatchObject({ path: "delivery_options.tls_policy", observed: "OPTIONAL", expected: "REQUIRE", severity: "high" });
		expect(finding?.resource).toMatch(/^aws_sesv2_configuration_set\./);
		expect(stderr).toContain("at construct mail/settings/configuration-set");
		expect(finding?.citations.join()).toContain("45 CFR 164.312(e)");
		expect(finding?.remediation).toContain("REQUIRE");
		for (const told of [finding?.resource, finding?.path, "observed: OPTIONAL", "expected: REQUIRE", "45 CFR 164.312(e)", "fix:", "sending.tls_required"])
			expect(stderr).toContain(told);
		expect(result.controls.find((control) => control.id === "TEC-09")?.state).toBe("fail");
	});

	it("lets a live waiver cover what names it and nothing else, and says so when it has run out", async () => {
		const set = (name: string, comment: object) => ({ configuration_set_name: name, delivery_options: { tls_policy: "OPTIONAL" }, ...comment });
		const sets = { named: set("partner", { "//": { mailward: { waiver: "partner-tls" } } }), other: set("other", {}) };
		const folder = temporaryFolder();
		const plan = write(join(folder, "cdk.tf.json"), JSON.stringify({ resource: { aws_sesv2_configuration_set: sets } }));
		const waivers = write(join(folder, "waivers.yaml"), partnerWaiver);
		const scan = async (at: string) => {
			const args = ["scan", "--plan", plan, "--waivers", waivers, "--check", "sending.tls_required", "--now", at, "--format", "json", "--out", "-"];
			const { stdout, stderr, code } = await mailward(args);
			const { results } = JSON.parse(stdout) as ResultDocument;
			return { code, stderr, said: results.map(({ resource, state, disposition, waiver }) => [resource.split(".")[1], state, disposition, waiver]) };
		};
		const live = await scan(now);
		expect(live, live.stderr).toMatchObject({
			code: 1,
			said: [
				["named", "exception", "waived", "partner-tls"],
				["other", "fail", "none", null],
			],
		});
		const over = await scan("2027-02-01T09:00:00Z");
		expect(over, over.stderr).toMatchObject({
			code: 1,
			said: [
				["named", "fail", "waiver_expired", "partner-tls"],
				["other", "fail", "none", null],
			],
		});
		expect(over.stderr).toContain("names the waiver partner-tls: it has expired; renew the record, or mend the finding");
		write(waivers, partnerWaiver.replace("id: partner-tls", "id: another"));
		const unknown = await scan(now);
		expect(unknown.said).toEqual([
			["named", "fail", "none", null],
			["other", "fail", "none", null],
		]);
		expect(unknown.stderr).toContain("names the waiver partner-tls: no live waiver of that id in the records covers this finding");
	});

	it("judges text with characters that other readers take for line ends", async () => {
		const text = readFileSync(firstStack, "utf8").replace(/"configuration_set_name": "[^"]*"/, '"configuration_set_name": "a\u2028b\u2029c\\r\u0085"');
		expect(text).toContain("\u2028");
		const { code, stderr } = await judged(text, "cdk.tf.json");
		expect([0, 1], stderr).toContain(code);
	});
});

const tool = join(shared, "tools/terraform-offline");
if (!existsSync(tool)) console.log(`smoke/plan.test.ts: plans and states of Terraform are not judged: there is no ${tool}`);

describe.skipIf(!existsSync(tool))("the same stack by Terraform", () => {
	const forms: Record<string, string> = {};
	let written: string[];

	beforeAll(async () => {
		const dir = join(temporaryFolder(), "mail");
		cpSync(dirname(firstStack), dir, { recursive: true });
		write(join(dir, "cdk.tf.json"), optional());
		const terraform = (...args: string[]): string =>
			execFileSync(tool, [dir, ...args], { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "pipe"] });
		terraform("init", "-no-color");
		terraform("plan", "-no-color", "-out=plan");
		forms["show -json of a plan"] = terraform("show", "-json", "plan");
		terraform("apply", "-no-color", "plan");
		forms["show -json of a state"] = terraform("show", "-json");
		forms["terraform.tfstate"] = terraform("state", "pull");
		const { result } = await judged(optional(), "cdk.tf.json");
		written = verdicts(result.results);
	}, 60_000);

	it.each(["show -json of a plan", "show -json of a state", "terraform.tfstate"])("gets the same verdicts from %s", async (form) => {
		const { code, stderr, result } = await judged(forms[form] ?? "", "input.json");
		expect(code, stderr).toBe(1);
		const told = (lines: string[]): string[] => lines.map((line) => line.replace(/\S+(?:input|cdk\.tf)\.json/, "FILE"));
		// A raw state marks the block around the DKIM signing key as sensitive; what it holds is withheld, which is no pass.
		const withheld = /^sending\.dkim_key_length \S+ not_assessed/;
		const got = told(verdicts(result.results));
		if (form === "terraform.tfstate") expect(got.filter((line) => withheld.test(line)).length).toBeLessThanOrEqual(1);
		const expected = told(written).map(
			(line) =>
				got.find(
					(one) => form === "terraform.tfstate" && withheld.test(one) && one.split(" ")[1] === line.split(" ")[1] && line.startsWith("sending.dkim_key_length"),
				) ?? line,
		);
		expect(got).toEqual(expected.sort());
	});
});
