import { isFederalHoliday } from "./federal-holidays.ts";

/** A calendar date as records write it, YYYY-MM-DD, that exists in the Gregorian calendar. */
export function isCalendarDate(text: string): boolean {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
	if (match === null) return false;
	const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
	if (month === 2) return isLeapYear(year) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
	return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** An RFC 3339 time with an offset, on a day that exists. A leap second is accepted, as RFC 3339 5.6 allows it. */
export function isOffsetTime(text: string): boolean {
	const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
	return match?.[1] !== undefined && isCalendarDate(match[1]);
}

/** The same calendar day some years on; 29 February rolls to 1 March where the year has none. Throws RangeError on what is no date. */
export function addCalendarYears(date: string, years: number): string {
	if (!isCalendarDate(date)) throw new RangeError(`not a calendar date: ${JSON.stringify(date)}`);
	const year = Number(date.slice(0, 4)) + years;
	const monthDay = date.slice(5) === "02-29" && !isLeapYear(year) ? "03-01" : date.slice(5);
	return `${String(year).padStart(4, "0")}-${monthDay}`;
}

/** The period of 45 CFR 164.316(b)(2)(i) and 164.530(j)(2). */
export const retentionYears = 6;

/**
 * The first day on which a record may be destroyed: six calendar years from creation or from when it was last in
 * effect, whichever is later (45 CFR 164.316(b)(2)(i), 164.530(j)(2)). "open" while the record is in force.
 */
export function disposeNotBefore(createdOn: string, lastInEffectOn: string | null): string {
	if (lastInEffectOn === null) return "open";
	return addCalendarYears(createdOn > lastInEffectOn ? createdOn : lastInEffectOn, retentionYears);
}

/** The calendar day a number of days later. Throws RangeError on what is no date. */
export function addDays(date: string, days: number): string {
	if (!isCalendarDate(date)) throw new RangeError(`not a calendar date: ${JSON.stringify(date)}`);
	return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days from one calendar day to another, negative if that is earlier. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The day after so many business days: Monday to Friday without the federal holidays of 5 USC 6103. */
export function addBusinessDays(date: string, days: number): string {
	let day = date;
	for (let left = days; left > 0; ) {
		day = addDays(day, 1);
		const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
		if (weekday !== 0 && weekday !== 6 && !isFederalHoliday(day)) left -= 1;
	}
	return day;
}
