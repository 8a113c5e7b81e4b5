import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, cssString, cut, nameText, shown, utc, visible } from "./text.ts";

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe("visible", () => {
	it("writes what cannot be seen as a code", () => {
		expect(visible("a\u001Bb\u0000\u007F")).toBe("a␛b␀␡");
		expect(visible("safe\u202Efdp.exe")).toBe("safe[U+202E]fdp.exe");
		expect(visible("\u0085\u200B\u2066\uFEFF\u{E0041}")).toBe("[U+0085][U+200B][U+2066][U+FEFF][U+E0041]");
		expect(visible("\uD800")).toBe("[U+D800]");
		expect(visible("a\r\nb\tc")).toBe("a␍␊b␉c");
		expect(visible("\u3164\u00AD")).toBe("[U+3164][U+00AD]");
	});

	it("keeps writing of all languages", () => {
		for (const text of ["Zürich", "診療所", "Клиника", "مرحبا", "שלום", "é e\u0301", "✓ 🏥"]) expect(visible(text)).toBe(text);
	});

	it("cuts towers of combining marks and says so", () => {
		expect(visible(`e${"\u0301".repeat(50)}`)).toBe(`e${"\u0301".repeat(4)}[+46 combining marks]`);
	});

	it("shows internationalized names in both forms", () => {
		expect(visible("no SPF at xn--mnchen-3ya.example today")).toBe("no SPF at xn--mnchen-3ya.example (münchen.example) today");
		expect(visible("mail.XN--MNCHEN-3YA.example|192.0.2.1|25")).toBe("mail.XN--MNCHEN-3YA.example (mail.münchen.example)|192.0.2.1|25");
		expect(visible("xn--a")).toBe("xn--a");
		expect(visible(nameText("münchen.example|192.0.2.1|25"))).toBe("xn--mnchen-3ya.example (münchen.example)|192.0.2.1|25");
		expect(visible(nameText("аpple.example"))).toContain("xn--pple-43d.example");
		expect(nameText("clinic.example")).toBe("clinic.example");
	});

	it("leaves nothing unseen, whatever comes in", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
				expect(unseen.test(visible(text))).toBe(false);
				expect(unseen.test(visible(nameText(text)))).toBe(false);
			}),
		);
	});

	it("takes time in proportion to the text", () => {
		for (const text of ["xn--", "a.", "a-", "xn--a.", "\u0301", "\u202E", "a.xn--"]) {
			const start = performance.now();
			visible(text.repeat(200_000));
			expect(performance.now() - start).toBeLessThan(3000);
		}
	});
});

describe("other texts", () => {
	it("prints times in UTC and other text as it is", () => {
		expect(utc("2026-11-24T01:02:03-06:00")).toBe("2026-11-24 07:02:03 UTC");
		expect(utc("2026-11-24T01:02:03.9Z")).toBe("2026-11-24 01:02:03 UTC");
		expect(utc("yesterday")).toBe("yesterday");
		expect(utc("2026-99-99T00:00:00Z")).toBe("2026-99-99T00:00:00Z");
	});

	it("shows values as text or JSON, nothing as nothing", () => {
		expect(shown(null)).toBeNull();
		expect(shown(undefined)).toBeNull();
		expect(shown("a")).toBe("a");
		expect(shown(0)).toBe("0");
		expect(shown(false)).toBe("false");
		expect(shown({ a: [1] })).toBe('{"a":[1]}');
	});

	it("cuts between characters and says how much is missing", () => {
		expect(cut("abc", 3)).toBe("abc");
		expect(cut("🏥🏥🏥", 2)).toBe("🏥🏥 … (1 more characters; in full in result.json)");
	});

	it("counts in one form and many", () => {
		expect([count(0, "check"), count(1, "check"), count(1200, "check")]).toEqual(["0 checks", "1 check", "1200 checks"]);
	});

	it("makes CSS strings that nothing in them can end", () => {
		expect(cssString('a"b')).toBe('"a\\22 b"');
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(cssString(text)).toMatch(/^"(?:[A-Za-z0-9 ]|\\[0-9a-f]{1,6} )*"$/);
			}),
		);
	});
});
