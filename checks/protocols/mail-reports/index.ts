/** DMARC aggregate reports (RFC 7489, RFC 9990) and TLS reports (RFC 8460) from files. */
export {
	type Disposition,
	type DmarcNote,
	type DmarcReport,
	type DmarcReportResult,
	type DmarcRow,
	dmarcNamespace,
	parseDmarcReport,
} from "./dmarc-report.ts";
export { defaultLimits, type MailReportLimits } from "./limits.ts";
export { type MailReport, readMailReports } from "./read-mail-reports.ts";
export type { ReportError, ReportFaultCode } from "./report-fault.ts";
export { parseTlsReport, type TlsPolicyResult, type TlsReport, type TlsReportNote, type TlsReportResult } from "./tls-report.ts";
export { type XmlHandler, XmlReader } from "./xml-reader.ts";
