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
