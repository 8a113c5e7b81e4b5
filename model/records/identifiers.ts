import { type IdentifierPattern, identifierPatterns } from "./identifier-patterns.ts";

/**
 * Search for patient identifiers in records (45 CFR 164.514(b)(2)(i)). A record names people by subjectRef only, so the
 * bar is low: a shape that a message body may carry is already a fault here. A hit never carries the text that it matched.
 */
export interface IdentifierHit {
	/** Short name for machines: ssn, phone, email, mrn, mbi, member_id, dea, vin, care_date, age_over_89, street_address, ip_address. */
	detector: string;
	/** For people: "a US phone number". */
	label: string;
	/** 0 to 1: weak pattern 0.1, medium 0.4, with check digit or unmistakable form 0.7; a context word adds 0.35. */
	score: number;
}

/** At or above this score a string of a record is refused. */
export const recordThreshold = 0.4;
/** A wrong value is shown only if nothing at all fires on it. */
export const showThreshold = 0.1;

const contextBonus = 0.35;
const contextFloor = 0.4;
const contextWords = 5;
const contextCharacters = 160;
/** Longer strings are refused by the schemas; their head is searched all the same. */
const maxSearched = 1 << 20;

export interface DetectOptions {
	/** Words that stand before the text, such as the name of the field it is in. */
	context?: string;
	threshold?: number;
	/** Shapes beside the usual ones: what a message may not carry and a record may. */
	more?: readonly IdentifierPattern[];
}

/** Detectors that fire on a text, best score first, each once. Linear in the length of the text. */
export function detectIdentifiers(text: string, options: DetectOptions = {}): IdentifierHit[] {
	const best = new Map<string, IdentifierHit>();
	for (const form of matchingForms(text.slice(0, maxSearched))) {
		for (const { detector, label, score } of locateIdentifiers(form, options)) {
			const known = best.get(detector);
			if (known === undefined || known.score < score) best.set(detector, { detector, label, score });
		}
	}
	return [...best.values()].sort((a, b) => b.score - a.score || (a.detector < b.detector ? -1 : 1));
}

/** Where in a text a detector fires. */
export interface LocatedIdentifier extends IdentifierHit {
	/** UTF-16 units from the start of the text searched. */
	start: number;
	end: number;
}

/** Every place of a text, its forms already folded, at which a detector fires. One place can be several detectors'. Linear in the text. */
export function locateIdentifiers(form: string, options: DetectOptions = {}): LocatedIdentifier[] {
	const threshold = options.threshold ?? recordThreshold;
	const context = options.context === undefined ? "" : splitWords(options.context);
	const hits: LocatedIdentifier[] = [];
	// Every shape holds a digit or an at sign: most texts hold neither.
	if (!/[\d@]/.test(form)) return hits;
	for (const { shape, verify, context: wanted, base, detector, label } of [...identifierPatterns, ...(options.more ?? [])]) {
		// exec on the one expression: matchAll would copy it for each text.
		shape.lastIndex = 0;
		for (let match = shape.exec(form); match !== null; match = shape.exec(form)) {
			if (verify !== undefined && !verify(match[0])) continue;
			const before = `${context} ${wordsBefore(form, match.index)}`;
			const score = wanted?.test(before) ? Math.max(contextFloor, Math.round((base + contextBonus) * 100) / 100) : base;
			if (score >= threshold) hits.push({ detector, label, score, start: match.index, end: match.index + match[0].length });
		}
	}
	return hits;
}

const decodeRounds = 3;

/** The text as people read it: compatibility forms folded, invisible characters gone, one kind of hyphen; and with percent-encoding undone. */
function matchingForms(text: string): string[] {
	const forms = [fold(text)];
	let current = text;
	for (let round = 0; round < decodeRounds && current.includes("%"); round++) {
		const decoded = current.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
		if (decoded === current) break;
		forms.push(fold(decoded));
		current = decoded;
	}
	return forms;
}

function fold(text: string): string {
	return text
		.normalize("NFKC")
		.replace(/\p{Default_Ignorable_Code_Point}/gu, "")
		.replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/gu, "-")
		.replace(/\s/gu, " ");
}

function wordsBefore(text: string, index: number): string {
	const words = text.slice(Math.max(0, index - contextCharacters), index).split(" ");
	const kept: string[] = [];
	for (let position = words.length - 1; position >= 0 && kept.length < contextWords; position--) {
		const word = words[position];
		if (word !== undefined && word !== "") kept.unshift(word);
	}
	return kept.join(" ").toLowerCase();
}

/** birthDate, birth_date and birth-date are all "birth date". */
function splitWords(name: string): string {
	return name
		.slice(-contextCharacters)
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.replace(/[_.-]+/g, " ")
		.toLowerCase();
}
