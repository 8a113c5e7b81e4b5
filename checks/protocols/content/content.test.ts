import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shippedHealthTerms } from "../../data/health-terms/load-health-terms.ts";
import {
	buildHealthDictionary,
	detectIn,
	findHealthTerms,
	findMergeTags,
	findRelationshipCues,
	linkForms,
	MatchGroups,
	matchingForm,
	readHtml,
	type Span,
	wordsOf,
	wordsOfName,
} from "./index.ts";

const dictionary = buildHealthDictionary(shippedHealthTerms());
const wordsIn = (text: string) => wordsOf(matchingForm(text).text);
const terms = (text: string): string[] =>
	findHealthTerms(wordsIn(text), dictionary)
		.filter((hit) => hit.score >= 0.4)
		.map((hit) => hit.term);
const names = (source: string): (string | null)[] => findMergeTags(source).flatMap((tag) => [tag.name, ...tag.others]);

describe("matching form", () => {
	it("undoes what hides a word, and finds the way back to the source", () => {
		const cases: [string, string][] = [
			["dia\u00adbetes", "diabetes"],
			["di\u200babetes", "diabetes"],
			["dіabetes", "diabetes"],
			["ｄｉａｂｅｔｅｓ", "diabetes"],
			["ﬁbroids", "fibroids"],
			["a\u00a0 \t b", "a b"],
		];
		for (const [source, expected] of cases) {
			const form = matchingForm(source);
			expect(form.text).toBe(expected);
			expect(form.offsetOf(form.text.length)).toBe(source.length);
			const places = Array.from({ length: form.text.length + 1 }, (_, unit) => form.offsetOf(unit));
			expect(places.every((at, index) => index === 0 || at >= (places[index - 1] ?? 0))).toBe(true);
		}
		expect(matchingForm("x dia\u00adbetes").offsetOf(6)).toBe(7);
		expect([0, 1, 2, 3, 9].map((unit) => matchingForm("a \n b c").offsetOf(unit))).toEqual([0, 1, 4, 5, 7]);
	});

	it("takes names apart", () => {
		expect(wordsOfName("patientHIVStatus_diabetes-newsletter")).toBe("patient HIV Status diabetes newsletter");
	});
});

describe("health terms", () => {
	it("finds whole words, plurals and the longest reading", () => {
		expect(terms("Living with Diabetes")).toEqual(["condition:diabetes"]);
		expect(terms("breast cancer screening")).toEqual(["condition:breast cancer", "test:screening"]);
		expect(terms("kidney stones")).toEqual(["condition:kidney stone"]);
		expect(terms("diabetological")).toEqual([]);
	});

	it("leaves everyday words alone, unless a word of care ties them", () => {
		for (const text of [
			"A positive start",
			"the stroke of midnight",
			"heart of the city",
			"cold drinks and hot deals",
			"a shot of espresso",
			"Great Depression history",
			"test drive our cars",
		])
			expect([text, terms(text)]).toEqual([text, []]);
		expect(terms("your depression screening")).not.toEqual([]);
		expect(terms("the doctor found a fracture")).not.toEqual([]);
	});
});

describe("relationship cues", () => {
	it.each([
		"Your appointment tomorrow",
		"You have a new lab result",
		"We have your prescription",
		"You're due for a screening",
		"Time for your annual wellness visit",
		"Your billing statement",
	])("finds %s", (text) => {
		expect(findRelationshipCues(wordsIn(text))).toHaveLength(1);
	});
	it.each(["Our spring newsletter", "Your guide to better sleep", "New hours in May", "Thank you for your feedback", "Visit us downtown"])(
		"leaves %s",
		(text) => {
			expect(findRelationshipCues(wordsIn(text))).toEqual([]);
		},
	);
});

describe("merge tags", () => {
	it("reads every syntax, helper arguments, conditions, loops and partials", () => {
		expect(names("{{name}} {{#if patient.diag}}x{{/if}} {{formatDate visit.date 'MM'}} {{> header}} {{! not this }}")).toEqual([
			"name",
			"patient.diag",
			"formatDate",
			"visit.date",
			"header",
		]);
		expect(names("{{ contact.first_name | default: 'x' }} {% for one in meds %}{{one.name}}{% endfor %}")).toEqual([
			"contact.first_name",
			"one",
			"meds",
			"one.name",
		]);
		expect(names("*|FNAME|* %%email%% 100%% off")).toEqual(["FNAME", "email"]);
	});

	it("tells raw insertions and where defaults stand", () => {
		expect(findMergeTags("{{{a}}} {{&b}} {{c | safe}} {{d}}").map((tag) => tag.raw)).toEqual([true, true, true, false]);
		const source = "{{ a | default: 'cancer patient' }}";
		expect(findMergeTags(source)[0]?.defaults.map(({ start, end }) => source.slice(start, end))).toEqual(["cancer patient"]);
	});
});

describe("links", () => {
	it("reads what encodings hide, and tells a token", () => {
		expect(linkForms("https://a.example/%2564iabetes").texts).toContain("/diabetes");
		expect(linkForms(`https://a.example/?e=${Buffer.from("john@example.org").toString("base64url")}`).texts).toContain("john@example.org");
		expect(linkForms(`https://a.example/?e=${Buffer.from("john@example.org").toString("hex")}`).texts).toContain("john@example.org");
		expect(linkForms("https://a.example/u/{{id}}").hasToken).toBe(true);
		expect(linkForms("https://{{host}}/a").host).toBeNull();
		expect(linkForms("https://A.Example/a")).toMatchObject({ host: "a.example", scheme: "https", hasToken: false });
	});
});

describe("HTML", () => {
	it("tells visible from hidden, and the preview from the message", () => {
		for (const style of ["display:none", "visibility: hidden", "opacity:0", "font-size:0px", "max-height: 0", "color:#fff;background:#fff", "mso-hide:all"]) {
			const facts = readHtml(`<div style="${style}">secret</div><p>shown</p>`);
			expect([style, facts.preheader?.isHidden, facts.visibleText]).toEqual([style, true, "shown"]);
		}
	});

	it("names active content by kind", () => {
		const kinds = readHtml(
			"<script>1</script><iframe></iframe><form></form><p onclick=x>a</p><a href=javascript:x>b</a><style>@import 'x'; @font-face{src:url(x)}</style>",
		).active.map((one) => one.kind);
		expect(new Set(kinds)).toEqual(new Set(["script", "frame", "form", "handler", "script-url", "remote-style", "remote-font"]));
	});
});

describe("any text", () => {
	const spans = (text: string): Span[] => [
		{ position: "subject", text, offset: 0 },
		{ position: "url", text, offset: 0 },
	];
	it("gives hits that hold no text of it, inside its bounds", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
				for (const span of spans(text)) {
					for (const hit of detectIn(span, dictionary, new MatchGroups())) {
						expect(hit.offset).toBeGreaterThanOrEqual(0);
						expect(hit.offset + hit.length).toBeLessThanOrEqual(text.length + 1);
						expect(Object.keys(hit).sort()).toEqual(["detector", "group", "length", "name", "offset", "position", "score"]);
					}
				}
				findMergeTags(text);
				linkForms(text);
				readHtml(text);
			}),
			{ numRuns: 300 },
		);
	});

	it.each(["{{", "{%", "*|", "%%", "{{{a|", "<div>", "<a href=", "1", "1-", "a@", "a.", "your ", "12 aaaa ", "\u00ad", "%25"])(
		"is read to the end where it repeats %s",
		(part) => {
			const text = part.repeat(Math.floor(200_000 / part.length));
			for (const span of spans(text)) detectIn(span, dictionary, new MatchGroups());
			expect(findMergeTags(text).length).toBeLessThanOrEqual(text.length);
			readHtml(text);
			linkForms(text);
		},
	);
});
