import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	Authorizations,
	campaignFacts,
	dayIn,
	dayNumber,
	noDay,
	OptOuts,
	Reconciliation,
	saysNothing,
	sendOutcomes,
	subjectOfAddress,
	termsFacts,
} from "./index.ts";
import { SubjectTable } from "./subject-table.ts";

const whole = {
	informationDescription: "Name and mail address",
	disclosers: [{ name: "Clinic" }],
	recipients: [{ class: "Mail service providers" }],
	purposes: ["Newsletter"],
	revocation: { nppReference: "notice" },
	conditioning: { mayNotCondition: true as const },
	redisclosure: "May be disclosed again",
};
const open = { expiresOnDay: noDay, checkedOnDay: noDay };
const dayOf = dayIn("America/Chicago");
const at = (text: string): number => Date.parse(text);
const marketing = campaignFacts({
	class: "marketing",
	primaryPurpose: "commercial",
	exceptionRelied: "none",
	remuneration: { fromThirdParty: false },
	sender: { party: "Clinic" },
});
const subject = "sub_a2b3c4d5e6f7a2b3c4d5e6f7a2";

/** The facts of a campaign for which a third party gives something. */
function sponsored(receivesData: true | null, agreements: { from: number; to: number }[] = []): object {
	return { sponsor: { name: "the maker inc", receivesData, agreements } };
}

interface Over {
	terms?: object;
	row?: object;
	facts?: object;
	sentAt?: string;
	revocation?: string;
	signatureOnFile?: boolean;
}

function stateOf({ terms = {}, row = {}, facts = {}, sentAt = "2026-11-02T15:00:00Z", revocation, signatureOnFile = true }: Over): string | null {
	const authorizations = new Authorizations();
	const number = authorizations.addTerms(termsFacts({ ...whole, ...terms }, open, (id) => id === "free", signatureOnFile));
	authorizations.add({
		subject,
		terms: number,
		signedAtMs: at("2026-02-01T16:00:00Z"),
		expiresOnDay: dayNumber("2026-11-02"),
		checkedOnDay: noDay,
		revokedAtMs: Number.NaN,
		...row,
	});
	const optOuts = new OptOuts(dayOf);
	if (revocation !== undefined) optOuts.add({ subjectRef: subject, kind: "revocation", receivedAt: revocation });
	const ms = at(sentAt);
	const moment = { subject, ms, day: dayOf(ms), campaign: "camp-1", facts: { ...marketing, ...facts }, revokedAtMs: optOuts.revokedBefore(subject, ms) };
	return authorizations.stateAt(moment);
}

describe("an authorization at the time of a send", () => {
	it.each<[string, Over, string | null]>([
		["covers it on its last day", {}, "valid"],
		["counts the day in the entity's time zone", { sentAt: "2026-11-03T04:30:00Z" }, "valid"],
		["has expired the day after", { sentAt: "2026-11-03T15:00:00Z" }, "expired"],
		["was not signed yet", { sentAt: "2026-01-31T15:00:00Z" }, null],
		["ends with its revocation", { row: { revokedAtMs: at("2026-11-02T15:00:00Z") } }, "revoked"],
		["holds before its revocation", { row: { revokedAtMs: at("2026-11-02T15:00:01Z") } }, "valid"],
		["ends with a revocation in the log", { revocation: "2026-10-01T09:00:00-05:00" }, "revoked"],
		["is not touched by a revocation from before it was signed", { revocation: "2026-01-01T09:00:00-06:00" }, "valid"],
		[
			"is explained where reliance names the campaign",
			{ row: { revokedAtMs: at("2026-11-01T15:00:00Z") }, terms: { relianceNote: "Batch camp-1 was with the printer." } },
			"relied",
		],
		["is not explained by reliance on another campaign", { row: { revokedAtMs: at("2026-11-01T15:00:00Z") }, terms: { relianceNote: "camp-10" } }, "revoked"],
		["without an expiration lacks an element", { row: { expiresOnDay: noDay } }, "missing"],
		["ends with an event that was looked at", { row: { expiresOnDay: noDay, checkedOnDay: dayNumber("2026-10-03") } }, "valid"],
		["ends with an event that nobody looked at lately", { row: { expiresOnDay: noDay, checkedOnDay: dayNumber("2026-10-02") } }, "unresolved"],
		["lacks a statement", { terms: { redisclosure: undefined } }, "missing"],
		["lacks a recipient", { terms: { recipients: [] } }, "missing"],
		["makes care depend on it", { terms: { conditioned: true } }, "conditioned"],
		[
			"may condition where an exception permits it",
			{ terms: { conditioned: true, conditioning: { consequences: "c", permittedException: "research" } } },
			"valid",
		],
		["may stand beside another authorization", { terms: { compoundWith: ["free"] } }, "valid"],
		["stands with what may not be combined", { terms: { compoundWith: ["intake"] } }, "compound"],
		["is for another channel", { terms: { scope: { channels: ["phone"] } } }, "out_of_scope"],
		["is for mail", { terms: { scope: { channels: ["phone", "E-Mail"] } } }, "valid"],
		["is for another campaign", { terms: { scope: { campaigns: ["camp-2"] } } }, "out_of_scope"],
		["is for a topic that the campaign does not state", { terms: { scope: { topics: ["newsletter"] } } }, "out_of_scope"],
		["is for the topic of the campaign", { terms: { scope: { topics: ["newsletter"] } }, facts: { topics: ["newsletter"] } }, "valid"],
		["does not say that somebody pays", { facts: { paid: true } }, "remuneration"],
		["has no description but a catch-all", { terms: { informationDescription: "Any and all of my medical records." } }, "missing"],
		["is signed, and the document is not on file", { signatureOnFile: false }, "unproven"],
		[
			"names its sender whatever the case and the stops",
			{ terms: { disclosers: [{ name: "Lakeside Clinic, Inc." }] }, facts: { sender: "lakeside clinic inc" } },
			"valid",
		],
		["names others than the sender", { facts: { sender: "agency" }, terms: { recipients: [{ name: "Printer" }] } }, "sender"],
		["may mean the sender by a class", { facts: { sender: "agency" } }, "sender_open"],
		["cannot be held to a sender that is not on record", { facts: { sender: null }, terms: { recipients: [{ name: "Printer" }] } }, "sender_open"],
		["need not name who acts under an agreement", { facts: { sender: "agency", agreements: [{ from: 0, to: dayNumber("2026-11-02") }] } }, "valid"],
		[
			"has to name who acts under an agreement that ended",
			{ facts: { sender: "agency", agreements: [{ from: 0, to: dayNumber("2026-11-01") }] } },
			"sender_open",
		],
		["does not name a sponsor that receives data", { facts: sponsored(true), terms: { recipients: [{ name: "Printer" }] } }, "sender"],
		["may mean that sponsor by a class", { facts: sponsored(true) }, "sender_open"],
		[
			"cannot be held to a sponsor of whom nobody says that it receives data",
			{ facts: sponsored(null), terms: { recipients: [{ name: "Printer" }] } },
			"sender_open",
		],
		["names a sponsor of whom nobody says so", { facts: sponsored(null), terms: { recipients: [{ name: "The Maker, Inc." }] } }, "valid"],
		["names a sponsor that receives data", { facts: sponsored(true), terms: { recipients: [{ name: "The Maker, Inc." }] } }, "valid"],
		["need not name a sponsor under an agreement", { facts: sponsored(true, [{ from: 0, to: dayNumber("2026-11-02") }]) }, "valid"],
		[
			"names the sponsor and not the sender",
			{ facts: { ...sponsored(true), sender: "agency" }, terms: { recipients: [{ name: "The Maker, Inc." }] } },
			"sender",
		],
		["says that somebody pays", { facts: { paid: true }, terms: { remuneration: { involved: true, statement: "The maker pays." } } }, "valid"],
	])("%s", (_name, over, expected) => {
		expect(stateOf(over)).toBe(expected);
	});

	it("is the one that covers the send, else the one signed last", () => {
		const authorizations = new Authorizations();
		const terms = authorizations.addTerms(termsFacts(whole, open, () => false, true));
		const row = { subject, terms, checkedOnDay: noDay, revokedAtMs: Number.NaN };
		authorizations.add({ ...row, signedAtMs: at("2026-01-01T00:00:00Z"), expiresOnDay: dayNumber("2027-01-01") });
		authorizations.add({ ...row, signedAtMs: at("2026-02-01T00:00:00Z"), expiresOnDay: dayNumber("2026-03-01") });
		const ms = at("2026-06-01T12:00:00Z");
		const moment = { subject, ms, day: dayOf(ms), campaign: "c", facts: marketing, revokedAtMs: Number.NaN };
		expect(authorizations.stateAt(moment)).toBe("valid");
		authorizations.add({ ...row, signedAtMs: at("2026-02-02T00:00:00Z"), expiresOnDay: dayNumber("2027-01-01"), revokedAtMs: at("2026-02-03T00:00:00Z") });
		expect(authorizations.stateAt({ ...moment, ms: at("2027-02-01T12:00:00Z"), day: dayNumber("2027-02-01") })).toBe("revoked");
	});
});

describe("a description of the information", () => {
	it.each([
		"",
		"All information",
		"my records",
		"any and all",
		"health information",
		"Protected health information / PHI",
		"N/A",
		"tbd",
		"the entire medical record",
	])("says nothing: %j", (text) => expect(saysNothing(text)).toBe(true));
	it.each([
		"Name and mail address",
		"Medical records from 2025",
		"Appointment dates",
		"Records of my cardiology visits",
		"all information on my hearing aid",
		"Fechas de mis citas",
		"\u9810\u7d04\u65e5\u671f",
		"\u0434\u0430\u0442\u044b \u043f\u0440\u0438\u0451\u043c\u043e\u0432",
	])("says something: %j", (text) => expect(saysNothing(text)).toBe(false));
	it("is read in bounded time", () => expect(saysNothing(`${"all health-care ".repeat(100_000)}x`)).toBe(true));
});

describe("an agreement with the sender of a campaign", () => {
	const sender = { party: "Agency, LLC", services: ["Bulk mail"] };
	const agreement = {
		party: { legalName: "agency llc" },
		status: "executed",
		effectiveOn: "2026-01-01",
		endsOn: null,
		coveredServices: [{ service: "bulk mail" }],
	};
	it.each<[string, object, number]>([
		["covers it", {}, 1],
		["is a draft", { status: "draft" }, 0],
		["is a draft that names a last day", { status: "draft", lastInEffectOn: "2026-06-30" }, 0],
		["was terminated, nobody knows when", { status: "terminated", endsOn: "2027-12-31" }, 0],
		["was terminated on a day", { status: "terminated", lastInEffectOn: "2026-06-30" }, 1],
		["is with another party", { party: { legalName: "Printer" } }, 0],
		["covers other services", { coveredServices: [{ service: "printing" }] }, 0],
		["says of no service that it is covered", { coveredServices: undefined }, 0],
		["states no beginning", { effectiveOn: undefined }, 0],
	])("%s", (_name, over, count) => {
		expect(campaignFacts({ class: "marketing", sender }, [{ ...agreement, ...over }]).agreements).toHaveLength(count);
	});

	it("covers it up to the first of its ends", () => {
		const lastDay = (over: object) => campaignFacts({ class: "marketing", sender }, [{ ...agreement, ...over }]).agreements[0]?.to;
		expect(lastDay({ lastInEffectOn: null })).toBe(Number.POSITIVE_INFINITY);
		expect(lastDay({ endsOn: "2027-12-31" })).toBe(dayNumber("2027-12-31"));
		expect(lastDay({ lastInEffectOn: "2026-06-30" })).toBe(dayNumber("2026-06-30"));
		expect(lastDay({ endsOn: "2027-12-31", lastInEffectOn: "2026-06-30" })).toBe(dayNumber("2026-06-30"));
	});
});

describe("a sponsor", () => {
	const given = (over: object, agreements: object[] = []) =>
		campaignFacts({ class: "marketing", remuneration: { fromThirdParty: true, party: "The Maker, Inc.", ...over } }, agreements).sponsor;
	it("is who gives something, unless it receives no data", () => {
		expect(given({ receivesData: true })).toEqual({ name: "the maker inc", receivesData: true, agreements: [] });
		expect(given({})?.receivesData).toBeNull();
		expect(given({ receivesData: true, inKind: true })?.name).toBe("the maker inc");
		expect(given({ receivesData: false })).toBeNull();
		expect(given({ fromThirdParty: false })).toBeNull();
	});
	it("may act under an agreement of its own", () => {
		const agreement = { party: { legalName: "The Maker Inc" }, status: "executed", effectiveOn: "2026-01-01", endsOn: "2026-06-30" };
		expect(given({ receivesData: true }, [agreement])?.agreements).toEqual([{ from: dayNumber("2026-01-01"), to: dayNumber("2026-06-30") }]);
	});
});

describe("what a campaign asks for", () => {
	const paid = { fromThirdParty: true, party: "Maker" };
	it.each<[string, object, boolean | null]>([
		["marketing", { class: "marketing", exceptionRelied: "none" }, true],
		["marketing that relies on a meeting in person, by mail", { class: "marketing", exceptionRelied: "face_to_face" }, true],
		["own services, unpaid", { class: "marketing", exceptionRelied: "own_products_or_services", remuneration: { fromThirdParty: false } }, false],
		["own services, paid", { class: "marketing", exceptionRelied: "own_products_or_services", remuneration: paid }, true],
		["own services, payment not on record", { class: "marketing", exceptionRelied: "own_products_or_services" }, true],
		["treatment, unpaid", { class: "treatment", remuneration: { fromThirdParty: false } }, false],
		["treatment, paid", { class: "treatment", remuneration: paid }, true],
		["treatment, paid in kind", { class: "treatment", remuneration: { ...paid, inKind: true } }, false],
		["treatment, payment not on record", { class: "treatment" }, null],
		["refill reminders at cost", { class: "refill_reminder", remuneration: { ...paid, relatedToCostOnly: true } }, false],
		["refill reminders above cost", { class: "refill_reminder", remuneration: paid }, true],
		["fundraising", { class: "fundraising" }, false],
		[
			"psychotherapy notes",
			{ class: "operations", remuneration: { fromThirdParty: false }, specialCategories: { part2: false, psychotherapyNotes: true } },
			true,
		],
	])("%s", (_name, record, needed) => {
		expect(campaignFacts(record).needsAuthorization).toBe(needed);
	});
});

describe("a send after an opt-out", () => {
	const optOut =
		(over: object = {}, facts: object = {}) =>
		(sentAt: string) => {
			const optOuts = new OptOuts(dayOf);
			optOuts.add({ subjectRef: subject.toUpperCase().replace("SUB", "sub"), kind: "opt_out", receivedAt: "2026-11-20T09:00:00-06:00", ...over });
			return optOuts.stateAt(subject, at(sentAt), dayOf(at(sentAt)), { ...marketing, ...facts });
		};
	it("counts two days, then ten business days without Thanksgiving", () => {
		const state = optOut();
		expect(state("2026-11-20T08:00:00-06:00")).toBe("none");
		expect(state("2026-11-22T09:00:00-06:00")).toBe("within");
		expect(state("2026-11-22T09:00:01-06:00")).toBe("late");
		expect(state("2026-12-07T23:00:00-06:00")).toBe("late");
		expect(state("2026-12-08T00:00:00-06:00")).toBe("unlawful");
	});
	it("reaches the lists and topics that it speaks of, commercial mail alone, and ends with its record", () => {
		const day = "2026-12-20T12:00:00-06:00";
		expect(optOut({ scope: { lists: ["a"] } }, { listIds: ["b"] })(day)).toBe("none");
		expect(optOut({ scope: { lists: ["a"] } }, { listIds: ["a"] })(day)).toBe("unlawful");
		expect(optOut({ scope: { lists: ["a"] } })(day), "the campaign names no list").toBe("unlawful");
		expect(optOut({ scope: { channels: ["phone"] } })(day)).toBe("none");
		expect(optOut({}, { commercial: false })(day)).toBe("none");
		expect(optOut({ kind: "fundraising_opt_out" }, { fundraising: true })(day)).toBe("unlawful");
		expect(optOut({ lastInEffectOn: "2026-12-01" })(day)).toBe("none");
	});
});

function reference(index: number): string {
	return `sub_${index.toString(2).replaceAll("0", "a").replaceAll("1", "b").padStart(26, "c")}`;
}

describe("the reconciliation", () => {
	function reconcile(sends: readonly [number | null, string][], size = 25, seed = "seed") {
		const authorizations = new Authorizations();
		const terms = authorizations.addTerms(termsFacts(whole, open, () => false, true));
		for (let index = 0; index < 50; index++)
			authorizations.add({
				subject: reference(index),
				terms,
				signedAtMs: 0,
				expiresOnDay: dayNumber("2030-01-01"),
				checkedOnDay: noDay,
				revokedAtMs: Number.NaN,
			});
		const reconciliation = new Reconciliation({
			campaigns: new Map([["camp-1", marketing]]),
			authorizations,
			optOuts: new OptOuts(dayOf),
			dayOf,
			sample: { size, seed },
		});
		const known = sends.map(([who, campaign]) => reconciliation.add(campaign, who === null ? null : reference(who), at("2026-11-02T15:00:00Z")));
		return { result: reconciliation.result(), known };
	}

	it("counts each send once, and leaves out campaigns without a record", () => {
		const { result, known } = reconcile([
			[0, "camp-1"],
			[70, "camp-1"],
			[null, "camp-1"],
			[1, "other"],
		]);
		expect(known).toEqual([true, true, true, false]);
		const counted = result.get("camp-1");
		expect(counted?.outcomes).toMatchObject({ valid: 1, no_record: 1, unjoined: 1 });
		expect([...result.keys()]).toEqual(["camp-1"]);
	});

	it("adds up to the sends, whatever is sent", () => {
		fc.assert(
			fc.property(fc.array(fc.option(fc.nat(99)), { maxLength: 200 }), (subjects) => {
				const { result } = reconcile(subjects.map((who): [number | null, string] => [who, "camp-1"]));
				const outcomes = result.get("camp-1")?.outcomes;
				expect(sendOutcomes.reduce((sum, name) => sum + (outcomes?.[name] ?? 0), 0)).toBe(subjects.length);
				expect(outcomes?.valid ?? 0).toBe(subjects.filter((who) => who !== null && who < 50).length);
			}),
			{ numRuns: 50 },
		);
	});

	it("draws the same sample from the same seed in any order, each person once, and says whether it is all of them", () => {
		const sends = Array.from({ length: 90 }, (_, index): [number, string] => [50 + index, "camp-1"]);
		const drawn = (list: [number, string][], size: number, seed: string) => reconcile(list, size, seed).result.get("camp-1")?.samples.no_record;
		const sample = drawn(sends, 10, "seed");
		expect(sample).toMatchObject({ method: "random" });
		expect(sample?.references).toHaveLength(10);
		expect(drawn([...sends].reverse(), 10, "seed")).toEqual(sample);
		expect(drawn([...sends, ...sends], 10, "seed")).toEqual(sample);
		expect(drawn(sends, 10, "another")).not.toEqual(sample);
		expect(drawn(sends.slice(0, 10), 10, "seed")).toMatchObject({ method: "all" });
		expect(drawn(sends.slice(0, 10), 10, "seed")?.references).toHaveLength(10);
	});
});

describe("the table of subjects", () => {
	it("finds what a Map finds, in any order and across growth", () => {
		const names = fc.array(fc.stringMatching(/^sub_[a-z2-7]{26,52}$/), { minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(names, fc.array(fc.nat(39), { maxLength: 3000 }), (subjects, picks) => {
				const table = new SubjectTable();
				const map = new Map<string, number[]>();
				for (const pick of picks) {
					const name = subjects[pick % subjects.length] ?? "";
					map.set(name, [table.add(name), ...(map.get(name) ?? [])]);
				}
				for (const name of subjects) {
					const found: number[] = [];
					for (let row = table.first(name.toUpperCase().replace("SUB_", "sub_")); row >= 0; row = table.after(row)) found.push(row);
					expect(found).toEqual(map.get(name) ?? []);
				}
			}),
			{ numRuns: 20 },
		);
	});
});

describe("pseudonyms under a key", () => {
	it("are the HMAC of the address in base32, the same for the spellings of one address", () => {
		const key = Buffer.alloc(32, 7);
		// RFC 4648 by Python: base64.b32encode(hmac.digest(bytes([7]) * 32, b"patient@example.org", "sha256")).
		expect(subjectOfAddress(key, "patient@example.org")).toBe("sub_avpuxu4ttmzitf7rvvw5hfix64wq2fapg35pfbaykirwntwffmaa");
		expect(subjectOfAddress(key, " Patient@Example.ORG ")).toBe(subjectOfAddress(key, "patient@example.org"));
		expect(subjectOfAddress(Buffer.alloc(32, 8), "patient@example.org")).not.toBe(subjectOfAddress(key, "patient@example.org"));
	});
});
