import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { accountWideKinds } from "../checks/adapters/terraform/index.ts";
import { allChecks, loadPolicyLock, policyWasmUrl } from "../checks/engine/policy-lock.ts";
import { targetTypesOf } from "../checks/engine/selection.ts";
import { loadFramework } from "../checks/frameworks/frameworks.ts";
import { collectors, derivations } from "../checks/registry.ts";
import { loadClinics, startLab } from "../lab/index.ts";
import { sha256Hex } from "../model/canonical.ts";
import { configSchema } from "../model/config.ts";
import { listingId } from "../model/evidence.ts";
import { reasonCodes } from "../model/reasons.ts";
import { listControls } from "../pipeline/catalogue.ts";
import { collect } from "../pipeline/collect.ts";
import { readEvidence, readManifest } from "../pipeline/evidence-files.ts";
import { currentSupply } from "../pipeline/supply.ts";
import { listPolicies } from "../scripts/list-policies.ts";
import { readCases } from "./support/case-file.ts";
import { unreachable } from "./support/unreachable.ts";

const root = join(import.meta.dirname, "..");
const lock = loadPolicyLock();
const policies = listPolicies(root);
const profiles = readdirSync(join(root, "checks/frameworks")).flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -5)] : []));
const controls = new Map(profiles.flatMap((profile) => loadFramework(profile).controls).map((control) => [control.id, control]));

describe("the lock", () => {
	it("names every check and library, and no other", () => {
		expect(Object.keys(lock.checks).sort()).toEqual(policies.checks.map(({ id }) => id).sort());
		expect(Object.keys(lock.libraries).sort()).toEqual([...policies.libraries].sort());
	});

	it("was written from these sources and goes with this wasm: else run npm run policies", () => {
		for (const [id, { file, sha256 }] of Object.entries(lock.checks)) expect(sha256Hex(readFileSync(join(root, file))), id).toBe(sha256);
		for (const [file, sha256] of Object.entries(lock.libraries)) expect(sha256Hex(readFileSync(join(root, file))), file).toBe(sha256);
		expect(sha256Hex(readFileSync(policyWasmUrl))).toBe(lock.wasmSha256);
	});
});

describe("ids", () => {
	it("of checks and their aliases are all different", () => {
		const all = allChecks().flatMap((check) => [check.id, ...check.aliases]);
		expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
	});

	it("of derivations and collectors are all different, and no kind is derived twice", () => {
		for (const ids of [collectors.map(({ id }) => id), derivations.map(({ id }) => id), derivations.flatMap(({ produces }) => produces)]) {
			expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
		}
	});
});

describe.each(policies.checks)("$id", ({ id, cases }) => {
	const check = lock.checks[id]?.metadata;
	if (check === undefined) throw new Error(`${id} is not in policy.lock.json: run npm run policies`);

	it("names controls that exist and are in force or proposed", () => {
		for (const control of check.controls) expect(["in-force", "proposed"], `${control} of ${id}`).toContain(controls.get(control)?.status);
	});

	it("refers to the catalogue by ids of its form", () => {
		for (const reference of check.reference) expect(reference).toMatch(/^[A-Z][A-Z0-9]{1,9}-\d{2,3}$/);
	});

	it("declares kinds that one type of target supplies", () => {
		expect(targetTypesOf(check, currentSupply()), check.evidence.join(", ")).not.toEqual([]);
	});

	it("has a case for each status that it can give", () => {
		const had = new Set<string>(readCases(join(root, cases)).map((one) => one.expect.status));
		for (const status of ["pass", "fail", "not_assessed", "not_applicable"] as const) {
			const why = unreachable.find((one) => one.status === status && one.checks.includes(id))?.why;
			// A reason for a status that a case shows is wrong.
			expect(had.has(status), why ?? `no case of ${id} is ${status}`).toBe(why === undefined);
		}
	});

	it.runIf(existsSync(join(root, "docs/checks")))("has a page", () => {
		expect(existsSync(join(root, "docs/checks", `${id}.md`)), "run npm run generate").toBe(true);
	});
});

describe("the rules on content and authorizations", () => {
	const groups = { SUBJ: 5, TPL: 6, TRK: 5, UNS: 3, HDR: 3, ADR: 1, AD: 1, SEG: 5, SUP: 1, CLS: 1, LNG: 1, AUT: 14 };
	const rules = Object.entries(groups).flatMap(([group, count]) =>
		Array.from({ length: count }, (_, index) => `${group}-${String(index + 1).padStart(3, "0")}`),
	);
	it.each(rules)("%s is what a check looks at", (rule) => {
		expect(allChecks().filter((check) => check.reference.includes(rule))).not.toEqual([]);
	});
});

describe("controls that a record proves", () => {
	it.each(loadFramework("hipaa").controls.filter((control) => control.provenBy.includes("record")))("$id is fed by a check of records", ({ id }) => {
		const examined = allChecks().filter((check) => check.method === "examine" && check.controls.includes(id));
		expect(examined.map((check) => check.id)).not.toEqual([]);
	});
});

/** Sources that a control names and no check looks at, each with what proves the control in its place. */
const elsewhere = new Map([
	["CSP-01 tls", "alignment is read in DNS and in the headers of messages"],
	["OUC-01 tls", "the one-click address is read in headers, and its page in what somebody recorded"],
]);

describe("every control", () => {
	const open = listControls("hipaa").flatMap(({ id, provenBy }) =>
		Object.entries(provenBy).flatMap(([source, checks]) => (source !== "attestation" && checks.length === 0 ? [`${id} ${source}`] : [])),
	);

	it("is proven by something", () => {
		expect(
			listControls("hipaa")
				.filter((control) => !control.proven)
				.map((control) => control.id),
		).toEqual([]);
	});

	it("has a check for every source that it names, or a reason", () => {
		expect(open.sort()).toEqual([...elsewhere.keys()].sort());
	});

	it("names its evidence on the page of controls", () => {
		const page = readFileSync(join(root, "docs/controls.md"), "utf8");
		for (const { id, provenBy } of listControls("hipaa"))
			for (const check of Object.values(provenBy).flat()) expect(page.slice(page.indexOf(id)), `${id}: ${check}`).toContain(check);
	});
});

describe("reason codes", () => {
	it("say what they mean and what to do", () => {
		for (const [code, { meaning, remedy }] of Object.entries(reasonCodes))
			expect(
				[meaning, remedy].every((text) => /^\S.*\.$/.test(text)),
				code,
			).toBe(true);
	});

	it.runIf(existsSync(join(root, "docs/reason-codes.md")))("stand in docs/reason-codes.md", () => {
		const page = readFileSync(join(root, "docs/reason-codes.md"), "utf8");
		expect(Object.keys(reasonCodes).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
	});
});

describe("collectors", () => {
	const out = mkdtempSync(join(tmpdir(), "mailward-listings-"));
	afterAll(() => rmSync(out, { recursive: true, force: true }));

	it("list every kind that they produce, for every target, and yield no other", async () => {
		const lab = await startLab(await loadClinics(), {});
		const plan = "examples/clinic-stacks/typical/cdk.tf.json";
		const records = "examples/clinic-records/typical/records";
		const config = configSchema.parse({ version: 1, domains: [{ name: "typical.example" }], network: lab.network });
		const request = { domains: config.domains, plans: [plan], records, content: [], open: (path: string) => join(root, path) };
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		try {
			const signal = new AbortController().signal;
			await collect({ config, request, out, profile: "hipaa", concurrency: 20, now: () => new Date(), signal, progress: () => undefined, log });
		} finally {
			await lab.close();
		}
		const { manifest } = await readManifest(out);
		const listed = new Set<string>();
		const yielded = new Map<string, Set<string>>();
		for await (const { item } of readEvidence(out, manifest)) {
			if (item.kind === "listing") listed.add(item.id);
			else yielded.set(item.source.collector, (yielded.get(item.source.collector) ?? new Set()).add(item.kind));
		}
		const looked = new Set<string>();
		for (const target of manifest.targets) {
			for (const collector of collectors.filter((one) => one.target === target.type)) {
				looked.add(collector.id);
				const kinds = collector.produces.filter((kind) => !(target.type === "plan" && accountWideKinds.has(kind)));
				expect(
					kinds.filter((kind) => !listed.has(listingId(kind, target.id))),
					`${collector.id} on ${target.id}`,
				).toEqual([]);
			}
		}
		for (const { id, produces } of collectors)
			expect(
				[...(yielded.get(id) ?? [])].filter((kind) => !produces.includes(kind)),
				id,
			).toEqual([]);
		// A collector for a target that the lab has none of is held to this by its own test.
		expect([...looked].sort()).toEqual(
			collectors
				.filter((one) => ["domain", "mx", "plan", "records"].includes(one.target))
				.map(({ id }) => id)
				.sort(),
		);
	});
});
