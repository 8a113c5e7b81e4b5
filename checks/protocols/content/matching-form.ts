/** Text as detectors read it, with a way back, so that a finding can name line and column of what the author wrote. */
export interface MatchingForm {
	text: string;
	/** Where the UTF-16 unit of `text` stands in the source; of the unit past the last one, and of any beyond, the end of the source. */
	offsetOf(unit: number): number;
}

/** Characters that are drawn as nothing and split words for a reader of octets only: zero width, soft hyphen, joiners, fillers. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const blank = /[\s\u00a0]/u;
const ascii = /^[\0-\x7f]*$/;
/** The blanks of ASCII that are not one space between two words. */
const asciiRuns = /[\t-\r]| {2}/;

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
	// Of ASCII nothing changes but its blanks: most of what is read, without a list of places.
	if (ascii.test(source)) return asciiRuns.test(source) ? collapsed(source) : { text: source, offsetOf: (unit) => Math.min(unit, source.length) };
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
	return { text: parts.join(""), offsetOf: (unit) => offsets[unit] ?? source.length };
}

/** ASCII with its runs of blanks as one each. Places are asked for where something was found, which is rare. */
function collapsed(source: string): MatchingForm {
	let offsets: Uint32Array | undefined;
	const placed = (): Uint32Array => {
		const places = new Uint32Array(source.length);
		let length = 0;
		let wasBlank = false;
		for (let at = 0; at < source.length; at += 1) {
			const code = source.charCodeAt(at);
			const isBlank = code === 0x20 || (code >= 0x09 && code <= 0x0d);
			if (!isBlank || !wasBlank) places[length++] = at;
			wasBlank = isBlank;
		}
		return places.subarray(0, length);
	};
	return {
		text: source.replaceAll(/[\t-\r ]+/g, " "),
		offsetOf: (unit) => {
			offsets ??= placed();
			return offsets[unit] ?? source.length;
		},
	};
}

/** The words of a name as authors write names: camelCase, snake_case, kebab-case and dots are taken apart. */
export function wordsOfName(name: string): string {
	return name
		.replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
		.replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
		.replaceAll(/[_\-.+/:~]+/g, " ");
}
