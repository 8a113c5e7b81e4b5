/** The stages joined: exported as mailward/scan. */
export { collect, type CollectOptions, touches } from "./collect.ts";
export { evaluateBundle, type EvaluateBundleOptions } from "./evaluate.ts";
export { exitCodeOf, exitCodes, type ExitPolicy } from "./exit-code.ts";
export { readResult, themeOf, writeReports } from "./report.ts";
export { analyzeSpf, checkHost, parseSpf } from "../checks/protocols/spf/index.ts";
export { discoverDmarc, organizationalDomain, parseDmarc } from "../checks/protocols/dmarc/index.ts";
export { fetchMtaStsPolicy, matchMtaStsMx, parseMtaStsPolicy, parseMtaStsRecord } from "../checks/protocols/mta-sts/index.ts";
export { parseTlsRpt } from "../checks/protocols/tls-rpt/index.ts";
export { parseDkimKey } from "../checks/protocols/dkim/index.ts";
export { matchTlsa } from "../checks/protocols/dane/index.ts";
export type { DnsAnswer, DnsRecord, RecordType, Resolver } from "../checks/protocols/resolver.ts";
