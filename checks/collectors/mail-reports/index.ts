import { type Evidence, type EvidenceError, listingId, type Target } from "../../../model/evidence.ts";
import { type DmarcReport, defaultLimits, type MailReport, readMailReports, type TlsReport } from "../../protocols/mail-reports/index.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { listFolder, readRegularFile } from "../folder-files.ts";
import type { DmarcReportValues, TlsReportValues } from "./schema.ts";

const version = "1";
const kinds = ["report.dmarc", "report.tls"] as const;

/**
 * DMARC aggregate reports and TLS reports from files, in whatever form mail systems leave them. The target is a file, or a
 * folder of files, as the user gave it. Reports come from strangers: one that cannot be read whole is an item in error, and
 * where it cannot be told which kind it would have been, one of each.
 */
const mailReports: Collector = {
	id: "mail-reports",
	target: "reports",
	produces: kinds,
	iamActions: [],
	touches: (target) => [`reports at ${target.id}`],
	collect,
};

export default mailReports;

async function* collect(target: Target, context: CollectContext): AsyncIterable<Evidence> {
	const { files, fault } = await listFolder(context.path, target.id, "the reports");
	const counts = { "report.dmarc": 0, "report.tls": 0 };
	const item = (kind: string, id: string, call: string): Pick<Evidence, "kind" | "id" | "source" | "collectedAt"> => ({
		kind,
		id,
		source: { collector: "mail-reports", version, call, target: target.id },
		collectedAt: context.now(),
	});
	for (const file of files) {
		// Stopped: nothing is listed, and the caller says so for each kind.
		if (context.signal.aborted) return;
		const read = readRegularFile(file.path, defaultLimits.unpackedBytes);
		const reports: (MailReport | { kind: null; ok: false; error: EvidenceError })[] = read.ok
			? await readMailReports(read.octets)
			: [{ kind: null, ok: false, error: read.error }];
		for (const [index, report] of reports.entries()) {
			const id = index === 0 ? file.label : `${file.label}#${index + 1}`;
			for (const kind of report.kind === null ? kinds : [`report.${report.kind}` as const]) {
				counts[kind] += 1;
				const own = item(kind, id, `read ${file.label}`);
				if (!report.ok) yield { ...own, status: "error", error: { detail: file.label, ...report.error } };
				else yield { ...own, status: "ok", values: report.kind === "dmarc" ? dmarcValues(report.report) : tlsValues(report.report) };
			}
		}
	}
	for (const kind of kinds) {
		const own = item("listing", listingId(kind, target.id), `list ${kind}`);
		if (fault !== undefined) yield { ...own, status: "error", error: fault };
		else yield { ...own, status: "ok", values: { kind, target: target.id, count: counts[kind], complete: true } };
	}
}

function dmarcValues({
	policy: { domain, ...policy },
	organization,
	reportId,
	begin,
	end,
	form,
	records,
	messages,
	rows,
	notes,
}: DmarcReport): DmarcReportValues {
	return { domain, organization, reportId, begin, end, form, policy, records, messages, rows, notes };
}

function tlsValues({ organization, reportId, begin, end, successful, failed, policies, notes }: TlsReport): TlsReportValues {
	return { organization, reportId, begin, end, successful, failed, policies, notes };
}
