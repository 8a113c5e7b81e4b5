import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { built, firstStack, mailward, now, removeTemporaryFolders, resultIn, root, temporaryFolder, write } from "./support.ts";

const official = { name: "Security Official", role: "Security Official", email: "security@exemplary.example" };
const waiver = {
	id: "tls-optional",
	createdOn: "2026-06-01",
	owner: official,
	kind: "compensating_control",
	scope: { checks: ["sending.tls_required"], resources: ["aws_sesv2_configuration_set.*"] },
	compensatingControl: { text: "Messages to the one partner without TLS are encrypted with S/MIME before they are handed to the sending service." },
	equivalenceStatement: "Nobody on the way can read what S/MIME encrypts, whatever the transport offers.",
	riskRef: "R-017",
	requestedBy: { name: "Office Manager", role: "Office Manager", email: "office@exemplary.example" },
	approvedBy: official,
	approvedOn: "2026-06-01",
	reviewOn: "2026-09-01",
	expiresOn: "2026-11-24",
};

beforeAll(built);
afterAll(removeTemporaryFolders);

/** The first stack with optional TLS, and the records of the clinic that is in order. */
function project(waivers: unknown[]): string {
	const dir = temporaryFolder();
	write(join(dir, "cdk.tf.json"), readFileSync(firstStack, "utf8").replace('"tls_policy": "REQUIRE"', '"tls_policy": "OPTIONAL"'));
	cpSync(join(root, "examples/clinic-records/exemplary/records"), join(dir, "records"), { recursive: true });
	cpSync(join(root, "examples/clinic-records/exemplary/records/documents"), join(dir, "documents"), { recursive: true });
	write(join(dir, "records/waivers.yaml"), JSON.stringify({ schema: "mailward/waiver/v1", records: waivers }));
	return dir;
}

async function scan(dir: string, ...args: string[]): Promise<{ code: number | null; stderr: string; result: ResultDocument }> {
	const { code, stderr } = await mailward(["scan", "--plan", "cdk.tf.json", "--records", "records", "--now", now, ...args], { cwd: dir });
	if (code === 2) throw new Error(stderr);
	return { code, stderr, result: resultIn(join(dir, "mailward-report")) };
}

describe("a waiver", () => {
	it("that is live turns the fail into an exception, exit 0; the machine's word stays", async () => {
		const { code, stderr, result } = await scan(project([waiver]));
		expect(code, stderr).toBe(0);
		const finding = result.results.find((one) => one.check === "sending.tls_required");
		expect(finding).toMatchObject({ status: "fail", state: "exception", disposition: "waived", waiver: "tls-optional" });
		expect(result.totals.results.exception).toBe(1);
		expect(stderr).toContain("1 exception");
	});

	it("that ended the day before is a fail, exit 1", async () => {
		const { code, result } = await scan(project([{ ...waiver, expiresOn: "2026-11-23" }]));
		expect(code).toBe(1);
		expect(result.results.find((one) => one.check === "sending.tls_required")).toMatchObject({
			status: "fail",
			state: "fail",
			disposition: "waiver_expired",
			waiver: "tls-optional",
		});
	});

	it("that is live today has ended tomorrow: evaluate --now", async () => {
		const dir = project([waiver]);
		expect((await scan(dir)).code).toBe(0);
		const later = await mailward(["evaluate", join(dir, "mailward-report"), "--now", "2026-11-26T00:00:00Z", "--out", "-"]);
		expect(later.code).toBe(1);
	});

	it("that names a finding by its fingerprint holds in the next scan, which knows since when", async () => {
		const dir = project([]);
		const first = await scan(dir);
		const found = first.result.results.find((one) => one.check === "sending.tls_required");
		expect([first.code, found?.state]).toEqual([1, "fail"]);
		write(join(dir, "records/waivers.yaml"), JSON.stringify({ schema: "mailward/waiver/v1", records: [{ ...waiver, scope: { findings: [found?.id] } }] }));
		const later = "2026-11-24T21:00:00Z";
		const second = await scan(dir, "--now", later, "--baseline", "mailward-report");
		expect(second.code, second.stderr).toBe(0);
		const again = second.result.results.find((one) => one.check === "sending.tls_required");
		expect(again).toMatchObject({ id: found?.id, status: "fail", state: "exception", waiver: "tls-optional" });
		expect(again?.history).toEqual([expect.objectContaining({ state: "fail", firstSeen: found?.firstSeen })]);
		const unchanged = first.result.results.find((one) => one.status === "pass");
		expect(second.result.results.find((one) => one.id === unchanged?.id)?.firstSeen).toBe(unchanged?.firstSeen);
	});

	it("for another resource changes nothing", async () => {
		expect((await scan(project([{ ...waiver, scope: { checks: ["sending.tls_required"], resources: ["aws_sesv2_configuration_set.other"] } }]))).code).toBe(1);
	});
});

describe("an attestation", () => {
	const control = "CSP-02";

	it("settles a control that no machine judges, until its day", async () => {
		const dir = project([waiver]);
		const { result } = await scan(dir);
		expect(result.controls.find((one) => one.id === control)).toMatchObject({ state: "attested", attestation: "subject-lines-2026-q3" });
		const later = await mailward(["evaluate", join(dir, "mailward-report"), "--now", "2027-10-07T00:00:00Z", "--out", "-"]);
		const after = (JSON.parse(later.stdout) as ResultDocument).controls.find((one) => one.id === control);
		expect(after?.state).toMatch(/manual_pending|not_assessed/);
	});

	it("that is missing leaves it pending", async () => {
		const dir = project([waiver]);
		write(join(dir, "records/attestations.yaml"), JSON.stringify({ schema: "mailward/attestation/v1", records: [] }));
		const { result } = await scan(dir);
		expect(result.controls.find((one) => one.id === control)?.state).toBe("manual_pending");
	});
});
