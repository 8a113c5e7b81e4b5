import { z } from "zod";

const count = z.number().int().min(0);
const result = z.enum(["pass", "fail"]);

/** values of report.dmarc: one aggregate report, its rows added up by source and outcome. No address of a person and no message text. */
export const dmarcReportSchema = z.object({
	/** Domain whose policy was applied. */
	domain: z.string(),
	organization: z.string().nullable(),
	reportId: z.string().nullable(),
	begin: z.string(),
	end: z.string(),
	form: z.enum(["rfc7489", "rfc9990"]),
	policy: z.record(z.string(), z.string().nullable()),
	records: count,
	messages: count,
	rows: z.array(
		z.object({
			sourceIp: z.string(),
			count,
			dkim: result,
			spf: result,
			disposition: z.enum(["none", "quarantine", "reject", "pass"]).nullable(),
			headerFrom: z.string().nullable(),
			dkimDomains: z.array(z.string()),
			spfDomains: z.array(z.string()),
		}),
	),
	notes: z.array(z.string()),
});
export type DmarcReportValues = z.infer<typeof dmarcReportSchema>;

/** values of report.tls: one TLS report (RFC 8460). */
export const tlsReportSchema = z.object({
	organization: z.string().nullable(),
	reportId: z.string().nullable(),
	begin: z.string(),
	end: z.string(),
	successful: count,
	failed: count,
	policies: z.array(
		z.object({
			type: z.enum(["sts", "tlsa", "no-policy-found", "other"]),
			domain: z.string(),
			successful: count,
			failed: count,
			failures: z.array(z.object({ resultType: z.string(), sessions: count, receivingMx: z.string().nullable() })),
		}),
	),
	notes: z.array(z.string()),
});
export type TlsReportValues = z.infer<typeof tlsReportSchema>;
