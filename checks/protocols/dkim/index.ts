export { defaultSelectors, wildcardProbeSelector } from "./default-selectors.ts";
export { type DkimSelectorLookup, lookupDkimSelector } from "./lookup-dkim-selector.ts";
export { type DkimKey, type DkimKeyIssue, looksLikeDkimKey, parseDkimKey } from "./parse-dkim-key.ts";
