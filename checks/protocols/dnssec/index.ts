export { type DsRecord, parseAnchors, readDs } from "./anchors.ts";
export type { ChainOptions } from "./chain.ts";
export { decodeRdata } from "./decode-rdata.ts";
export { readName } from "./name.ts";
export { type DnssecReason, type DnssecResult, defaultLimits, type Limits, type Security } from "./outcome.ts";
export { encodeRdata } from "./rdata.ts";
export { isBefore, readSignature } from "./rrset.ts";
export { isSupportedAlgorithm, keyBits, keyTagOf } from "./signature.ts";
export { DnssecValidator, type ValidateDnssecOptions, validateDnssec } from "./validate-dnssec.ts";
