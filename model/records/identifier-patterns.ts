/** One detector: a shape that is matched in linear time, the checks that ranges and check digits allow, and its context words. */
export interface IdentifierPattern {
	detector: string;
	label: string;
	base: number;
	shape: RegExp;
	verify?: (match: string) => boolean;
	/** Looked for in the five words before the match, lower case. */
	context?: RegExp;
}

// Every shape starts behind a look-behind and has bounded repeats: the search stays linear on any text.
const phoneContext = /\b(?:phone|tel|telephone|mobile|cell|fax|call|sms|text)\b/;
const ssnContext = /\b(?:ssn|social security|soc sec)\b/;

export const identifierPatterns: readonly IdentifierPattern[] = [
	{
		detector: "ssn",
		label: "a Social Security number",
		base: 0.5,
		shape: /(?<![\dA-Za-z-])\d{3}([- ])\d{2}\1\d{4}(?![\dA-Za-z]|-\d)/g,
		verify: isIssuedSsn,
		context: ssnContext,
	},
	{
		detector: "ssn",
		label: "a Social Security number",
		base: 0.1,
		shape: /(?<![\dA-Za-z.-])\d{9}(?![\dA-Za-z]|[.-]\d)/g,
		verify: isIssuedSsn,
		context: ssnContext,
	},
	{
		detector: "phone",
		label: "a US phone number",
		base: 0.4,
		shape: /(?<![\dA-Za-z]|[\d][.-])(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. /])\d{3}[-. ]\d{4}(?![\dA-Za-z]|[.-]\d)/g,
		context: phoneContext,
	},
	{ detector: "phone", label: "a US phone number", base: 0.4, shape: /(?<![\dA-Za-z])\+1[-. ]?[2-9]\d{9}(?!\d)/g, context: phoneContext },
	{ detector: "phone", label: "a US phone number", base: 0.1, shape: /(?<![\dA-Za-z.])1?[2-9]\d{2}[2-9]\d{6}(?![\dA-Za-z]|\.\d)/g, context: phoneContext },
	{ detector: "phone", label: "a US phone number", base: 0.1, shape: /(?<![\dA-Za-z.-])[2-9]\d{2}[-. ]\d{4}(?![\dA-Za-z]|[.-]\d)/g, context: phoneContext },
	{
		detector: "email",
		label: "a mail address",
		base: 0.7,
		shape: /(?<![\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-])[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.){1,8}[\p{L}\p{N}-]{2,63}/gu,
	},
	{
		detector: "mrn",
		label: "a medical record number",
		base: 0.1,
		shape: /(?<![\dA-Za-z])[A-Za-z]{0,3}-?\d{5,12}(?![\dA-Za-z])/g,
		context: /\b(?:mrn|mr no|mr#|chart|medical record|patient (?:id|no|num|number)|patient|record (?:no|num|number))\b|(?:^|\s)(?:mr|patient|record|chart) ?#/,
	},
	{
		detector: "mbi",
		label: "a Medicare beneficiary identifier",
		base: 0.7,
		// Letters S, L, O, I, B and Z are not used; the kind of each place is fixed by CMS.
		shape: /(?<![\dA-Za-z])[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\dA-Za-z])/gi,
	},
	{
		detector: "member_id",
		label: "a health plan member number",
		base: 0.1,
		shape: /(?<![\dA-Za-z])[A-Za-z]{0,4}-?\d{6,14}(?![\dA-Za-z])/g,
		context: /\b(?:member (?:id|no|num|number)|subscriber|beneficiary|insured|policyholder|medicaid|medicare)\b/,
	},
	{
		detector: "dea",
		label: "a DEA registration number",
		base: 0.7,
		shape: /(?<![\dA-Za-z])[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}(?![\dA-Za-z])/gi,
		verify: hasDeaCheckDigit,
	},
	{
		detector: "vin",
		label: "a vehicle identification number",
		base: 0.7,
		shape: /(?<![\dA-Za-z])[A-HJ-NPR-Z\d]{17}(?![\dA-Za-z])/gi,
		verify: hasVinCheckDigit,
	},
	{
		detector: "care_date",
		label: "a date of birth or of care",
		base: 0.05,
		shape:
			/(?<![\dA-Za-z])(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? \d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2},? \d{4})(?![\dA-Za-z])/gi,
		context: /\b(?:born|birth|birthday|birthdate|dob|admitted|admission|discharged|deceased|died)\b/,
	},
	{
		detector: "age_over_89",
		label: "an age over 89",
		base: 0.4,
		shape: /(?<![\dA-Za-z.])(?:9\d|1[01]\d)[- ]?(?:years?[- ]old|yrs?[- ]old|y\/o|yo)(?![A-Za-z])/gi,
	},
	{
		detector: "age_over_89",
		label: "an age over 89",
		base: 0.05,
		shape: /(?<![\dA-Za-z.])(?:9\d|1[01]\d)(?![\dA-Za-z]|[.%])/g,
		context: /\b(?:aged?|age of)$/,
	},
	{
		detector: "street_address",
		label: "a street address",
		base: 0.4,
		shape:
			/(?<![\dA-Za-z.-])\d{1,6}[A-Z]? (?:[NSEW]\.? )?(?:[A-Z][A-Za-z'.-]{0,30} ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Circle|Parkway|Pkwy|Terrace|Highway|Hwy)(?![A-Za-z])/g,
	},
	{
		// In lower case "60 days of the court" has the shape of an address: only a context word makes it one.
		detector: "street_address",
		label: "a street address",
		base: 0.1,
		shape:
			/(?<![\dA-Za-z.-])\d{1,6}[a-z]? (?:[a-z][a-z'.-]{0,30} ){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|circle|parkway|pkwy|terrace|highway|hwy)(?![a-z])/gi,
		context: /\b(?:address|lives|living|resides|residing|home)\b/,
	},
	{
		detector: "ip_address",
		label: "an IP address of a person",
		base: 0.1,
		shape: /(?<![\dA-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![\dA-Za-z]|\.\d)/g,
		context: /\b(?:patient|visitor|recipient)\b/,
	},
];

/** Ranges that were never issued are no numbers of a person (SSA: area 000, 666, 900 to 999; group 00; serial 0000). */
function isIssuedSsn(match: string): boolean {
	const digits = match.replace(/\D/g, "");
	const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
	return area !== "000" && area !== "666" && area < "900" && group !== "00" && serial !== "0000";
}

function hasDeaCheckDigit(match: string): boolean {
	const digits = [...match.slice(2)].map(Number);
	const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check = -1] = digits;
	return (a + c + e + 2 * (b + d + f)) % 10 === check;
}

const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const vinValues: Readonly<Record<string, number>> = {
	...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
	...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
};

/** 49 CFR 565.15(c): place nine is the weighted sum modulo 11, with X for ten. */
function hasVinCheckDigit(match: string): boolean {
	const upper = match.toUpperCase();
	if (!/[A-Z]/.test(upper) || !/\d/.test(upper)) return false;
	let sum = 0;
	for (const [index, character] of [...upper].entries()) sum += (vinWeights[index] ?? 0) * (vinValues[character] ?? Number(character));
	return upper[8] === (sum % 11 === 10 ? "X" : String(sum % 11));
}
