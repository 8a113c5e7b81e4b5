/** SPF, RFC 7208. */
export type { SpfAnalysis, SpfFinding, SpfNode, SpfNodeState, SpfQuestion, SpfStatus, SpfTermRef, SpfUnknown } from "./analysis.ts";
export { analyzeSpf } from "./analyze.ts";
export { type CheckHostOptions, type CheckHostResult, checkHost, type SpfResult } from "./check-host.ts";
export { spfGaps } from "./findings.ts";
export { isSpf, parseSpf, type SpfMechanism, type SpfModifier, type SpfParse, type SpfRecord, type SpfSyntaxError } from "./record.ts";
