import { domainToUnicode } from "node:url";

/**
 * Characters that show nothing, move the cursor or reorder their neighbours: controls, format characters (bidirectional
 * overrides and isolates, zero width, byte order mark, tags), line and paragraph separators, lone surrogates,
 * noncharacters and the other default-ignorable code points such as Hangul fillers and variation selectors.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
/** A tower of combining marks paints over the lines around it. */
const tower = /(\p{M}{4})(\p{M}+)/gu;
/** Letters, digits and hyphens around at least one A-label (RFC 5890, 2.3.2.1). Labels are short, so the search stays linear. */
const aLabelName = /(?<![a-z0-9_.-])(?:[a-z0-9_-]{1,63}\.){0,126}?xn--[a-z0-9-]{1,59}(?:\.[a-z0-9_-]{1,63}){0,126}/gi;

/** Text as it may be printed anywhere, terminal and page: what cannot be seen is written as a code, A-labels are followed by their U-label form. */
export function visible(text: string): string {
	const both = /xn--/i.test(text) ? text.replace(aLabelName, withULabel) : text;
	return both.replace(unseen, code).replace(tower, (_whole, kept: string, rest: string) => `${kept}[+${[...rest].length} combining marks]`);
}

/** The code that stands for one unseen character: ␛ for C0 controls and DEL, [U+202E] for the rest. */
function code(character: string): string {
	const point = character.codePointAt(0) ?? 0;
	if (point < 0x20) return String.fromCodePoint(0x2400 + point);
	if (point === 0x7f) return "\u2421";
	return `[U+${point.toString(16).toUpperCase().padStart(4, "0")}]`;
}

function withULabel(name: string): string {
	const unicode = domainToUnicode(name.toLowerCase());
	return unicode === "" || unicode === name.toLowerCase() ? name : `${name} (${unicode})`;
}
