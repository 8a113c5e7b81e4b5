import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCalendarYears, disposeNotBefore, isCalendarDate, isOffsetTime } from "./dates.ts";

describe("calendar dates", () => {
	it.each(["2024-02-29", "2025-12-31", "2000-02-29", "0001-01-01"])("%s exists", (date) => expect(isCalendarDate(date)).toBe(true));
	it.each(["2025-02-29", "1900-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-1-1", "13/02/2025", "", "2025-01-01T00:00:00Z", "0000-01-01"])(
		"%s does not",
		(date) => expect(isCalendarDate(date)).toBe(false),
	);

	it("agrees with the platform's calendar on every day", () => {
		fc.assert(
			fc.property(fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (day) => {
				expect(isCalendarDate(day.toISOString().slice(0, 10))).toBe(true);
			}),
		);
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
				const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
				const parsed = new Date(`${text}T00:00:00Z`);
				expect(isCalendarDate(text)).toBe(!Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text));
			}),
		);
	});

	it("wants an offset on a time", () => {
		expect(isOffsetTime("2026-11-24T10:00:00Z")).toBe(true);
		expect(isOffsetTime("2026-11-24T10:00:00.25-06:00")).toBe(true);
		expect(isOffsetTime("2026-11-24T10:00:00")).toBe(false);
		expect(isOffsetTime("2026-02-30T10:00:00Z")).toBe(false);
		expect(isOffsetTime("2026-11-24T24:00:00Z")).toBe(false);
	});
});

describe("retention", () => {
	it("is six calendar years from the later of creation and last in effect", () => {
		expect(disposeNotBefore("2020-03-15", "2021-07-01")).toBe("2027-07-01");
		expect(disposeNotBefore("2022-03-15", "2021-07-01")).toBe("2028-03-15");
	});
	it("rolls 29 February to 1 March where the year has none", () => {
		expect(disposeNotBefore("2020-02-29", "2020-02-29")).toBe("2026-03-01");
		expect(addCalendarYears("2024-02-29", 4)).toBe("2028-02-29");
	});
	it("is open while in force", () => expect(disposeNotBefore("2020-03-15", null)).toBe("open"));
	it("refuses what is no date", () => expect(() => addCalendarYears("2025-02-30", 6)).toThrow(RangeError));
	it("always gives a date that exists, 2191 or 2192 days on", () => {
		fc.assert(
			fc.property(fc.date({ min: new Date("1905-01-01"), max: new Date("2090-12-31"), noInvalidDate: true }), (day) => {
				const from = day.toISOString().slice(0, 10);
				const to = disposeNotBefore(from, from);
				expect(isCalendarDate(to)).toBe(true);
				const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
				expect([2191, 2192]).toContain(days);
			}),
		);
	});
});
