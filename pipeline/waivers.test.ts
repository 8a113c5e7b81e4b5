import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { resultDocument, resultItem } from "../reports/testing/result-builder.ts";
import { testWaivers } from "./waivers.ts";

let root: string;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-waivers-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const waiver = (id: string, scope: string, more = "", expiresOn = "2026-12-10"): string => `
  - id: ${id}
    createdOn: 2026-01-19
    owner: { name: Security Official, role: Security Official, email: security@typical.example }
    kind: addressable_alternative
    scope: ${scope}
    notReasonableBecause: The web host cannot serve the policy before the move planned for next year.
    alternativeMeasure:
      text: Inbound mail passes servers that accept TLS 1.2 and later only.
      ${more}
    equivalenceStatement: A sender that supports TLS delivers over TLS in either case.
    riskRef: R-014
    requestedBy: { name: Office Manager, role: Office Manager, email: office@typical.example }
    approvedBy: { name: Security Official, role: Security Official, email: security@typical.example }
    approvedOn: 2026-01-19
    expiresOn: ${expiresOn}
    reviewOn: 2026-02-20`;

async function uses(waivers: string): Promise<Awaited<ReturnType<typeof testWaivers>>> {
	const dir = await mkdtemp(join(root, "case-"));
	await mkdir(join(dir, "records"));
	await writeFile(join(dir, "records", "waivers.yaml"), `schema: mailward/waiver/v1\nrecords:${waivers}\n`);
	const results = [
		resultItem({ check: "mta_sts.enforced", resource: "a.example", status: "fail", controls: ["TEC-10"] }),
		resultItem({ check: "mta_sts.enforced", resource: "b.example", status: "pass", controls: ["TEC-10"] }),
		resultItem({ check: "smtp.starttls_offered", resource: "mx", status: "fail", controls: ["TEC-10"] }),
	];
	const scan = join(dir, "result.json");
	await writeFile(scan, JSON.stringify(resultDocument(results, [])));
	return testWaivers({ scan, records: join(dir, "records"), now: new Date("2026-11-24T09:00:00Z"), signal: new AbortController().signal });
}

it("tells what a waiver covers, how long it holds, and what it would not change", async () => {
	const [one] = await uses(waiver("w-1", "{ controls: [TEC-10], checks: [mta_sts.enforced] }"));
	expect(one).toMatchObject({ id: "w-1", lastDay: "2026-12-10", daysLeft: 16, isFuture: false, others: 1, voidBy: [], unknownChecks: [] });
	expect(one?.fails.map((item) => item.resource)).toEqual(["a.example"]);
});

it("tells a waiver that is void, one that ran out, and one that covers nothing", async () => {
	const [voided] = await uses(waiver("w-1", "{ controls: [TEC-10], checks: [mta_sts.enforced] }", "checkIds: [smtp.starttls_offered]"));
	expect(voided?.voidBy).toEqual(["smtp.starttls_offered"]);
	const [ended] = await uses(waiver("w-1", "{ controls: [TEC-10], checks: [mta_sts.enforced] }", "", "2026-11-01"));
	expect(ended?.daysLeft).toBe(-23);
	const [unused] = await uses(waiver("w-1", "{ controls: [TEC-10], checks: [mta_sts.enforce] }"));
	expect([unused?.fails.length, unused?.unknownChecks]).toEqual([0, [{ id: "mta_sts.enforce", nearest: "mta_sts.enforced" }]]);
});

it("refuses records with problems", async () => {
	await expect(uses("\n  - id: w-1")).rejects.toThrow(InputError);
});
