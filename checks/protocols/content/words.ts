/** A word of a matching form, in lower case: letters and digits, apostrophes inside kept. Offsets are into the matching form. */
export interface Word {
	text: string;
	start: number;
	end: number;
}

const word = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;

/** The words of a text, folded by wordStem, in order. Linear in the text. */
export function wordsOf(text: string): Word[] {
	const words: Word[] = [];
	for (const match of text.matchAll(word)) words.push({ text: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length });
	return words;
}

/**
 * The form under which words are compared: possessives and plain English plurals are taken off. Deliberately little: a stemmer that
 * makes "diabetic" of "diabetes" also makes one word of two that mean different things.
 */
export function wordStem(text: string): string {
	const bare = text.replace(/['’]s?$/u, "");
	if (bare.length > 4 && bare.endsWith("ies")) return `${bare.slice(0, -3)}y`;
	if (bare.length > 3 && bare.endsWith("s") && !/(?:ss|us|is)$/.test(bare)) return bare.slice(0, -1);
	return bare;
}

/** Whether one of the words stands within `reach` words before the offset. */
export function hasWordBefore(words: readonly Word[], offset: number, reach: number, wanted: ReadonlySet<string>): boolean {
	let index = firstAtOrAfter(words, offset);
	for (let seen = 0; seen < reach && index > 0; seen += 1) {
		index -= 1;
		if (wanted.has(wordStem(words[index]?.text ?? ""))) return true;
	}
	return false;
}

function firstAtOrAfter(words: readonly Word[], offset: number): number {
	let low = 0;
	let high = words.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((words[middle]?.start ?? 0) < offset) low = middle + 1;
		else high = middle;
	}
	return low;
}
