import { locateIdentifiers } from "../../../model/records/identifiers.ts";
import { findHealthTerms, type HealthDictionary } from "./health-terms.ts";
import { matchingForm, wordsOfName } from "./matching-form.ts";
import { messageIdentifiers } from "./message-identifiers.ts";
import type { ContentPosition, Span } from "./positions.ts";
import { findRelationshipCues } from "./relationship-cues.ts";
import { wordsOf } from "./words.ts";

/**
 * A hit as it may leave the machine: which detector, where, how long, how sure. Never the text that was matched, nor a hash of it;
 * `group` is a number that equal matches within one file share.
 */
export interface ContentHit {
	detector: "identifier" | "health-term" | "relationship";
	/** ssn, mrn ...; or the term's kind, such as condition; or cue. */
	name: string;
	position: ContentPosition;
	/** Units from the start of the source; -1 where the text was decoded from it. */
	offset: number;
	length: number;
	score: number;
	group: number;
}

/** The least score that is worth a hit at all; what counts is a parameter of the checks. */
const leastScore = 0.4;
/** Names are read as words: camelCase and snake_case taken apart. */
const namePositions: ReadonlySet<ContentPosition> = new Set([
	"list_name",
	"list_tag",
	"list_column",
	"segment_name",
	"template_name",
	"configuration_set",
	"ses_tag",
	"url",
	"list_unsubscribe",
	"attachment_name",
	"list_id",
	"x_header",
]);

/** Numbers equal matches within one file: the text itself is held while the file is read, and never leaves. */
export class MatchGroups {
	readonly #known = new Map<string, number>();

	of(text: string): number {
		const key = text.toLowerCase();
		const group = this.#known.get(key) ?? this.#known.size + 1;
		this.#known.set(key, group);
		return group;
	}
}

/** What stands in a piece of text. Linear in its length. */
export function detectIn(span: Span, dictionary: HealthDictionary, groups: MatchGroups): ContentHit[] {
	const form = matchingForm(span.text);
	const hits: ContentHit[] = [];
	const add = (detector: ContentHit["detector"], name: string, start: number, end: number, score: number, source = form): void => {
		if (score < leastScore) return;
		const from = source.offsetOf(start);
		const to = source.offsetOf(end);
		hits.push({
			detector,
			name,
			position: span.position,
			offset: span.offset === -1 ? -1 : span.offset + from,
			length: Math.max(1, to - from),
			score,
			group: groups.of(source.text.slice(start, end)),
		});
	};
	for (const hit of locateIdentifiers(form.text, { more: messageIdentifiers })) add("identifier", hit.detector, hit.start, hit.end, hit.score);
	// In a name the words are found in another text than the author's: their place is that of the whole name.
	const read = namePositions.has(span.position) ? matchingForm(wordsOfName(form.text)) : form;
	const words = wordsOf(read.text);
	const whole = read === form ? null : { start: 0, end: form.text.length };
	for (const hit of findHealthTerms(words, dictionary)) add("health-term", hit.kind, whole?.start ?? hit.start, whole?.end ?? hit.end, hit.score);
	if (read === form) for (const hit of findRelationshipCues(words)) add("relationship", "cue", hit.start, hit.end, hit.score);
	return hits;
}
