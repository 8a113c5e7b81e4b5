import type { Ternary } from "./ternary.ts";

/**
 * A text of a policy after its variables are resolved, one element per place: a code unit; `star` for any text; `one` for any
 * single character; a longer string for a part that is not known, which is equal to itself and to nothing else for certain.
 * Patterns and the things they are held against have the same form, so that a pattern can be held against a pattern.
 */
export type Symbols = readonly Sym[];
export type Sym = string | typeof star | typeof one;

export const star = 0;
export const one = 1;
/** A part of which not even the name is known; unlike the others it is not equal to itself. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the adapter writes it so.
export const nameless = "${unknown}";

/** Above this product of lengths two patterns are taken to have a common text: the safe answer is "unknown". */
const maxOverlapWork = 4_000_000;

export function literal(text: string): Sym[] {
	return text.split("");
}

/** A pattern of a question, such as `arn:aws:s3:::bucket/*`; policy variables and placeholders are not read. */
export function glob(text: string): Sym[] {
	return text.split("").map((unit) => (unit === "*" ? star : unit === "?" ? one : unit));
}

export function isUnknownPart(symbol: Sym): symbol is string {
	return typeof symbol === "string" && symbol.length > 1;
}

export function lowerCase(symbols: Symbols): Sym[] {
	return symbols.map((symbol) => (typeof symbol === "string" && symbol.length === 1 ? symbol.toLowerCase() : symbol));
}

/**
 * Whether the pattern certainly matches every text that the subject stands for. Where the subject has no wildcards and neither
 * has unknown parts this is plain matching. Greedy: only the last `*` is ever tried again, so that the work is at most the
 * product of the lengths, and a pattern that needs more characters than there are is refused at once.
 */
export function covers(pattern: Symbols, subject: Symbols): boolean {
	let needed = 0;
	for (const symbol of pattern) if (symbol !== star) needed++;
	if (needed > subject.length) return false;
	let p = 0;
	let s = 0;
	let lastStar = -1;
	let resume = 0;
	while (s < subject.length) {
		const symbol = subject[s];
		const expected = pattern[p];
		if (expected === star) {
			lastStar = p++;
			resume = s;
			if (p === pattern.length) return true;
			continue;
		}
		if (symbol !== undefined && expected !== undefined && covered(expected, symbol)) {
			p++;
			s++;
			continue;
		}
		if (lastStar < 0) return false;
		p = lastStar + 1;
		s = ++resume;
	}
	while (pattern[p] === star) p++;
	return p === pattern.length && s === subject.length;
}

function covered(expected: Sym, symbol: Sym): boolean {
	if (symbol === star || symbol === nameless) return false;
	if (expected === one) return symbol === one || !isUnknownPart(symbol);
	return expected === symbol;
}

/** Whether some text is matched by both, whatever the unknown parts turn out to be. */
export function overlaps(a: Symbols, b: Symbols): boolean {
	const left = a.map(loosened);
	const right = b.map(loosened);
	if (!right.includes(star) && !right.includes(one)) return covers(left, right);
	if (!left.includes(star) && !left.includes(one)) return covers(right, left);
	if (!endsAgree(left, right)) return false;
	if (left.length * right.length > maxOverlapWork) return true;
	// reach[j]: the texts of left[0..i) and right[0..j) have one in common.
	let reach = new Uint8Array(right.length + 1);
	reach[0] = 1;
	for (let j = 1; j <= right.length && right[j - 1] === star; j++) reach[j] = 1;
	for (const symbol of left) {
		const next = new Uint8Array(right.length + 1);
		if (symbol === star) next[0] = reach[0] ?? 0;
		for (const [j, other] of right.entries()) {
			const both = reach[j] === 1 && (symbol === star || other === star || symbol === one || other === one || symbol === other);
			const skipStar = (symbol === star && reach[j + 1] === 1) || (other === star && next[j] === 1);
			// A star on one side swallows the symbol of the other and stays.
			const swallowed = (symbol === star && next[j] === 1) || (other === star && reach[j + 1] === 1);
			if (both || skipStar || swallowed) next[j + 1] = 1;
		}
		reach = next;
	}
	return reach[right.length] === 1;
}

function loosened(symbol: Sym): Sym {
	return isUnknownPart(symbol) ? star : symbol;
}

/** Most pairs differ before the first or after the last star. */
function endsAgree(a: Symbols, b: Symbols): boolean {
	const shorter = Math.min(a.length, b.length);
	for (let i = 0; i < shorter && a[i] !== star && b[i] !== star; i++) if (!compatible(a[i], b[i])) return false;
	for (let i = 1; i <= shorter && a[a.length - i] !== star && b[b.length - i] !== star; i++) {
		if (!compatible(a[a.length - i], b[b.length - i])) return false;
	}
	return true;
}

function compatible(a: Sym | undefined, b: Sym | undefined): boolean {
	return a === one || b === one || a === b;
}

/** Whether the pattern matches what the subject stands for: certainly, certainly not, or unknown. */
export function matches(pattern: Symbols, subject: Symbols): Ternary {
	if (covers(pattern, subject)) return "yes";
	const certain = !pattern.some(isUnknownPart) && !subject.some((symbol) => symbol === star || symbol === one || isUnknownPart(symbol));
	if (certain) return "no";
	return overlaps(pattern, subject) ? "unknown" : "no";
}
