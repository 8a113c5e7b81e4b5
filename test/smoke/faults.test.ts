import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LabWorld, loadClinics, patchWorld, type WorldPatch } from "../../lab/index.ts";
import type { ResultItem } from "../../model/result.ts";
import { built, labProject, mailward, now, removeTemporaryFolders, resultIn } from "./support.ts";

interface Fault {
	name: string;
	patch: WorldPatch;
	/** Check and part of the resource that must not be assessed, with the code. */
	check: string;
	resource: string;
	code: string;
}

const at = (address: string, settings: object): WorldPatch => ({ smtp: { [address]: settings } }) as WorldPatch;
const policyHost = (settings: object): WorldPatch => ({ https: { "mta-sts.exemplary.example": settings } }) as WorldPatch;
const dns = (name: string, kind: string): WorldPatch => ({ dns: { faults: { [name]: kind } } }) as WorldPatch;

const faults: Fault[] = [
	{
		name: "SERVFAIL for _dmarc",
		patch: dns("_dmarc.exemplary.example", "servfail"),
		check: "dmarc.record_published",
		resource: "exemplary.example",
		code: "servfail",
	},
	{
		name: "no DNS answer for _dmarc",
		patch: dns("_dmarc.exemplary.example", "drop"),
		check: "dmarc.record_published",
		resource: "exemplary.example",
		code: "timeout",
	},
	{
		name: "a truncated DNS answer without TCP",
		patch: dns("exemplary.example/TXT", "truncate-without-tcp"),
		check: "spf.single_record",
		resource: "exemplary.example",
		code: "truncated",
	},
	{
		name: "REFUSED for _smtp._tls",
		patch: dns("_smtp._tls.exemplary.example", "refused"),
		check: "tls_rpt.record_published",
		resource: "exemplary.example",
		code: "refused",
	},
	{ name: "SERVFAIL for MX", patch: dns("exemplary.example/MX", "servfail"), check: "mx.hosts_resolve", resource: "exemplary.example", code: "servfail" },
	{ name: "a malformed DKIM answer", patch: dns("s1._domainkey.exemplary.example", "malformed"), check: "dkim.rsa_2048", resource: "s1", code: "malformed" },
	{ name: "a refused port 25", patch: at("192.0.2.11", { refuse: true }), check: "smtp.starttls_offered", resource: "192.0.2.11", code: "refused" },
	{ name: "a 421 banner", patch: at("192.0.2.11", { greeting: { code: 421 } }), check: "smtp.starttls_offered", resource: "192.0.2.11", code: "throttled" },
	{ name: "a 554 greeting", patch: at("192.0.2.11", { greeting: { code: 554 } }), check: "smtp.starttls_offered", resource: "192.0.2.11", code: "rejected" },
	{
		name: "a silent close",
		patch: at("192.0.2.11", { greeting: { close: "silently" } }),
		check: "smtp.starttls_offered",
		resource: "192.0.2.11",
		code: "protocol_error",
	},
	{
		name: "a server that says nothing",
		patch: at("192.0.2.11", { greeting: { close: "never" } }),
		check: "smtp.starttls_offered",
		resource: "192.0.2.11",
		code: "timeout",
	},
	{ name: "a TLS alert", patch: at("192.0.2.11", { tls: { fail: "alert" } }), check: "certificate.trusted", resource: "192.0.2.11", code: "tls_alert" },
	{ name: "a refused policy host", patch: policyHost({ refuse: true }), check: "mta_sts.policy_served", resource: "exemplary.example", code: "refused" },
	{ name: "a silent policy host", patch: policyHost({ silent: true }), check: "mta_sts.policy_served", resource: "exemplary.example", code: "timeout" },
	{
		name: "SERVFAIL for the policy host",
		patch: dns("mta-sts.exemplary.example", "servfail"),
		check: "mta_sts.policy_served",
		resource: "exemplary.example",
		code: "servfail",
	},
	{
		name: "SERVFAIL for _mta-sts",
		patch: dns("_mta-sts.exemplary.example", "servfail"),
		check: "mta_sts.record_published",
		resource: "exemplary.example",
		code: "servfail",
	},
];

let world: LabWorld;
let clean: ResultItem[];

async function scan(patch: WorldPatch): Promise<{ code: number | null; results: ResultItem[]; stderr: string }> {
	const project = await labProject(patchWorld(world, patch));
	try {
		const { code, stderr } = await mailward(["scan", "--now", now, "--format", "json"], { cwd: project.dir });
		return { code, results: resultIn(join(project.dir, "mailward-report")).results, stderr };
	} finally {
		await project.close();
	}
}

beforeAll(async () => {
	await built();
	world = await loadClinics();
	const { code, results, stderr } = await scan({});
	expect(code, stderr).toBe(0);
	clean = results;
});
afterAll(removeTemporaryFolders);

describe.concurrent("one fault in a clinic that is in order", () => {
	it.for(faults)("$name is not assessed as $code, exit 3", async ({ patch, check, resource, code }, { expect }) => {
		const { code: exit, results, stderr } = await scan(patch);
		const changed = results.filter((one) => clean.find((before) => before.check === one.check && before.resource === one.resource)?.status !== one.status);
		const told = changed.map((one) => `${one.check} ${one.resource} ${one.status} ${one.reason?.code}`).join("\n");
		const hit = results.filter((one) => one.check === check && one.resource.includes(resource) && one.status === "not_assessed");
		expect(
			hit.map((one) => one.reason?.code),
			told,
		).toContain(code);
		// Nothing that was looked at before turns into "absent" or into a pass that nobody saw.
		// A vendor that could not be seen is no resource of its own: vendors.all_seen carries the gap for it.
		const vendorsUnseen = results.some((one) => one.check === "vendors.all_seen" && one.status === "not_assessed");
		const wrong = changed.filter(
			(one) => one.status !== "not_assessed" && !(vendorsUnseen && one.status === "not_applicable" && one.check.startsWith("vendors.")),
		);
		expect(
			wrong.map((one) => one.check),
			told,
		).toEqual([]);
		expect(exit, stderr).toBe(3);
		expect(stderr).toContain(code);
	});

	it("a policy host with an expired certificate fails, exit 1", async ({ expect }) => {
		const { code, results, stderr } = await scan(policyHost({ tls: { certificate: "expired" } }));
		const found = results.filter((one) => one.check === "mta_sts.policy_host_certificate");
		expect(found.map((one) => one.status)).toEqual(["fail"]);
		expect(code, stderr).toBe(1);
	});
});
