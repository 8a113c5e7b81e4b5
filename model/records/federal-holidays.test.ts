import { describe, expect, it } from "vitest";
import { addBusinessDays } from "./dates.ts";
import { isFederalHoliday } from "./federal-holidays.ts";

// As the Office of Personnel Management publishes them.
const published: Record<number, readonly string[]> = {
	2020: ["01-01", "01-20", "02-17", "05-25", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
	2021: ["01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"],
	2026: ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
	2027: ["01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"],
};

describe("federal holidays", () => {
	it.each(Object.keys(published).map(Number))("of %i are those of 5 USC 6103", (year) => {
		const found: string[] = [];
		for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
			const text = new Date(day).toISOString().slice(0, 10);
			if (isFederalHoliday(text)) found.push(text.slice(5));
		}
		expect(found).toEqual(published[year]);
	});
});

describe("business days", () => {
	it("leave out weekends and holidays", () => {
		// Thanksgiving, 26 November 2026, stands between.
		expect(addBusinessDays("2026-11-20", 10)).toBe("2026-12-07");
		expect(addBusinessDays("2026-09-14", 10)).toBe("2026-09-28");
		// New Year 2028 is a Saturday: 31 December 2027 is kept.
		expect(addBusinessDays("2027-12-30", 1)).toBe("2028-01-03");
	});
});
