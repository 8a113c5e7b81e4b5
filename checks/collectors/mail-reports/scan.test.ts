import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { loadClinics, startLab } from "../../../lab/index.ts";
import { configSchema } from "../../../model/config.ts";
import { collect } from "../../../pipeline/collect.ts";
import { evaluateBundle } from "../../../pipeline/evaluate.ts";
import { dmarcXml, tlsJson, zipOf } from "../../protocols/mail-reports/testing/report-builders.ts";

const include = ["dmarc.reports_aligned", "tls_rpt.no_failing_sessions"];
const policies = (failed: number): unknown => [
	{
		policy: { "policy-type": "sts", "policy-domain": "typical.example" },
		summary: { "total-successful-session-count": 40, "total-failure-session-count": failed },
		"failure-details": failed === 0 ? [] : [{ "result-type": "certificate-expired", "failed-session-count": failed }],
	},
];

/** What the two checks say of a domain of the lab, whose SPF record lets 203.0.113.0/27 in through an include, with these files in the folder. */
async function verdicts(files: Record<string, Buffer>): Promise<string[]> {
	const out = await mkdtemp(join(tmpdir(), "reports-scan-"));
	const reports = join(out, "in");
	await mkdir(reports);
	for (const [name, octets] of Object.entries(files)) await writeFile(join(reports, name), octets);
	const lab = await startLab(await loadClinics(), {});
	try {
		const config = configSchema.parse({ version: 1, domains: [{ name: "typical.example" }], network: lab.network });
		const request = { domains: config.domains, plans: [], records: undefined, content: [], reports: ["in/"], open: () => reports };
		const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
		const now = () => new Date("2026-11-24T09:00:00Z");
		const signal = new AbortController().signal;
		await collect({ config, request, out, profile: "hipaa", concurrency: 20, now, signal, progress: () => undefined, log, include });
	} finally {
		await lab.close();
	}
	const result = await evaluateBundle({ dir: out, include });
	expect(result.scope.targets).toContainEqual({ id: "in/", type: "reports" });
	return result.results.map((one) => `${one.check} ${one.resource} ${one.status} ${one.reason?.code ?? one.message}`);
}

const own = { ip: "203.0.113.5", count: 100 };
const spoofed = { ip: "192.0.2.250", count: 50, dkim: "fail", spf: "fail", disposition: "reject" };
const aggregate = (rows: Parameters<typeof dmarcXml>[0]): Buffer => Buffer.from(dmarcXml(rows, { domain: "typical.example" }));

it("a scan reads reports from a folder and judges the domain by them, from stored evidence", { timeout: 30_000 }, async () => {
	const good = {
		"a.xml.gz": gzipSync(aggregate([own, spoofed])),
		"t.zip": zipOf([{ name: "t", data: Buffer.from(tlsJson({ policies: policies(0) })) }]),
	};
	expect(await verdicts(good)).toEqual([
		"dmarc.reports_aligned typical.example pass Aggregate reports show that legitimate mail is aligned",
		"tls_rpt.no_failing_sessions typical.example pass TLS reports show no failing sessions",
	]);
	const bad = { "a.xml": aggregate([own, { ...own, count: 10, dkim: "fail", spf: "fail" }]), "t.json": Buffer.from(tlsJson({ policies: policies(3) })) };
	expect(await verdicts(bad)).toEqual([
		"dmarc.reports_aligned typical.example fail include:_spf.google.com passes DMARC for 100 of 110 messages",
		"tls_rpt.no_failing_sessions typical.example fail 3 sessions failed: certificate-expired",
	]);
	// What is cut off was XML: it was no TLS report.
	expect(await verdicts({ ...good, "b.gz": gzipSync(aggregate([own])).subarray(0, 60) })).toEqual([
		"dmarc.reports_aligned typical.example not_assessed malformed",
		"tls_rpt.no_failing_sessions typical.example pass TLS reports show no failing sessions",
	]);
});
