import type { HealthTerms, TermKind } from "../../data/health-terms/load-health-terms.ts";
import { isOtherTrade, type Word, wordStem } from "./words.ts";

/** A term of a health dictionary in a text. The term is the dictionary's own word, not the author's. */
export interface HealthTermHit {
	kind: TermKind;
	/** Names the term in the dictionary: kind and words. */
	term: string;
	start: number;
	end: number;
	/** 0.75 for a word that is plain by itself; one that needs context 0.1, and 0.45 with it. */
	score: number;
}

interface Entry {
	kind: TermKind;
	term: string;
	needsContext: boolean;
}

interface Node {
	next: Map<string, Node>;
	entry: Entry | null;
}

/** A dictionary made ready: words in a tree, so that a text is read once however many terms there are. */
export interface HealthDictionary {
	root: Node;
	asOf: string;
	terms: number;
}

export function buildHealthDictionary(data: HealthTerms): HealthDictionary {
	const root: Node = { next: new Map(), entry: null };
	let terms = 0;
	for (const [kind, groups] of Object.entries(data.terms) as [TermKind, NonNullable<HealthTerms["terms"][TermKind]>][]) {
		for (const [ambiguity, list] of Object.entries(groups)) {
			for (const term of list) {
				let node = root;
				for (const word of term.split(" ")) {
					const stem = wordStem(word);
					let next = node.next.get(stem);
					if (next === undefined) {
						next = { next: new Map(), entry: null };
						node.next.set(stem, next);
					}
					node = next;
				}
				// A plural and its singular are one: the plainer reading stays.
				if (node.entry === null || node.entry.needsContext) node.entry = { kind, term: `${kind}:${term}`, needsContext: ambiguity === "needs-context" };
				terms += 1;
			}
		}
	}
	return { root, asOf: data.asOf, terms };
}

/** Words that tie an everyday word to somebody's care. */
const careWords = new Set(
	[
		"clinic",
		"doctor",
		"dr",
		"provider",
		"patient",
		"nurse",
		"hospital",
		"appointment",
		"care",
		"result",
		"lab",
		"pharmacy",
		"prescription",
		"refill",
		"diagnosis",
		"diagnosed",
		"treatment",
		"symptom",
		"chronic",
		"screening",
		"therapy",
		"rx",
		"physician",
		"medical",
		"health",
		"specialist",
		"referral",
		"counseling",
		"vaccine",
		"tooth",
		"teeth",
		"dental",
		"dentist",
		"pediatric",
	].map(wordStem),
);
/** Words by which a sentence talks about a condition. They tie a condition that is an everyday word too, and nothing else. */
const topicWords = new Set(
	(
		"adult awareness child children coping diet explained fact group help infant kid living managing men myth newborn nutrition prevention relief risk senior " +
		"sign support surviving teen teenager training treatment understanding warning women workshop"
	)
		.split(" ")
		.map(wordStem),
);
/** Everyday before anything else: only a word of care ties them. */
const everydayConditions = new Set(["burnout", "coma", "cough", "cold", "fever", "fracture", "injury", "plague", "stress", "swelling", "trauma", "withdrawal"]);
const zodiac = new Set(["zodiac", "horoscope", "tropic"]);
/** "Your delivery" is a parcel: a word of care alone ties these. */
const unowned = new Set(["delivery", "health", "negative", "operation", "panel", "positive", "recovery", "sample", "screen", "sugar", "weight"]);
const possessives = new Set(["your", "his", "her", "their", "my"]);
const reach = 5;

/**
 * Terms of the dictionary in a text, the longest reading at each place. A word that is everyday too counts little by itself and more beside
 * a word of care, or where a possessive ties it to the reader. Linear in the text.
 */
export function findHealthTerms(words: readonly Word[], dictionary: HealthDictionary): HealthTermHit[] {
	const hits: HealthTermHit[] = [];
	// The word after the last term that is plain by itself: "breast cancer screening".
	let afterPlain = Number.NEGATIVE_INFINITY;
	for (let index = 0; index < words.length; ) {
		let node: Node | undefined = dictionary.root;
		let found: { entry: Entry; last: number } | null = null;
		for (let at = index; at < words.length; at += 1) {
			node = node.next.get(words[at]?.stem ?? "");
			if (node === undefined) break;
			if (node.entry !== null) found = { entry: node.entry, last: at };
		}
		if (found === null) {
			index += 1;
			continue;
		}
		const { entry, last } = found;
		const score = isElsewhere(words, index, last, entry)
			? 0.1
			: entry.needsContext
				? index - afterPlain < reach || isTied(words, index, last, entry)
					? 0.45
					: 0.1
				: 0.75;
		hits.push({ kind: entry.kind, term: entry.term, start: words[index]?.start ?? 0, end: words[last]?.end ?? 0, score });
		index = last + 1;
		if (!entry.needsContext) afterPlain = index;
	}
	return hits;
}

/** A test, a result or an everyday word that another trade claims, and the sign of the zodiac. */
function isElsewhere(words: readonly Word[], first: number, last: number, { kind, needsContext }: Entry): boolean {
	const near = [...words.slice(Math.max(0, first - 2), first), ...words.slice(last + 1, last + 4)];
	if (near.some((word) => zodiac.has(word.stem))) return true;
	return (kind === "test" || kind === "lay" || (needsContext && !kind.startsWith("drug"))) && near.some(isOtherTrade);
}

function isTied(words: readonly Word[], first: number, last: number, { kind }: Entry): boolean {
	const before = words.slice(Math.max(0, first - reach), first);
	const after = words.slice(last + 1, last + 1 + reach);
	const term = words[last]?.stem ?? "";
	if (!unowned.has(term) && before.slice(-2).some((word) => possessives.has(word.text))) return true;
	const isTopic = kind === "condition" && !everydayConditions.has(term);
	return [...before, ...after].some(({ stem }) => careWords.has(stem) || (isTopic && topicWords.has(stem)));
}
