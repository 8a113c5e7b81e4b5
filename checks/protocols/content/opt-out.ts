import { matchingForm } from "./matching-form.ts";

/** Words by which a link, its text or a merge tag offers to leave a list. */
const offer =
	/\bunsub(?:scribe|scription|scribing|scribed)?\b|\bopt[- ]?out\b|\b(?:e-?mail|subscription|communication|contact|mailing) preferences?\b|\b(?:manage|change|update|edit) (?:your |my )?(?:subscriptions?|preferences?|profile)\b|\bleave (?:this|the|our) list\b|\bstop (?:receiving|getting|sending)\b|\b(?:remove|take) me\b|\bpreference cent(?:er|re)\b|\bno longer (?:wish|want) to (?:receive|get)\b/;
/** What one can act on in plain text: a link, an address, a merge tag, or an answer. */
const action = /https?:\/\/|mailto:|@|\{\{|\{%|\*\||%%|\brepl(?:y|ying)\b/;
const maxLine = 4000;

/** True if a link's text, its address or a tag's name offers to leave a list. Names are taken apart into words. Linear in the text. */
export function offersOptOut(text: string): boolean {
	const words = matchingForm(text.slice(0, maxLine))
		.text.replaceAll(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2 ")
		.replaceAll(/[_./?&=+%|*{}#:-]+/g, " ")
		.toLowerCase();
	return offer.test(words);
}

/** True if a line of a plain-text part offers to leave the list and says by what link, address or answer. */
export function textOffersOptOut(text: string, ownTags: ReadonlySet<string>): boolean {
	const lines = text.split(/\r?\n/);
	return lines.some((line, index) => {
		// The address often stands on a line of its own below the words.
		const near = `${line} ${lines[index + 1] ?? ""}`.slice(0, maxLine);
		return (offersOptOut(line) && action.test(near)) || [...ownTags].some((name) => line.includes(name) && /\{\{|\{%|\*\||%%/.test(line));
	});
}
