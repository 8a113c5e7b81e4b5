/** The stages as functions, and the protocol pieces they rest on: exported as mailward/scan. */
export { collect, type CollectOptions, touches } from "./collect.ts";
export { evaluateBundle, type EvaluateBundleOptions } from "./evaluate.ts";
export { exitCodeOf, exitCodes, type ExitPolicy } from "./exit-code.ts";
export { readResult, themeOf, writeReports } from "./report.ts";
export type { Request } from "./targets.ts";
export { createConnector } from "../checks/network/create-connector.ts";
export { createResolver } from "../checks/network/create-resolver.ts";
export * from "../checks/protocols/bimi/index.ts";
export * from "../checks/protocols/certificate/index.ts";
export * from "../checks/protocols/dane/index.ts";
export * from "../checks/protocols/dkim/index.ts";
export * from "../checks/protocols/dmarc/index.ts";
export * from "../checks/protocols/mta-sts/index.ts";
export type * from "../checks/protocols/resolver.ts";
export * from "../checks/protocols/spf/index.ts";
export * from "../checks/protocols/tls-rpt/index.ts";
export * from "../checks/protocols/vendors/index.ts";
