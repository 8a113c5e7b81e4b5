import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { configSchema } from "../model/config.ts";
import { removeTemporaryFolders, root, temporaryFolder } from "../test/smoke/support.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";

afterAll(removeTemporaryFolders);
const now = "2026-11-24T09:00:00Z";
const staff = (role: string) => ({ name: role, role });
const waiver = (id: string, over: object = {}): object => ({
	id,
	createdOn: "2026-06-01",
	owner: staff("Security Official"),
	kind: "compensating_control",
	scope: { checks: ["sending.tls_required"], resources: ["aws_sesv2_configuration_set.*"] },
	compensatingControl: { text: "Messages are encrypted before they are handed over." },
	equivalenceStatement: "Nobody on the way can read them.",
	riskRef: "R-017",
	requestedBy: staff("Office Manager"),
	approvedBy: staff("Security Official"),
	approvedOn: "2026-06-01",
	reviewOn: "2026-12-01",
	expiresOn: "2027-05-01",
	...over,
});
const text = (...waivers: object[]): string => JSON.stringify({ schema: "mailward/waiver/v1", records: waivers });

async function scan(file: string, records?: string) {
	const dir = temporaryFolder();
	writeFileSync(join(dir, "waivers.yaml"), file);
	const stack = readFileSync(join(root, "examples/first-stack/cdktf.out/stacks/mail/cdk.tf.json"), "utf8");
	writeFileSync(join(dir, "cdk.tf.json"), stack.replace('"tls_policy": "REQUIRE"', '"tls_policy": "OPTIONAL"'));
	if (records !== undefined) writeFileSync(join(dir, "own.yaml"), records);
	const request = {
		domains: [],
		plans: ["cdk.tf.json"],
		records: records === undefined ? undefined : ".",
		content: [],
		open: (path: string) => join(dir, path),
	};
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const include = ["sending.tls_required"];
	const out = temporaryFolder();
	// The folder of the records must not hold the extra file.
	const waivers = join(temporaryFolder(), "extra.yaml");
	writeFileSync(waivers, file);
	if (records !== undefined) writeFileSync(join(dir, "waivers.yaml"), text());
	const signal = new AbortController().signal;
	const options = {
		config: configSchema.parse({ version: 1 }),
		request,
		out,
		profile: "hipaa",
		concurrency: 1,
		now: () => new Date(now),
		signal,
		log,
		include,
	};
	await collect({ ...options, progress: () => undefined, waivers });
	const { results } = await evaluateBundle({ dir: out, include });
	return results.map((one) => [one.state, one.waiver]);
}

describe("a file of waivers", () => {
	it("waives without a records folder, and beside one", async () => {
		expect(await scan(text(waiver("extra")))).toEqual([["exception", "extra"]]);
		expect(await scan(text(waiver("extra")), text(waiver("own", { scope: { checks: ["dmarc.policy_enforced"] } })))).toEqual([["exception", "extra"]]);
	});

	it("holds no longer than it says", async () => {
		expect(await scan(text(waiver("extra", { expiresOn: "2026-11-01", reviewOn: "2026-10-01" })))).toEqual([["fail", "extra"]]);
	});

	it.each<[string, string, RegExp]>([
		["an id of the records", text(waiver("own")), /extra\.yaml:1:1: error REC-106 id: the records hold a waiver own too/],
		["an id twice", text(waiver("extra"), waiver("extra")), /extra\.yaml:1:\d+: error REC-106 records\[1\]\.id: id used twice/],
		["no expiry", text(waiver("extra", { expiresOn: undefined })), /REC-102 records\[0\]\.expiresOn/],
		["another kind of record", JSON.stringify({ schema: "mailward/baa/v1", records: [] }), /REC-107 schema: unknown kind of record/],
		[
			"aliases that multiply",
			`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n`,
			/REC-100/,
		],
	])("with %s ends the run as wrong input", async (_name, file, message) => {
		await expect(scan(file, text(waiver("own", { scope: { checks: ["dmarc.policy_enforced"] } })))).rejects.toThrow(message);
	});
});
