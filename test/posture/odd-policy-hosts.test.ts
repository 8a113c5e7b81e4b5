import { beforeAll, describe, expect, it } from "vitest";
import type { LabWorld } from "../../lab/index.ts";
import type { ResultItem } from "../../model/result.ts";
import { scanWorld, verdictsOf } from "./scan-world.ts";

type Host = NonNullable<LabWorld["https"]>[string];

interface Row {
	host: string;
	is: Host;
	/** The policy host has no address. */
	missing?: boolean;
	expect: Record<string, string>;
}

const policyOf = (domain: string, mx = `mx.${domain}`): string => `version: STSv1\nmode: enforce\nmx: ${mx}\nmax_age: 1209600\n`;
const body = "version: STSv1\nmode: enforce\nmx: *.example\nmax_age: 1209600\n";
const good = { "mta_sts.policy_served": "pass", "mta_sts.policy_host_certificate": "pass", "mta_sts.policy_plain": "pass", "mta_sts.policy_valid": "pass" };
const status = (code: number): Row => ({
	host: `answers ${code}`,
	is: { policy: { status: code, body: code === 204 ? "" : body, ...(code >= 300 && code < 400 ? { redirect: "https://elsewhere.example/x" } : {}) } },
	expect: { "mta_sts.policy_served": "fail", "mta_sts.policy_host_certificate": "pass" },
});
const certificate = (variant: string): Row => ({
	host: `shows a certificate that is ${variant}`,
	is: { tls: { certificate: variant } },
	expect: { "mta_sts.policy_host_certificate": "fail" },
});
const unseen = (code: string) => Object.fromEntries(Object.keys(good).map((check) => [check, code]));

const rows: Row[] = [
	{ host: "behaves", is: {}, expect: good },
	...[301, 302, 307, 308, 204, 206, 404, 500, 503].map(status),
	{
		host: "answers 500 once, then the policy",
		is: { policy: { times: 1, status: 500, body: "", after: { body: "" } } },
		expect: { "mta_sts.policy_served": "pass" },
	},
	{ host: "serves text/html", is: { policy: { contentType: "text/html", body } }, expect: { ...good, "mta_sts.policy_plain": "fail" } },
	{ host: "serves more than 64 KiB", is: { policy: { body: `${body}x: y\n`, bytes: 70_000 } }, expect: { "mta_sts.policy_plain": "fail" } },
	{
		host: "serves more than 64 KiB in chunks",
		is: { policy: { body: `${body}x: y\n`, bytes: 70_000, chunked: true } },
		expect: { "mta_sts.policy_plain": "fail" },
	},
	...["expired", "self-signed", "wrong-name", "incomplete-chain", "untrusted-ca"].map(certificate),
	{ host: "does not exist though the record does", is: {}, missing: true, expect: { "mta_sts.policy_served": "fail" } },
	{ host: "refuses the connection", is: { refuse: true }, expect: unseen("refused") },
	{ host: "accepts and is silent", is: { silent: true }, expect: unseen("timeout") },
	{ host: "sends a header and no body", is: { policy: { bodyless: true } }, expect: { "mta_sts.policy_valid": "timeout" } },
	{ host: "names another MX", is: { policy: policyOf("elsewhere.example") }, expect: { ...good, "mta_sts.covers_mx": "fail" } },
];

const domainOf = (index: number): string => `row${index}.example`;

describe("odd policy hosts: one stable outcome each", () => {
	let results: ResultItem[] = [];
	beforeAll(async () => {
		const names: LabWorld["dns"]["names"] = { example: { SOA: true } };
		const https: Record<string, Host> = {};
		for (const [index, row] of rows.entries()) {
			const domain = domainOf(index);
			names[domain] = { MX: `10 mx.${domain}` };
			names[`mx.${domain}`] = { A: `192.0.2.${index + 1}` };
			names[`_mta-sts.${domain}`] = { TXT: "v=STSv1; id=1" };
			if (row.missing === true) continue;
			names[`mta-sts.${domain}`] = { A: `198.51.100.${index + 1}` };
			const served = row.is.policy ?? policyOf(domain);
			// What comes after a first answer is this domain's policy.
			const policy = typeof served === "string" || served.after === undefined ? served : { ...served, after: { body: policyOf(domain) } };
			https[`mta-sts.${domain}`] = { ...row.is, policy: typeof policy === "string" ? policy : { body: policyOf(domain), ...policy } };
		}
		results = await scanWorld(
			{ dns: { names }, https },
			rows.map((_, index) => domainOf(index)),
			[...Object.keys(good), "mta_sts.covers_mx"],
		);
	}, 60_000);

	it.each(rows.map((row, index) => [row.host, index] as const))("a policy host that %s", (_host, index) => {
		expect(verdictsOf(results, domainOf(index))).toMatchObject(rows[index]?.expect ?? {});
	});

	it("counts every row", () => {
		console.log(`odd policy hosts: ${rows.length}`);
		expect(rows).toHaveLength(24);
	});
});
