import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClinics, patchWorld, type WorldPatch } from "../../lab/index.ts";
import type { ResultItem } from "../../model/result.ts";
import { batch, built, labProject, now, type Project, removeTemporaryFolders, resultIn } from "./support.ts";

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

const expired = policyHost({ tls: { certificate: "expired" } });

interface Scan {
	code: number | null;
	stderr: string;
	results: ResultItem[];
}

let clean: Scan;
let withExpired: Scan;
let scans: Scan[];

/** One lab for each fault, all of one certificate authority, scanned one after the other. */
beforeAll(async () => {
	await built();
	const world = await loadClinics();
	const projects: Project[] = [];
	try {
		for (const patch of [{}, expired, ...faults.map((fault) => fault.patch)]) {
			const certificates = projects[0]?.lab.certificates;
			projects.push(await labProject(patchWorld(world, patch), {}, certificates === undefined ? {} : { certificates }));
		}
		const runs = await batch(projects.map(({ dir }) => ({ args: ["scan", "--now", now, "--format", "json"], cwd: dir })));
		const seen = runs.map(
			({ code, stderr }, index): Scan => ({ code, stderr, results: resultIn(join(projects[index]?.dir ?? "", "mailward-report")).results }),
		);
		const [first, second, ...rest] = seen;
		if (first === undefined || second === undefined) throw new Error("nothing was scanned");
		[clean, withExpired, scans] = [first, second, rest];
	} finally {
		for (const project of projects) await project.close();
	}
});
afterAll(removeTemporaryFolders);

describe("one fault in a clinic that is in order", () => {
	it("none: exit 0", () => expect(clean.code, clean.stderr).toBe(0));

	it.each(faults.map((fault, index) => ({ ...fault, index })))("$name is not assessed as $code, exit 3", ({ index, check, resource, code }) => {
		const { code: exit, results, stderr } = scans[index] as Scan;
		const changed = results.filter(
			(one) => clean.results.find((before) => before.check === one.check && before.resource === one.resource)?.status !== one.status,
		);
		const told = changed.map((one) => `${one.check} ${one.resource} ${one.status} ${one.reason?.code}`).join("\n");
		const hit = results.filter((one) => one.check === check && one.resource.includes(resource) && one.status === "not_assessed");
		const codes = hit.map((one) => one.reason?.code);
		expect(codes, told).toContain(code);
		// Nothing that was looked at before turns into "absent" or into a pass that nobody saw. That an answer did not fit and could
		// not be had over TCP is itself seen: the record is too large for those who ask.
		const wrong = changed.filter((one) => one.status !== "not_assessed" && !(code === "truncated" && one.check === "spf.record_size" && one.status === "fail"));
		expect(wrong.length, told).toBe(0);
		expect(exit, stderr).toBe(3);
		expect(stderr).toContain(code);
	});

	it("a policy host with an expired certificate fails, exit 1", () => {
		const found = withExpired.results.filter((one) => one.check === "mta_sts.policy_host_certificate");
		expect(found.map((one) => one.status)).toEqual(["fail"]);
		expect(withExpired.code, withExpired.stderr).toBe(1);
	});
});
