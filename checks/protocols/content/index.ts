export { type ContentHit, detectIn, MatchGroups } from "./detect.ts";
export { buildHealthDictionary, findHealthTerms, type HealthDictionary, type HealthTermHit } from "./health-terms.ts";
export { type ActiveContent, type HtmlFacts, type ImageFact, readHtml } from "./html-spans.ts";
export { type LinkForms, linkForms } from "./link-text.ts";
export { type MatchingForm, matchingForm, wordsOfName } from "./matching-form.ts";
export { findMergeTags, type MergeTag } from "./merge-tags.ts";
export { type ContentPosition, contentPositions, type Span } from "./positions.ts";
export { type CueHit, findRelationshipCues } from "./relationship-cues.ts";
export { type Word, wordStem, wordsOf } from "./words.ts";
