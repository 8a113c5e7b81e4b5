/** A word of a matching form, in lower case: letters and digits, apostrophes inside kept. Offsets are into the matching form. */
export interface Word {
	text: string;
	/** By wordStem. */
	stem: string;
	start: number;
	end: number;
}

const word = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;
/** The same of ASCII, without the tables of Unicode. */
const asciiWord = /[a-z\d]+(?:'[a-z]+)*/g;
const ascii = /^[\0-\x7f]*$/;

/** The words of a text, in order. Linear in the text. */
export function wordsOf(text: string): Word[] {
	const words: Word[] = [];
	const isAscii = ascii.test(text);
	// Beyond ASCII a letter in lower case may be longer, which would move the places.
	const source = isAscii ? text.toLowerCase() : text;
	const shape = isAscii ? asciiWord : word;
	// exec on the one expression: matchAll would copy it for each text.
	shape.lastIndex = 0;
	for (let match = shape.exec(source); match !== null; match = shape.exec(source)) {
		const [found] = match;
		const own = isAscii ? found : found.toLowerCase();
		words.push({ text: own, stem: wordStem(own), start: match.index, end: match.index + found.length });
	}
	return words;
}

/**
 * The form under which words are compared: possessives and plain English plurals are taken off. Deliberately little: a stemmer that
 * makes "diabetic" of "diabetes" also makes one word of two that mean different things.
 */
export function wordStem(text: string): string {
	const bare = /['’]/.test(text) ? text.replace(/['’]s?$/u, "") : text;
	if (!bare.endsWith("s")) return bare;
	if (bare.length > 4 && bare.endsWith("ies")) return `${bare.slice(0, -3)}y`;
	if (bare.length > 5 && /(?:ch|sh|x|ss)es$/.test(bare)) return bare.slice(0, -2);
	if (bare.length > 3 && !/(?:ss|us|is)$/.test(bare)) return bare.slice(0, -1);
	return bare;
}

/**
 * Words of other trades. Beside one of them an everyday word of care is none: a phone bill, the results of an election, a tax clinic. Short on
 * purpose: each word here is a chance to miss something.
 */
const otherTrades = new Set(
	(
		"asset auto band bank book booking browser budget cable car card cardholder cell code comedy concert contest coupon " +
		"course court crash credit delivery draft drama drive driving election electric electricity energy engine exhibition " +
		"fabric festival fiction film final flight flooring football game garden gas golf gym horror hotel internet law legal " +
		"library loan login marathon market midterm mobile mortgage movie museum music novel opera orchestra order package " +
		"painting phone photo podcast pool quiz quote race recipe rental restaurant roof roofing salon savings school score " +
		"search season semester shipping shop showroom sport stock store student subscription survey swim swimmer table tax " +
		"theater theatre thriller ticket timed tire train training travel tree trip utility vehicle warranty water wood writing"
	)
		.split(" ")
		.map(wordStem),
);

/** True if a word names another trade than health care. */
export function isOtherTrade({ stem }: Word): boolean {
	return otherTrades.has(stem);
}
