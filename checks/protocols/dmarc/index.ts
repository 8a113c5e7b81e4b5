export { type DiscoverDmarcOptions, type DmarcDiscovery, discoverDmarc } from "./discover-dmarc.ts";
export { toQueryName } from "./domain-name.ts";
export { comparePolicies, type EffectivePolicies, effectivePolicies, type PolicyPair } from "./effective-policies.ts";
export {
	type AuthorizesExternalReportsOptions,
	authorizesExternalReports,
	checkReportDestinations,
	type ReportAuthorization,
	type ReportDestination,
} from "./external-reports.ts";
export { type OrganizationalDomain, organizationalDomain } from "./organizational-domain.ts";
export { type DmarcIssue, type DmarcPolicy, type DmarcRecord, isDmarcText, parseDmarc } from "./parse-dmarc.ts";
export { parseReportUri, parseReportUriList, type ReportUri } from "./report-uri.ts";
export type { DiscardedRecords } from "./tree-walk.ts";
