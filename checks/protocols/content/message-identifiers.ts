import type { IdentifierPattern } from "../../../model/records/identifier-patterns.ts";

/**
 * Identifiers of 45 CFR 164.514(b)(2)(i)(I) to (K) that a message may not show and a record may well hold: an account of the cloud, the NPI of
 * an official. Every shape is bounded, and counts with its context alone.
 */
export const messageIdentifiers: readonly IdentifierPattern[] = [
	{
		detector: "npi",
		label: "a National Provider Identifier",
		base: 0.1,
		shape: /(?<![\dA-Za-z.-])[12]\d{9}(?![\dA-Za-z]|[.-]\d)/g,
		verify: hasNpiCheckDigit,
		context: /\b(?:npi|national provider|provider (?:id|identifier|no|number))\b/,
	},
	{
		detector: "account",
		label: "an account number",
		base: 0.1,
		shape: /(?<![\dA-Za-z])[A-Za-z]{0,3}-?\d{5,14}(?![\dA-Za-z])/g,
		context: /\b(?:account|acct|invoice|claim) ?(?:id|no|num|number|#)?$|\b(?:account|acct|claim)\b/,
	},
	{
		detector: "member_id",
		label: "a health plan number",
		base: 0.1,
		shape: /(?<![\dA-Za-z])[A-Za-z]{0,4}-?\d{6,14}(?![\dA-Za-z])/g,
		context: /\b(?:policy|plan|group|coverage) (?:id|no|num|number)\b/,
	},
	{
		detector: "licence",
		label: "a certificate or licence number",
		base: 0.1,
		shape: /(?<![\dA-Za-z])[A-Za-z]{0,2}-?\d{6,13}(?![\dA-Za-z])/g,
		context: /\b(?:licen[cs]e|certificate|registration|passport)\b/,
	},
];

/** The Luhn check digit over the number with the prefix 80840 (45 CFR 162.406). */
function hasNpiCheckDigit(match: string): boolean {
	const digits = [...`80840${match}`].reverse().map(Number);
	const sum = digits.reduce((total, digit, index) => {
		const value = index % 2 === 1 ? digit * 2 : digit;
		return total + (value > 9 ? value - 9 : value);
	}, 0);
	return sum % 10 === 0;
}
