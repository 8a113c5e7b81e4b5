/** The stages as functions, and the protocol pieces they rest on: exported as mailward/scan. */

export { createConnector } from "../checks/network/create-connector.ts";
export { createResolver } from "../checks/network/create-resolver.ts";
export * from "../checks/protocols/bimi/index.ts";
export * from "../checks/protocols/certificate/index.ts";
export * from "../checks/protocols/dane/index.ts";
export * from "../checks/protocols/dkim/index.ts";
export * from "../checks/protocols/dmarc/index.ts";
export { type DnssecReason, type DsRecord, parseAnchors, validateDnssec } from "../checks/protocols/dnssec/index.ts";
export * from "../checks/protocols/iam/index.ts";
export { type MailReport, parseDmarcReport, parseTlsReport, readMailReports } from "../checks/protocols/mail-reports/index.ts";
export * from "../checks/protocols/mta-sts/index.ts";
export type * from "../checks/protocols/resolver.ts";
export * from "../checks/protocols/spf/index.ts";
export * from "../checks/protocols/tls-rpt/index.ts";
export * from "../checks/protocols/vendors/index.ts";
export { type Verification, type VerifyOptions, verifyBundle } from "./bundle/verify.ts";
export { type CollectOptions, collect, touches } from "./collect.ts";
export { type EvaluateBundleOptions, evaluateBundle } from "./evaluate.ts";
export { type ExitPolicy, exitCodeOf, exitCodes } from "./exit-code.ts";
export { readResult } from "./read-result.ts";
export { themeOf, writeReports } from "./report.ts";
export type { Request } from "./targets.ts";
