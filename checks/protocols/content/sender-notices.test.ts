import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offersOptOut, saysAdvertisement, showsPostalAddress, textOffersOptOut } from "./index.ts";

describe("an offer to leave a list", () => {
	it.each([
		"Unsubscribe",
		"unsubscribe here",
		"https://example.org/unsubscribe?t=1",
		"Opt-out",
		"manage your preferences",
		"Email preferences",
		"{{unsubscribe_url}}",
		"*|UNSUB|*",
		"{{amazonSESUnsubscribeUrl}}",
		"{{ contact.optOutLink }}",
		"Stop receiving these messages",
		"Uns\u00adubscribe",
	])("is read in %s", (text) => expect(offersOptOut(text)).toBe(true));

	it.each(["Subscribe", "our options", "https://example.org/subscription", "preferred providers", "{{contact.first_name}}", ""])("is not read in %s", (text) =>
		expect(offersOptOut(text)).toBe(false),
	);

	it("needs something to act on in plain text", () => {
		const none = new Set<string>();
		expect(textOffersOptOut("To unsubscribe, visit https://example.org/u/1", none)).toBe(true);
		expect(textOffersOptOut("Unsubscribe:\nhttps://example.org/u/1", none)).toBe(true);
		expect(textOffersOptOut("To opt out, reply STOP", none)).toBe(true);
		expect(textOffersOptOut("You can unsubscribe at any time.", none)).toBe(false);
		expect(textOffersOptOut("Leave: {{links.bye}}", new Set(["links.bye"]))).toBe(true);
	});
});

describe("a postal address", () => {
	it.each([
		"Example Clinic, 100 Main Street, Springfield, IL 62701",
		"P.O. Box 123, Springfield, IL 62701-0001",
		"PO Box 9, Austin TX 78701",
		"PMB 12, 400 Oak Ave, Reno, NV 89501",
	])("is %s", (text) => expect(showsPostalAddress(text)).toBe(true));

	it.each(["100 Main Street", "Springfield, IL 62701", "Call 312-555-0134", "Save 62701 today in IL", ""])("is not %s", (text) =>
		expect(showsPostalAddress(text)).toBe(false),
	);
});

describe("an advertisement notice", () => {
	it.each(["This is an advertisement.", "ADVERTISEMENT", "This e-mail is a promotional message", "a commercial message from us"])("is %s", (text) =>
		expect(saysAdvertisement(text)).toBe(true),
	);
	it.each(["We advertise nothing", "Promote your health", "an additional visit", ""])("is not %s", (text) => expect(saysAdvertisement(text)).toBe(false));
});

describe("any text", () => {
	it("gives an answer", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
				for (const one of [offersOptOut, showsPostalAddress, saysAdvertisement]) expect(typeof one(text)).toBe("boolean");
				expect(typeof textOffersOptOut(text, new Set(["a"]))).toBe("boolean");
			}),
		);
	});

	it("of a megabyte is read in one go", () => {
		for (const unit of ["p.o. box ", "1 A ", "IL  ", "this is a ", "unsub", "12 main ", "  ", "a.b_c-"]) {
			const text = unit.repeat(1_000_000 / unit.length);
			expect([offersOptOut(text), showsPostalAddress(text), saysAdvertisement(text), textOffersOptOut(text, new Set())]).toHaveLength(4);
		}
	});
});
