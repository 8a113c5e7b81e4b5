import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectIdentifiers, showThreshold } from "./identifiers.ts";

/** Numbers of forms that are never given out to people, or that are published samples. */
const planted: [string, string][] = [
	["ssn", "219-09-9999"],
	["ssn", "219 09 9999"],
	["ssn", "SSN 219099999"],
	["phone", "call (217) 555-0123 first"],
	["phone", "217-555-0123"],
	["phone", "217.555.0123"],
	["phone", "+12175550123"],
	["phone", "fax 2175550123"],
	["phone", "phone: 555-0123"],
	["email", "write to pat.sample@clinic.example today"],
	["email", "päivi@clinic.example"],
	["mrn", "MRN 00482913"],
	["mrn", "chart no A-482913"],
	["mbi", "1EG4-TE5-MK73"],
	["mbi", "1EG4TE5MK73"],
	["member_id", "member id W123456789"],
	["dea", "AB1234563"],
	["vin", "1M8GDM9AXKP042788"],
	["care_date", "born 3/14/1961"],
	["care_date", "DOB: 1961-03-14"],
	["care_date", "admitted March 14, 2026"],
	["age_over_89", "a 93-year-old"],
	["age_over_89", "aged 94 then"],
	["street_address", "of 742 Evergreen Terrace"],
	["street_address", "lives at 12 old mill road"],
	["ip_address", "patient came from 198.51.100.7"],
];

/** Near misses: what registers are full of and no identifier of a patient. */
const clean = [
	"2f1c3a6e7d5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1",
	"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
	"mx.a.test|192.0.2.10|25",
	"45 CFR 164.504(e)(2)(ii)(A)",
	"In force since 2023-08-21, last checked 2026-10-12",
	"666-12-1234 and 000-12-1234 and 900-12-1234 were never issued",
	"AB1234564",
	"1M8GDM9A1KP042788",
	"https://support.google.com/a/answer/3407054",
	"within 60 days of the court order",
	"Business Plus, 42 seats, version 1.2.3",
	"AWS member account 111122223333",
	"page 93 of 120",
	"Sub-processors as listed",
];

describe("identifier detectors", () => {
	it.each(planted)("%s fires on its form", (detector, text) => {
		const hits = detectIdentifiers(text);
		expect(hits.map((hit) => hit.detector)).toContain(detector);
		expect(JSON.stringify(hits)).not.toMatch(/\d{4}/);
	});
	it.each(clean)("nothing fires on %s", (text) => expect(detectIdentifiers(text)).toEqual([]));

	it("sees through encodings that hide a number from a plain pattern", () => {
		for (const text of [
			"２１９-０９-９９９９",
			"219\u200b-09\u00ad-9999",
			"219\u201109\u20119999",
			"https://x.example/?s=219%2D09%2D9999",
			"pat.sample\u200b@clinic.example",
			"q=pat.sample%40clinic.example",
			"q=pat.sample%2540clinic.example",
			"q=219%25252D09%25252D9999",
		]) {
			expect(detectIdentifiers(text).length, text).toBeGreaterThan(0);
		}
	});

	it("takes the field's name as context, and only words before a match", () => {
		expect(detectIdentifiers("1961-03-14")).toEqual([]);
		expect(detectIdentifiers("1961-03-14", { context: "birthDate" }).map((hit) => hit.detector)).toEqual(["care_date"]);
		expect(detectIdentifiers("482913", { context: "patient_id" }).map((hit) => hit.detector)).toEqual(["mrn"]);
		expect(detectIdentifiers("482913 is not an MRN")).toEqual([]);
		expect(detectIdentifiers("MRN of the one and only and other 482913")).toEqual([]);
	});

	it("lets weak forms through for judging, never for showing", () => {
		expect(detectIdentifiers("219099999")).toEqual([]);
		expect(detectIdentifiers("219099999", { threshold: showThreshold }).length).toBeGreaterThan(0);
		expect(detectIdentifiers("13/02/2025", { threshold: showThreshold })).toEqual([]);
	});

	it("never throws and never tells what it matched, whatever the text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 40 }), (text, context) => {
				for (const hit of detectIdentifiers(text, { context })) expect(Object.keys(hit).sort()).toEqual(["detector", "label", "score"]);
			}),
		);
		expect(() => detectIdentifiers("\ud800 219-09-9999")).not.toThrow();
	});

	it("finds a planted number in any surroundings that end in a space", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 100 }), (before) => {
				expect(detectIdentifiers(`${before.replaceAll("%", "")} 219-09-9999`).map((hit) => hit.detector)).toContain("ssn");
			}),
		);
	});

	it("stays linear on hostile text", () => {
		for (const unit of ["1", "a", "a.", "12 Ab ", "219-09-", "a@", "%41", "2 a a a a ", "1-", "A1", "é", "(217) "]) {
			const text = unit.repeat(Math.floor(1_000_000 / unit.length));
			const start = performance.now();
			detectIdentifiers(text);
			expect(performance.now() - start, unit).toBeLessThan(5000);
		}
	});
});
