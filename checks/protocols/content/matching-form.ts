/**
 * Text as detectors read it, with a way back: an entry for each UTF-16 unit of `text` says at which unit of the source it began, so that
 * a finding can name line and column of what the author wrote.
 */
export interface MatchingForm {
	text: string;
	/** offsets[i] is where unit i of `text` stands in the source; one more entry marks the end. */
	offsets: Uint32Array;
}

/** Characters that are drawn as nothing and split words for a reader of octets only: zero width, soft hyphen, joiners, fillers. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const blank = /[\s\u00a0]/u;
const ascii = /^[\x21-\x7e]*$/;

/**
 * Letters of other scripts that look like Latin ones and are used to slip words past filters; what NFKC folds itself is not listed.
 * Source: the confusables of Unicode Technical Standard 39 that fall on basic Latin letters, as of Unicode 17, the common ones.
 */
const lookAlikes: ReadonlyMap<string, string> = new Map(
	"аa еe оo рp сc хx уy іi ѕs јj һh ԁd ԛq ԝw кk мm тt вb нh гr пn αa οo ρp νv ιi κk τt υu χx ϲc γy ηn ωw АA ВB ЕE КK МM НH ОO РP СC ТT ХX ІI ЅS ΑA ΒB ΕE ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ΖZ"
		.split(" ")
		.map((pair): [string, string] => [pair.charAt(0), pair.charAt(1)]),
);

/**
 * NFKC, look-alike letters as Latin ones, unseen characters dropped, runs of blanks as one blank. Linear in the text. Words
 * stay where they were: nothing but blanks and unseen characters is ever taken away.
 */
export function matchingForm(source: string): MatchingForm {
	if (ascii.test(source)) return { text: source, offsets: Uint32Array.from({ length: source.length + 1 }, (_, index) => index) };
	const parts: string[] = [];
	const offsets: number[] = [];
	let at = 0;
	let wasBlank = false;
	for (const character of source) {
		const start = at;
		at += character.length;
		if (blank.test(character)) {
			if (!wasBlank) {
				parts.push(" ");
				offsets.push(start);
			}
			wasBlank = true;
			continue;
		}
		if (unseen.test(character)) continue;
		wasBlank = false;
		let folded = "";
		for (const one of character.normalize("NFKC")) folded += lookAlikes.get(one) ?? one;
		for (let unit = 0; unit < folded.length; unit += 1) {
			parts.push(folded.charAt(unit));
			offsets.push(start);
		}
	}
	offsets.push(source.length);
	return { text: parts.join(""), offsets: Uint32Array.from(offsets) };
}

/** The words of a name as authors write names: camelCase, snake_case, kebab-case and dots are taken apart. */
export function wordsOfName(name: string): string {
	return name
		.replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
		.replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
		.replaceAll(/[_\-.+/:~]+/g, " ");
}
