export type { FetchContext } from "../https/index.ts";
export { type FetchMtaStsOptions, fetchMtaStsPolicy } from "./fetch-policy.ts";
export { fetchMtaStsRaw, type MtaStsFetch } from "./fetch-raw.ts";
export { judgeMtaStsFetch, type MtaStsFault, type MtaStsJudgement } from "./judge-fetch.ts";
export { matchMtaStsMx } from "./match-mx.ts";
export { isMxPattern, type MtaStsPolicy, type ParsedMtaStsPolicy, parseMtaStsPolicy } from "./parse-policy.ts";
export { type MtaStsRecord, parseMtaStsRecord } from "./parse-record.ts";
export { policyDomain } from "./policy-domain.ts";
