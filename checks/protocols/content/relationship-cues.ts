import { isOtherTrade, type Word, wordStem } from "./words.ts";

/** Words by which a sentence says that its reader receives care, cover or a bill: "your results", "you are due for a refill". */
export interface CueHit {
	start: number;
	end: number;
	score: number;
}

const second = new Set(["your", "you", "you're", "you’re", "youre", "you've", "you’ve", "his", "her", "their"]);

/** Events and papers of care. What is everyday too (statement, bill, claim, visit) is here because a clinic's mail gives it its meaning. */
const events = new Set(
	[
		"appointment",
		"appt",
		"visit",
		"result",
		"prescription",
		"rx",
		"refill",
		"referral",
		"bill",
		"claim",
		"checkup",
		"procedure",
		"surgery",
		"exam",
		"biopsy",
		"scan",
		"xray",
		"ultrasound",
		"mammogram",
		"colonoscopy",
		"lab",
		"bloodwork",
		"medication",
		"dose",
		"vaccine",
		"treatment",
		"therapy",
		"session",
		"discharge",
		"admission",
		"diagnosis",
		"copay",
		"deductible",
		"authorization",
		"immunization",
		"screening",
		"consultation",
		"telehealth",
		"provider",
		"doctor",
		"physician",
		"nurse",
		"dentist",
		"therapist",
		"pharmacist",
		"chart",
		"statement",
		"coverage",
		"benefit",
		"medicine",
		"mri",
		"dialysis",
		"infusion",
		"injection",
		"physical",
		"followup",
		"intake",
		"paperwork",
		"coach",
		"counselor",
		"hygienist",
		"specialist",
		"specimen",
		"vaccination",
		"imaging",
		"hospital",
		"patient",
		"enrollment",
		"eligibility",
	].map(wordStem),
);
const pairs = new Set(
	[
		"care plan",
		"care team",
		"test result",
		"lab result",
		"health record",
		"medical record",
		"explanation benefit",
		"treatment plan",
		"patient portal",
		"portal message",
		"billing statement",
		"account statement",
		"health plan",
		"insurance claim",
		"hospital stay",
		"premium payment",
		"premium due",
		"premium notice",
		"insurance premium",
		"follow up",
		"home care",
		"member id",
		"insurance card",
		"sample has",
		"dental account",
		"medical account",
		"health coverage",
		"medication list",
		"group session",
		"blood work",
		"lab order",
		"medicare enrollment",
		"medicaid enrollment",
		"tooth removal",
		"teeth removal",
		"statement ready",
		"statement available",
	].map((pair) => pair.split(" ").map(wordStem).join(" ")),
);
/** Between the reader and the event stand few words: "your upcoming annual wellness visit". */
const reach = 5;
/** Words after the event that may claim it for another trade: "your visit to our showroom". */
const aside = 3;
/** Words after which the event is no longer the reader's: "your guide to a better visit". */
const breaks = new Set(["to", "for", "guide", "tip", "about", "story", "of", "on", "how", "why", "friend", "feedback", "team"]);
const dueWords = new Set(["due", "scheduled", "overdue", "booked", "missed", "cancelled", "canceled"]);

/** Linear in the number of words. */
export function findRelationshipCues(words: readonly Word[]): CueHit[] {
	const hits: CueHit[] = [];
	for (let index = 0; index < words.length; index += 1) {
		const word = words[index];
		if (word === undefined || !second.has(word.text)) continue;
		let isDue = false;
		for (let at = index + 1; at < words.length && at <= index + reach; at += 1) {
			const next = words[at];
			if (next === undefined) break;
			const { text, stem } = next;
			if (dueWords.has(text)) isDue = true;
			// Another trade's bill, or results of another kind.
			if (isOtherTrade(next)) break;
			// "explanation of benefits"
			const partner = words[at + 1]?.text === "of" ? at + 2 : at + 1;
			const paired = pairs.has(`${stem} ${words[partner]?.stem ?? ""}`);
			if (paired || events.has(stem)) {
				if (!paired && words.slice(at + 1, at + 1 + aside).some(isOtherTrade)) break;
				hits.push({ start: word.start, end: words[paired ? partner : at]?.end ?? word.end, score: 0.85 });
				break;
			}
			if (breaks.has(stem) && !isDue) break;
		}
	}
	return hits;
}
