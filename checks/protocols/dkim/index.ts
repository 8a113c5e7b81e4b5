export { BodyHash, type HeaderField } from "./canonical.ts";
export { defaultSelectors, wildcardProbeSelector } from "./default-selectors.ts";
export { type DkimSelectorLookup, lookupDkimSelector } from "./lookup-dkim-selector.ts";
export { type DkimKey, type DkimKeyIssue, looksLikeDkimKey, parseDkimKey } from "./parse-dkim-key.ts";
export { type DkimSignature, type ParsedDkimSignature, parseDkimSignature } from "./parse-signature.ts";
export { type DkimVerification, verifyDkimSignature } from "./verify-signature.ts";
